"""Blocks that only lay out others, and what stands in comments alone: flattened in reading order, nothing lost."""

import json
from collections import Counter
from typing import Any

import pytest

from stoppress.importers.wordpress.context import Composed, Context, Found
from stoppress.importers.wordpress.markup import compose

SEVENTH = '<!-- wp:block {"ref":7} /-->'
REUSED = {
    "7": "<!-- wp:paragraph --><p>Subscribe.</p><!-- /wp:paragraph -->",
    "8": f"{SEVENTH}<!-- wp:heading --><h2>Twice</h2><!-- /wp:heading -->{SEVENTH}",
    "9": '<!-- wp:block {"ref":9} /-->',
}
NOTES = json.dumps([{"id": "a", "content": "See <em>there</em>."}, {"id": "b", "content": ""}, "askew"])
CONTEXT = Context(
    lambda src, number: Found("quay.jpg", "The quay") if "quay" in src or number == "9" else None,
    reusable=REUSED.get,
    footnotes=NOTES,
)


def composed(content: str, context: Context = CONTEXT) -> Composed:
    return compose(content, context)


def blocks(content: str) -> list[tuple[str, Any]]:
    return [(block["type"], block["value"]) for block in composed(content).blocks]


def paragraph(words: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{words}</p>\n<!-- /wp:paragraph -->"


IMAGE = ("image", {"image": "quay.jpg", "alt": "The quay", "caption": ""})
LAYOUTS = {
    "columns": (
        '<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column --><div class="wp-block-column">'
        f"{paragraph('One')}</div><!-- /wp:column --><!-- wp:column --><div>{paragraph('Two')}</div><!-- /wp:column -->"
        f"</div><!-- /wp:columns -->{paragraph('Three')}",
        [("text", "<p>One</p><p>Two</p><p>Three</p>")],
    ),
    "group": (
        '<!-- wp:group {"layout":{"type":"flex"}} --><div class="wp-block-group"><!-- wp:heading {"level":3} -->'
        f"<h3>In it</h3><!-- /wp:heading -->{paragraph('One')}</div><!-- /wp:group -->",
        [("subheading", "In it"), ("text", "<p>One</p>")],
    ),
    "media and text": (
        '<!-- wp:media-text {"mediaId":9} --><div class="wp-block-media-text"><figure '
        'class="wp-block-media-text__media"><img src="/quay.jpg" class="wp-image-9"/></figure>'
        '<div class="wp-block-media-text__content">'
        f"{paragraph('Beside')}</div></div><!-- /wp:media-text -->",
        [IMAGE, ("text", "<p>Beside</p>")],
    ),
    "cover": (
        '<!-- wp:cover {"url":"https://x/quay.jpg","id":9} --><div class="wp-block-cover"><img '
        f'class="wp-block-cover__image-background wp-image-9" src="/quay.jpg"/><div>{paragraph("On it")}</div></div>',
        [IMAGE, ("text", "<p>On it</p>")],
    ),
    "cover of old": (
        '<!-- wp:cover {"url":"https://x/quay.jpg","id":9,"hasParallax":true} --><div class="wp-block-cover" '
        f'style="background-image:url(https://x/quay.jpg)"><div>{paragraph("On it")}</div></div><!-- /wp:cover -->',
        [IMAGE, ("text", "<p>On it</p>")],
    ),
    "buttons": (
        '<!-- wp:buttons --><div class="wp-block-buttons"><!-- wp:button --><div class="wp-block-button"><a '
        'class="wp-block-button__link" href="https://x.example/">Tickets</a></div><!-- /wp:button --><!-- wp:button -->'
        '<div><a href="/b">Times</a></div><!-- /wp:button --></div><!-- /wp:buttons -->',
        [("text", '<p><a href="https://x.example/">Tickets</a></p><p><a href="/b">Times</a></p>')],
    ),
    "spacer": (
        f'{paragraph("One")}<!-- wp:spacer {{"height":"9px"}} --><div style="height:9px" aria-hidden="true" '
        f'class="wp-block-spacer"></div><!-- /wp:spacer -->{paragraph("Two")}',
        [("text", "<p>One</p><p>Two</p>")],
    ),
    "details": (
        '<!-- wp:details --><details class="wp-block-details"><summary>Who <em>asked</em>?</summary>'
        f"{paragraph('We did.')}</details><!-- /wp:details -->",
        [("text", "<p><b>Who <i>asked</i>?</b></p><p>We did.</p>")],
    ),
    "pull quote": (
        '<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>Kept it</p><cite>Ann</cite>'
        "</blockquote></figure><!-- /wp:pullquote -->",
        [("pull_quote", {"quote": "Kept it", "attribution": "Ann"})],
    ),
    "pull quote of old": (
        '<!-- wp:pullquote --><blockquote class="wp-block-pullquote"><p>Kept it</p></blockquote><!-- /wp:pullquote -->',
        [("pull_quote", {"quote": "Kept it", "attribution": ""})],
    ),
    "reusable block": (
        f'{paragraph("One")}<!-- wp:block {{"ref":7}} /-->{paragraph("Two")}',
        [("text", "<p>One</p><p>Subscribe.</p><p>Two</p>")],
    ),
    "reusable block in another": (
        '<!-- wp:block {"ref":8} /-->',
        [("text", "<p>Subscribe.</p>"), ("subheading", "Twice"), ("text", "<p>Subscribe.</p>")],
    ),
    "text without a block": (
        f"{paragraph('One')}\n\nTwo,\nstill two.\n\nThree.\n\n{paragraph('Four')}",
        [("text", "<p>One</p><p>Two,<br>still two.</p><p>Three.</p><p>Four</p>")],
    ),
    "classic block": (
        "<!-- wp:freeform -->One.\n\nTwo.<!-- /wp:freeform -->",
        [("text", "<p>One.</p><p>Two.</p>")],
    ),
    "footnotes": (
        '<!-- wp:paragraph --><p>So.<sup data-fn="a" class="fn"><a href="#a" id="a-link">1</a></sup></p>'
        "<!-- /wp:paragraph --><!-- wp:footnotes /-->",
        [("text", "<p>So.1</p><ol><li>See <i>there</i>.</li></ol>")],
    ),
    "embed without elements": (
        '<!-- wp:embed {"url":"https://vimeo.com/1084537"} /-->',
        [("embed", {"url": "https://vimeo.com/1084537", "title": "Vimeo", "caption": ""})],
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_nothing_is_lost_but_the_layout(name: str) -> None:
    content, expected = LAYOUTS[name]
    assert blocks(content) == expected
    assert composed(content).lost == Counter()


@pytest.mark.parametrize(
    ("content", "lost"),
    [
        ('<!-- wp:block {"ref":404} /-->', "reusable block that the export does not show to everyone: 404"),
        ('<!-- wp:block {"ref":9} /-->', "reusable block inside itself: 9"),
        ("<!-- wp:block {askew} /-->", "reusable block that the export does not show to everyone: "),
        (
            '<!-- wp:block {"ref":7,"content":{"Name":{"content":"Mine"}}} /-->',
            "words put into a reusable block, shown as it was made: 7",
        ),
        ("<!-- wp:separator --><hr/><!-- /wp:separator -->", "separator"),
        ("<!-- wp:latest-posts /-->", "block latest-posts"),
    ],
)
def test_what_is_lost_is_named(content: str, lost: str) -> None:
    assert composed(content).lost == Counter({lost: 1})


def test_blocks_in_blocks_never_grow_beyond_a_post() -> None:
    ten = '<!-- wp:block {{"ref":{}}} /-->'
    bomb = {str(level): ten.format(level + 1) * 100 for level in range(20)} | {"20": "x" * 10_000}
    result = composed(ten.format(0), Context(lambda _src, _number: None, reusable=bomb.get))
    assert sum(len(str(block)) for block in result.blocks) < 1_100_000
    assert any("too long" in kind or "inside itself" in kind for kind in result.lost)


def test_pages_are_joined_and_the_cut_of_lists_is_named() -> None:
    content = (
        "One<!--more Read on-->Two<!--nextpage-->Three<!-- wp:nextpage --><!--nextpage--><!-- /wp:nextpage -->Four"
    )
    assert [kind for kind, _ in blocks(content)] == ["text"]
    assert composed(content).simpler == Counter({
        "page break, the pages joined": 2,
        "“read more” mark, the post in one piece": 1,
    })  # fmt: skip
