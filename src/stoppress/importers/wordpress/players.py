"""From the address of somebody's player to that of the page it belongs to, and words for addresses that have none."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from stoppress.importers.wordpress.elements import host_of
from stoppress.importers.wordpress.text import SPACES, clip

MAX_TITLE = 200
MAX_ADDRESS = 2_000
"""Characters; browsers and servers cut longer ones."""


def _like(pattern: str) -> re.Pattern[str]:
    return re.compile(r"https?://(?:www\.)?" + pattern + r"(?:[/?&#].*)?", re.ASCII)


_YOUTUBE, _DAILYMOTION = r"youtube(?:-nocookie)?\.com/", "https://www.dailymotion.com/video/{}"
_PAGES = (
    (_like(_YOUTUBE + r"embed/videoseries\?(?:.*&)?list=([\w-]+)"), "https://www.youtube.com/playlist?list={}"),
    (_like(_YOUTUBE + r"embed/live_stream\?(?:.*&)?channel=([\w-]+)"), "https://www.youtube.com/channel/{}/live"),
    (_like(_YOUTUBE + r"(?:embed|v)/([\w-]{11})"), "https://www.youtube.com/watch?v={}"),
    (_like(r"player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}"),
    (_like(r"dailymotion\.com/embed/video/(\w+)"), _DAILYMOTION),
    (_like(r"geo\.dailymotion\.com/player(?:/\w+)?\.html\?(?:.*&)?video=(\w+)"), _DAILYMOTION),
    (_like(r"open\.spotify\.com/embed/(\w+/\w+)"), "https://open.spotify.com/{}"),
)
# Whose players name the page, or the file, in their query.
_WRAPPERS = frozenset(
    {"docs.google.com", "drive.google.com", "facebook.com", "view.officeapps.live.com", "w.soundcloud.com"}
)
_SHORT = {
    "dailymotion": _DAILYMOTION,
    "vimeo": "https://vimeo.com/{}",
    "youtube": "https://www.youtube.com/watch?v={}",
}
"""What a shortcode with a bare name means."""
SHORTCODES = frozenset({*_SHORT, "soundcloud", "spotify"})
_GENERIC = frozenset({"", "embedded content", "iframe", "untitled", "video"}) | frozenset(
    {"vimeo video player", "youtube video", "youtube video player"}
)


def page_of(address: str) -> str:
    """Where a reader finds what a player at ``address`` plays; ``address`` itself when nothing better is known."""
    address = address.strip()
    if address.startswith("//"):
        address = f"https:{address}"
    if len(address) > MAX_ADDRESS:
        return address
    for pattern, page in _PAGES:
        if found := pattern.fullmatch(address):
            return page.format(found[1])
    try:
        parts = urlsplit(address)
        query = parse_qs(parts.query) if parts.netloc.lower().removeprefix("www.") in _WRAPPERS else {}
    except ValueError:
        return address
    for name in ("url", "href", "src"):
        inner = query.get(name, [""])[0].strip()
        # The address of an interface shows a reader nothing.
        if inner.startswith(("http://", "https://")) and not host_of(inner).startswith("api."):
            return inner
    return address


def address_in(name: str, given: str) -> str:
    """The address that the shortcode ``name`` means by ``given``: an address, or what its provider calls it."""
    given = given.strip().lstrip("=").strip().strip("\"'")
    given = given.partition(" ")[0]
    if given.startswith(("http://", "https://", "//")):
        return page_of(given)
    return _SHORT[name].format(given) if name in _SHORT and re.fullmatch(r"[\w-]{5,20}", given, re.ASCII) else ""


def title_of(words: str) -> str:
    """A player's own title, or nothing when it is one that says nothing."""
    words = SPACES.sub(" ", words).strip()
    return "" if words.lower() in _GENERIC else clip(words, MAX_TITLE)


def name_of(address: str) -> str:
    """What to call an address that nobody gave a title: ``video.example/films/12``."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return clip(SPACES.sub(" ", address), MAX_TITLE)
    words = parts.netloc.lower().removeprefix("www.") + unquote(parts.path).rstrip("/")
    return clip(SPACES.sub(" ", words), MAX_TITLE)
