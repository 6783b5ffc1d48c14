"""The pages of replies to an article."""

from typing import Any

from django.urls import reverse

from stoppress.comments.pages import ThreadPage, thread_page, under_page
from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys
from stoppress.newsroom.models import Publication
from stoppress.newsroom.pages.site import common
from stoppress.newsroom.replies import is_open_now, subject_of


def replies(path: str, number: int | None, root: str | None, part: int | None) -> dict[str, Any] | None:
    """A page of the replies to the article at ``path``; ``None`` when there is no such page.

    Args:
        number: of an older page.
        root, part: the reply under which it stands, and which run of replies to it.
    """
    one = Publication.objects.filter(path=path, noun=Publication.Noun.ARTICLE, is_live=True).first()
    if one is None:
        return None
    subject = subject_of(one)
    depends_on(keys.card(one.pk))
    base = f"{path}comments/"
    found: ThreadPage | None
    if root is not None and part is not None:
        found, here = under_page(subject.key, base, root, part), f"{base}under/{root}/{part}/"
    else:
        found, here = thread_page(subject.key, base, number), base if number is None else f"{base}page/{number}/"
    if found is None:
        return None
    return {
        **common(here, one.tree_path),
        "subject": subject,
        "thread": found,
        "nodes": found.nodes,
        "newer_path": found.newer,
        "older_path": found.older,
        "is_open": is_open_now(subject, found.thread),
        "write_path": reverse("comments:write", args=[subject.key]),
        "number": number,
        "current_path": "",
    }
