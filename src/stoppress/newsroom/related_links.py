"""Related links as pages show them: a page of ours is followed when it moves, and left out while it is not live."""

from dataclasses import dataclass

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys
from stoppress.newsroom.models import Publication


@dataclass(frozen=True, slots=True)
class Related:
    """A related link."""

    path: str
    title: str
    is_elsewhere: bool


def related(page_id: int | None, url: str, title: str) -> Related | None:
    """Where it leads now, with its own words or the headline there; ``None`` while that is nowhere."""
    if page_id is None:
        return Related(url, title or url, is_elsewhere=True) if url else None
    depends_on(keys.card(page_id), keys.section(page_id))
    page = Publication.objects.filter(pk=page_id, is_live=True).first()
    return Related(page.path, title or page.headline, is_elsewhere=False) if page is not None else None
