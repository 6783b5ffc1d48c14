"""Whose players and charts an article may show, known by their addresses alone: nobody is asked, ever.

The origins of the frames are those that the content security policy allows, see ``core.policy``.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Provider:
    """One that we know.

    Attributes:
        address: pattern of the addresses of its pages; its groups go into ``frame``.
        frame: address of the frame, with ``{name}`` for each group.
        shape: what the style sheet reserves: ``film``, ``player`` or ``chart``.
    """

    name: str
    address: re.Pattern[str]
    frame: str
    shape: str = "film"


@dataclass(frozen=True, slots=True)
class Embed:
    """One thing of a provider's, and where its frame is."""

    provider: str
    frame: str
    shape: str


def _like(pattern: str) -> re.Pattern[str]:
    return re.compile(r"https?://(?:www\.)?" + pattern, re.ASCII)


_END = r"(?:[/?#&].*)?"
PROVIDERS = (
    Provider(
        "YouTube",
        _like(
            r"(?:(?:m\.|music\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|embed/|shorts/|live/)|youtu\.be/)"
            # These two are eleven characters long as well, and no film.
            rf"(?P<id>(?!videoseries|live_stream)[\w-]{{11}}){_END}"
        ),
        "https://www.youtube-nocookie.com/embed/{id}?autoplay=1",
    ),
    Provider(
        "YouTube",
        _like(
            r"(?:m\.|music\.)?youtube(?:-nocookie)?\.com/(?:playlist|embed/videoseries)\?(?:[^#]*&)?"
            r"list=(?P<list>[\w-]{10,64})(?:[&#].*)?"
        ),
        "https://www.youtube-nocookie.com/embed/videoseries?list={list}&autoplay=1",
    ),
    Provider(
        "Vimeo",
        _like(rf"(?:player\.)?vimeo\.com/(?:video/|channels/\w+/)?(?P<id>\d{{5,12}}){_END}"),
        "https://player.vimeo.com/video/{id}?dnt=1&autoplay=1",
    ),
    Provider(
        "Dailymotion",
        _like(rf"(?:dailymotion\.com/video/|dai\.ly/)(?P<id>[a-zA-Z0-9]{{5,20}}){_END}"),
        "https://geo.dailymotion.com/player.html?video={id}",
    ),
    Provider(
        "SoundCloud",
        _like(r"soundcloud\.com/(?P<path>[\w-]+/(?:sets/)?[\w-]+)/?(?:[?#].*)?"),
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/{path}&auto_play=true",
        "player",
    ),
    Provider(
        "Spotify",
        _like(
            r"open\.spotify\.com/(?:intl-[a-z]{2}/)?(?:embed/)?(?P<kind>episode|show|track|album|playlist)/"
            rf"(?P<id>[a-zA-Z0-9]{{22}}){_END}"
        ),
        "https://open.spotify.com/embed/{kind}/{id}",
        "player",
    ),
    Provider(
        "Datawrapper",
        _like(rf"datawrapper\.(?:dwcdn\.net|de/_)/(?P<id>[a-zA-Z0-9]{{5}}){_END}"),
        "https://datawrapper.dwcdn.net/{id}/",
        "chart",
    ),
)
NAMES = tuple(dict.fromkeys(provider.name for provider in PROVIDERS))


def find(address: str) -> Embed | None:
    """What may be shown of an address; ``None`` for one that no known provider has."""
    for provider in PROVIDERS:
        if found := provider.address.fullmatch(address.strip()):
            parts = {name: quote(value) for name, value in found.groupdict().items()}
            return Embed(provider.name, provider.frame.format(**parts), provider.shape)
    return None
