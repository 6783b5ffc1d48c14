"""The surrogate keys and subjects of replies, spelt in one place. ``subject`` is the key of what they are on."""

ROOTS_ON_A_PAGE = 25
REPLIES_ON_A_PAGE = 50


def look_again(subject: str) -> str:
    """The mark on a thread that changed, and the subject of its first page."""
    return f"replies:{subject}"


def count(subject: str) -> str:
    """How many replies there are, and whether one may reply: what the subject's own page shows."""
    return f"replies:{subject}:count"


def rules(section: str) -> str:
    """What a section says of replies; ``section`` is its own key."""
    return f"reply-rules:{section}"


def breaking(scope: str) -> str:
    """Whether everything is read first for a while, on a subject or everywhere."""
    return f"breaking-news:{scope}"


def bucket(subject: str, number: int) -> str:
    """A run of places among the roots, and what is shown under each."""
    return f"replies:{subject}:b{number}"


def newest(subject: str) -> str:
    """Which run of roots is the newest, and which orders there are."""
    return f"replies:{subject}:newest"


def root(subject: str, root_id: int) -> str:
    """A reply to the subject, as pages of further replies under it show it."""
    return f"replies:{subject}:r{root_id}"


def under(subject: str, root_id: int, number: int) -> str:
    """A further run of places under one root."""
    return f"replies:{subject}:r{root_id}:b{number}"


def picks(subject: str) -> str:
    """What editors point out, at the top of the first page."""
    return f"replies:{subject}:picks"


def answers(subject: str) -> str:
    """Which questions are answered, at the top of the first page."""
    return f"replies:{subject}:answers"


def recommended(subject: str) -> str:
    """Which replies were recommended most."""
    return f"replies:{subject}:recommended"


def recommended_page(subject: str) -> str:
    """Subject of the page of the most recommended."""
    return f"replies:{subject}/recommended"


def oldest_page(subject: str, number: int) -> str:
    """Subject of a page that begins with the oldest: ``number`` is its bucket and one more."""
    return f"replies:{subject}/oldest/{number}"


def latest(subject: str) -> str:
    """Subject of the small file that open pages look at."""
    return f"replies:{subject}/latest"


def page(subject: str, number: int) -> str:
    """Subject of an older page: ``number`` is its bucket and one more."""
    return f"replies:{subject}/page/{number}"


def under_page(subject: str, root_id: int, number: int) -> str:
    """Subject of a page of further replies under one root."""
    return f"replies:{subject}/under/{root_id}/{number}"


def as_json(page: str) -> str:
    """Subject of the JSON beside a page."""
    return f"{page}/json"
