"""Players, charts and posts of others: shown when their provider is known, else linked and named."""

from collections import Counter
from typing import Any

import pytest

from stoppress.importers.wordpress.context import Composed, Context
from stoppress.importers.wordpress.markup import compose
from stoppress.newsroom.blocks import BodyBlock

CONTEXT = Context(lambda _src, _number: None, hosts=frozenset({"old.example"}), headline="Storm")
FILM = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
UNKNOWN = "embed of a provider that is not known here, as a related link"


def composed(content: str) -> Composed:
    return compose(content, CONTEXT)


def blocks(content: str) -> list[tuple[str, Any]]:
    found = [(block["type"], block["value"]) for block in composed(content).blocks]
    for kind, value in found:
        if kind in {"embed", "related_link"}:
            block = BodyBlock().child_blocks[kind]
            block.clean(block.to_python(value))  # what an editor saves again is not refused
    return found


def film(title: str = "YouTube: Storm", caption: str = "", url: str = FILM) -> tuple[str, Any]:
    return "embed", {"url": url, "title": title, "caption": caption}


def link(url: str, title: str) -> tuple[str, Any]:
    return "related_link", {"page": None, "url": url, "title": title}


@pytest.mark.parametrize(
    "content",
    [
        f"[embed]{FILM}[/embed]",
        f'[embed width="600"]<a href="{FILM}">{FILM}</a>[/embed]',
        f"[embed src='{FILM}']",
        f"[youtube]{FILM}[/youtube]",
        f"[youtube {FILM}]",
        f"[youtube={FILM}]",
        '[youtube id="aqz-KE-bpKQ"]',
        "[youtube aqz-KE-bpKQ]",
        f"{FILM}",
        f"<p>{FILM}</p>",
        f'<!-- wp:embed {{"url":"{FILM}","type":"video"}} -->\n<figure class="wp-block-embed is-type-video">'
        f'<div class="wp-block-embed__wrapper">\n{FILM}\n</div></figure>\n<!-- /wp:embed -->',
        f'<!-- wp:core-embed/youtube {{"url":"{FILM}"}} --><figure class="wp-block-embed-youtube wp-block-embed">'
        f"<div>\n{FILM}\n</div></figure><!-- /wp:core-embed/youtube -->",
        '<iframe src="//www.youtube.com/embed/aqz-KE-bpKQ?feature=oembed" title="YouTube video player"></iframe>',
        '<p><iframe src="about:blank" data-src="https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"></iframe></p>',
    ],
)
def test_every_way_to_show_a_film_is_an_embed(content: str) -> None:
    assert blocks(content) == [film()]
    result = composed(content)
    assert result.lost == result.simpler == Counter()
    assert result.notes == Counter({"embed without a title of its own, named after its article": 1})


def test_an_address_on_a_line_of_its_own_parts_the_text() -> None:
    content = f"Before\n  {FILM}  \nafter, see {FILM} too."
    assert blocks(content) == [
        ("text", "<p>Before</p>"),
        film(),
        ("text", f"<p>after, see {FILM} too.</p>"),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            f'<figure class="wp-block-embed"><div>{FILM}</div><figcaption>The <b>roof</b></figcaption></figure>',
            film("The roof"),
        ),
        (
            f'<figure class="wp-block-embed"><div>{FILM}</div><figcaption>{"long " * 50}</figcaption></figure>',
            film(caption=("long " * 50).strip()),
        ),
        (
            f'<figure><iframe src="{FILM}" title="A roof"></iframe><figcaption>Told</figcaption></figure>',
            film("A roof", "Told"),
        ),
        ("[vimeo 1084537]", film("Vimeo: Storm", url="https://vimeo.com/1084537")),
        (
            '<iframe src="https://player.vimeo.com/video/1084537?h=1"></iframe>',
            film("Vimeo: Storm", url="https://vimeo.com/1084537"),
        ),
        (
            '<iframe src="https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/some/tune&color=1"></iframe>',
            film("SoundCloud: Storm", url="https://soundcloud.com/some/tune"),
        ),
        ("[dailymotion id=x8abcde]", film("Dailymotion: Storm", url="https://www.dailymotion.com/video/x8abcde")),
        (
            '<iframe src="https://open.spotify.com/embed/episode/0123456789abcdefghijAB"></iframe>',
            film("Spotify: Storm", url="https://open.spotify.com/episode/0123456789abcdefghijAB"),
        ),
    ],
)
def test_an_embed_has_a_title_and_the_address_of_its_page(content: str, expected: tuple[str, Any]) -> None:
    assert blocks(content) == [expected]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("[embed]https://v.example/a%20b/?c&amp;d[/embed]", link("https://v.example/a%20b/?c&d", "v.example/a b")),
        ('<iframe src="https://www.maps.example/1" title="Map"></iframe>', link("https://www.maps.example/1", "Map")),
        ('<video><source src="https://v.example/x.mp4"></video>', link("https://v.example/x.mp4", "v.example/x.mp4")),
        (
            '<figure class="wp-block-embed">https://v.example/1<figcaption>V</figcaption></figure>',
            link("https://v.example/1", "V"),
        ),
        (
            '<iframe src="https://www.youtube.com/embed/videoseries?list=PL12"></iframe>',
            link("https://www.youtube.com/playlist?list=PL12", "youtube.com/playlist"),
        ),
        (
            '<iframe src="https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fp%2F1"></iframe>',
            link("https://www.facebook.com/p/1", "facebook.com/p/1"),
        ),
    ],
)
def test_an_unknown_provider_is_a_related_link_and_named(content: str, expected: tuple[str, Any]) -> None:
    assert blocks(content) == [expected]
    assert composed(content).simpler == Counter({f"{UNKNOWN}: {expected[1]['url']}": 1})


def test_a_quoted_post_keeps_its_words_and_its_place() -> None:
    content = (
        '<blockquote class="twitter-tweet"><p>No ferry.</p>— Ann (@ann) <a href="https://x.example/ann/1">1 May</a>'
        "</blockquote>"
    )
    assert [kind for kind, _ in blocks(content)] == ["quote", "related_link"]
    assert composed(content).lost == Counter()


def test_a_page_of_the_same_site_is_a_link_that_moves_with_it() -> None:
    content = "<!-- wp:paragraph --><p>https://old.example/2024/05/storm/</p><!-- /wp:paragraph -->"
    assert blocks(content) == [("text", '<p><a href="/2024/05/storm/">https://old.example/2024/05/storm/</a></p>')]
    assert list(composed(content).simpler) == [
        "embed of a page of the same site, as a link: https://old.example/2024/05/storm/"
    ]


@pytest.mark.parametrize("name", ["youtube", "vimeo", "soundcloud"])
def test_a_shortcode_that_names_nothing_is_lost_and_named(name: str) -> None:
    assert composed(f"[{name} <b>]").lost == Counter({f"shortcode [{name}]": 1})


def test_an_address_longer_than_any_stays_text() -> None:
    address = f"https://v.example/{'a' * 5000}"
    assert blocks(address) == [("text", f"<p>{address}</p>")]


def test_an_address_that_is_none_is_kept_as_words() -> None:
    wrapped = '<iframe src="https://www.facebook.com/plugins/post.php?href=http%3A%2F%2F%5Bnowhere"></iframe>'
    assert composed(f"<p>Before.</p>{wrapped}<p>After.</p>").blocks
    assert composed('<p>Before.</p><iframe src="http://[nowhere"></iframe><p>After.</p>').blocks
