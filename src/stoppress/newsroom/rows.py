"""An article's row among the publications: what lists show of it, from the article as it is or as it will be."""

import json
from collections.abc import Iterable, Sequence

from stoppress.newsroom.models import Article, Byline, Publication


def row_of(page: Article, bylines: Iterable[Byline], sections: Sequence[int]) -> Publication:
    """The row that shows ``page`` as live; it is not saved.

    Args:
        sections: above it, the outermost first.
    """
    names = [str(byline.author) for byline in bylines if byline.role == Byline.Role.WRITER]
    return Publication(
        page_id=page.pk,
        noun=Publication.Noun.ARTICLE,
        path=page.public_path,
        is_live=True,
        headline=page.title,
        short_headline=page.short_headline,
        standfirst=page.standfirst,
        byline=json.dumps(names, ensure_ascii=False),
        picture_id=page.lead_picture_id,
        picture_alt=page.lead_alt,
        picture_is_decorative=page.lead_is_decorative,
        section_id=sections[-1] if sections else None,
        published_at=page.first_published_at,
        updated_at=page.updated_at,
        kicker=page.kicker,
        design=page.design,
        changed_at=page.last_published_at,
        expires_at=page.expire_at,
    )
