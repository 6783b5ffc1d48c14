"""The newsroom's surrogate keys and subjects, spelt in one place.

``article:42`` is its own page, ``article:42:card`` what lists show of it; ``list:section:3:b57`` is one bucket of
a list, ``…:newest`` which bucket is the newest, ``…:b57:closed`` that a bucket is full; ``section:3`` is a
section's label and address.
"""

import sys
from datetime import date

ALL = "all"
NAV = "nav:tabs"
FOOTER = "nav:footer"
HOME = "home"
ARCHIVE = "archive:index"
DAYS = "day:"
"""What the names of all days' lists begin with."""
CORRECTIONS = "corrections:all"
"""Name of the list of all corrections, and the subject of its page."""
SECURITY = "security:txt"
NEWS_SITEMAP = "sitemap:news"
SITEMAP_INDEX = "sitemap:index"
ROBOTS = "robots:txt"
NOT_FOUND = "error:404"
GONE = "error:410"
TROUBLES = ("408", "413", "503", "503-sent")
"""What the front has to say at times, each a page ``/503.html``; ``503-sent`` is for who has sent something."""


def look_again(page_id: int) -> str:
    """The mark on a page that was written; nothing depends on it."""
    return f"page:{page_id}"


def subtree(page_id: int) -> str:
    """The mark on a page and everything below it."""
    return f"subtree:{page_id}"


def rest(mark: str, before: int = sys.maxsize) -> str:
    """The mark on what ``mark`` (a subtree or a shelf) means beyond itself: pages whose number is below ``before``."""
    return f"rest:{mark}:{before}"


def shelf(noun: str, pk: int) -> str:
    """An author, topic, story or series: its label and address, and the name of its list."""
    return f"{noun}:{pk}"


def article(page_id: int) -> str:
    return f"article:{page_id}"


def card(page_id: int) -> str:
    return f"article:{page_id}:card"


def shelved(page_id: int) -> str:
    """Which lists an article stands in; what it says itself is its own page's key."""
    return f"article:{page_id}:shelved"


def corrections(page_id: int) -> str:
    """What feeds and the list of corrections say that an article got wrong."""
    return f"article:{page_id}:corrections"


def section(page_id: int) -> str:
    return f"section:{page_id}"


def static(page_id: int) -> str:
    """A static page: what it says and where it is."""
    return f"static:{page_id}"


def about(page_id: int) -> str:
    """What only a section's own pages say of it."""
    return f"section:{page_id}:about"


def below(page_id: int) -> str:
    """Which sections stand directly below a section, with their labels and addresses."""
    return f"section:{page_id}:below"


def front(owner: str) -> str:
    """The front of a section or shelf, which is fresh before its older pages are."""
    return f"{owner}:front"


def home(page_id: int) -> str:
    return f"home:{page_id}"


def edition(page_id: int) -> str:
    """Which edition of a home page's or a section's front readers get."""
    return f"front:{page_id}"


def design(name: str) -> str:
    """The newest stories of a design, wherever they stand."""
    return f"design:{name}"


def picture(picture_id: int) -> str:
    return f"image:{picture_id}"


def document(attachment_id: int) -> str:
    return f"document:{attachment_id}"


def section_list(page_id: int) -> str:
    """Name of the list of a section's articles, those of its subsections included."""
    return f"section:{page_id}"


def day(start: date) -> str:
    """Name of the list of a day's articles, and the subject of its page."""
    return f"{DAYS}{start:%Y%m%d}"


def month(start: date) -> str:
    """A month's page in the archive: which days it names."""
    return f"month:{start:%Y%m}"


def year(start: date) -> str:
    """A year's page in the archive: which months it names."""
    return f"year:{start:%Y}"


def bucket(name: str, number: int) -> str:
    return f"list:{name}:b{number}"


def closed(name: str, number: int) -> str:
    return f"list:{name}:b{number}:closed"


def kept(name: str, number: int) -> str:
    """Who is on show of those that a bucket had: it changes when one leaves or comes back, not with newcomers."""
    return f"list:{name}:b{number}:kept"


def order(name: str) -> str:
    """Which articles a list has, in which order; only for lists that are short, such as a series."""
    return f"list:{name}:order"


def newest(name: str) -> str:
    return f"list:{name}:newest"


def older_page(owner: str, number: int) -> str:
    """Subject of an older page of a section or shelf."""
    return f"{owner}/page/{number}"


def versions(page_id: int) -> str:
    """Subject of an article's public history."""
    return f"article:{page_id}/versions"


def feed(owner: str, kind: str) -> str:
    """Subject of a feed of a section, a shelf or (``all``) everything; ``kind`` is ``rss``, ``atom`` or ``json``."""
    return f"{owner}/feed/{kind}"


def sitemap(number: int) -> str:
    return f"sitemap:{number}"
