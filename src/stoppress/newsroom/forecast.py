"""What the clock will have changed at a later time: stories that go live by then and where, and those that go off.

For previews of planned fronts alone; readers' pages know only now. Reads only.
"""

from datetime import datetime

from django.utils import timezone
from wagtail.models import Revision

from stoppress.accounts.models import User
from stoppress.newsroom import keys, shelving
from stoppress.newsroom.actions import known_to
from stoppress.newsroom.actions.times import AT_ONCE, LONG_AGO
from stoppress.newsroom.fronts import DESIGNS, Forecast
from stoppress.newsroom.models import Article, Publication
from stoppress.newsroom.rows import row_of
from stoppress.pagestore.models import Mark


def forecast(at: datetime, user: User) -> Forecast:
    """What ``user`` may know of how things will be at ``at``, in a number of queries that the archive does not grow."""
    planned = Revision.objects.filter(approved_go_live_at__gt=LONG_AGO, approved_go_live_at__lte=at)
    # The later one of a page wins, as it will.
    revisions = {int(one.object_id): one for one in planned.order_by("approved_go_live_at", "pk")[:AT_ONCE]}
    released = _released(at)
    known = known_to(user, revisions.keys() | released)
    articles = Article.objects.filter(killed_at=None).in_bulk(known)
    sections = Publication.objects.filter(noun=Publication.Noun.SECTION, is_live=True).values_list("tree_path", "pk")
    places = sorted(sections)
    coming: dict[int, Publication] = {}
    lists: dict[str, list[int]] = {}
    for pk, article in articles.items():
        revision = revisions.get(pk)
        draft: Article = article if revision is None else article.with_content_json(revision.content)
        embargo = draft.embargo_until
        if (embargo is not None and embargo > at) or (revision is None and not article.live):
            continue
        draft.first_published_at = article.first_published_at or (revision and revision.approved_go_live_at)
        above = [number for path, number in places if draft.path.startswith(path)]
        bylines = sorted(draft.bylines.all(), key=lambda one: one.sort_order or 0)
        coming[pk] = row_of(draft, bylines, above)
        topics = [use.topic_id for use in draft.topics.all()]
        names = {keys.ALL, *(keys.section_list(one) for one in above), f"{DESIGNS}{draft.design}"}
        for name in names | shelving.lists_of(draft, [one.author_id for one in bylines], topics):
            lists.setdefault(name, []).append(pk)
    off = Publication.objects.filter(is_live=True, expires_at__lte=at).values_list("pk", flat=True)
    off_again = {pk for pk, one in coming.items() if one.expires_at is not None and one.expires_at <= at}
    return Forecast(at, coming, lists, frozenset(off) - coming.keys() | off_again)


def _released(at: datetime) -> set[int]:
    """Stories whose embargo ends by ``at``, also live ones that nobody planned: the page store looks at them then."""
    marks = Mark.objects.filter(not_before__gt=timezone.now(), not_before__lte=at, error="").order_by("not_before")
    noun = keys.look_again(0).removesuffix("0")
    looked_at = marks.filter(key__startswith=noun).values_list("key", flat=True)[:AT_ONCE]
    return {int(key.removeprefix(noun)) for key in looked_at}
