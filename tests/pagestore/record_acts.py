"""What newsrooms do about their mistakes: see :mod:`tests.pagestore.acts`."""

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom import passages
from stoppress.newsroom.models import Correction, Version
from tests.pagestore.acts import Act, _articles, _pick, save_draft


def correct_sentence(n: int, m: int) -> None:
    """The editor marks a sentence; now and then a draft is being written meanwhile."""
    article = _pick(_articles().filter(live=True, embargo_until=None), n)
    if article is None:
        return
    if m % 3 == 0:
        save_draft(n, m)
        article.refresh_from_db()
    spans = [(one, span) for one in passages.passages(article) for span in one.prose.sentences()]
    mistake = newsroom.Mistake(text=f"It was {m}.")
    if spans and m % 5:
        passage, span = spans[m % len(spans)]
        wrong = passage.prose.selector(*span)
        right: str | None = None if m % 4 == 1 else "" if m % 4 == 2 and passage.place != "title" else f"It was {m}."
        if right == wrong.exact:
            right = None  # nothing would be put right by it
        mistake = newsroom.Mistake(text=f"It was {m}.", place=passage.place, wrong=wrong, right=right)
    newsroom.correct_article(article, mistake)


def withdraw_correction(n: int, m: int) -> None:
    if one := _pick(Correction.objects, n):
        newsroom.withdraw_correction(one, "It was right.")


def withhold_version(n: int, m: int) -> None:
    if one := _pick(Version.objects, n):
        newsroom.withhold_version(one, "A court says so.", is_withheld=bool(m % 3))


RECORD_ACTS: list[Act] = [correct_sentence, correct_sentence, withdraw_correction, withhold_version]
