"""What an article looks like: the one place that goes from its design to a template.

Its display and design also stand on the page as ``data-`` attributes, so that a style sheet can follow them.
"""

ARTICLE = "newsroom/article.html"


def templates_of(design: str) -> list[str]:
    """Templates for ``design``, the first that exists is taken; a theme adds ``newsroom/article_opinion.html``."""
    return [f"newsroom/article_{design}.html", ARTICLE]
