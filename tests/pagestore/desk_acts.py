"""What Wagtail's own desk does to pages besides publishing: copies, aliases, workflows, old revisions, dates, files."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.revert_to_page_revision import RevertToPageRevisionAction
from wagtail.models import Page, Task, Workflow, WorkflowTask

from stoppress.media.models import Picture
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions.times import keep_times
from stoppress.newsroom.models import Article, Author, Byline, Home, Section, StaticPage
from tests.factories.accounts import SuperuserFactory
from tests.factories.media import picture_bytes
from tests.pagestore.acts import DAY, Act, _articles, _pick, derive_only

SECOND = timedelta(seconds=1)


def copy_article(n: int, m: int) -> None:
    """With its history, live if it was; its own address is the editor's to give."""
    article, target = _pick(_articles(), n), _pick(Section.objects, m)
    if article and target and Page._slug_is_available(f"copy-{m}", target):
        named = {"slug": f"copy-{m}", "title": f"Copy {m}"}
        CopyPageAction(article, to=target, update_attrs=named, keep_live=bool(m % 2)).execute(
            skip_permission_checks=True
        )


def copy_section(n: int, m: int) -> None:
    """With all that is in it."""
    section = _pick(Section.objects, n)
    if section and section.depth < 4 and Page._slug_is_available(f"twin-{m}", home := Home.objects.get()):
        named = {"slug": f"twin-{m}", "title": f"Twin {m}"}
        CopyPageAction(section, to=home, update_attrs=named, recursive=True, keep_live=bool(m % 2)).execute(
            skip_permission_checks=True
        )


def convert_alias(n: int, m: int) -> None:
    """From now on a page of its own."""
    if found := _pick(Page.objects.exclude(alias_of=None), n):
        ConvertAliasPageAction(found.specific).execute(skip_permission_checks=True)


def approve(n: int, m: int) -> None:
    """A draft goes through the workflow and is published by who approves it."""
    article = _pick(_articles(), n)
    if article is None:
        return
    chief = SuperuserFactory()
    workflow = Workflow.objects.first() or Workflow.objects.create(name="Second pair of eyes")
    if not workflow.tasks.exists():
        WorkflowTask.objects.create(workflow=workflow, task=Task.objects.create(name="Read it"))
    article.title = f"Approved {m}"
    article.save_revision()
    if article.current_workflow_state is None:
        state = workflow.start(article, chief)
        if m % 3:
            state.current_task_state.approve(user=chief)


def revert(n: int, m: int) -> None:
    """To an older revision, which is then published."""
    article = _pick(_articles(), n)
    revision = _pick(article.revisions, m) if article else None
    if revision is not None:
        RevertToPageRevisionAction(article, revision).execute(skip_permission_checks=True)
        latest = Article.objects.get(pk=article.pk).get_latest_revision()
        try:
            with transaction.atomic():
                latest.publish()
        except ValidationError:
            return  # its slug is another page's by now


def prune(n: int, m: int) -> None:
    """What the tidying of the night does."""
    newsroom.prune_revisions(1, timezone.now() + SECOND)


def expire(n: int, m: int) -> None:
    """Its time is over, or will be tomorrow."""
    if article := _pick(_articles().filter(live=True), n):
        article.expire_at = timezone.now() + (DAY if m % 3 == 0 else -SECOND)
        article.save()
        derive_only(n, m)
        keep_times(timezone.now())


def end_embargo(n: int, m: int) -> None:
    """Its end has come by itself."""
    if article := _pick(_articles(), n):
        article.embargo_until = timezone.now() - SECOND
        article.save()


def plan_change(n: int, m: int) -> None:
    """Another headline for a story that is out, tomorrow."""
    if article := _pick(_articles().filter(live=True), n):
        article.title, article.go_live_at = f"Tomorrow {m}", timezone.now() + DAY
        article.save_revision().publish()


def replace_picture(n: int, m: int) -> None:
    """Another file in its place, or words that go with it."""
    if picture := _pick(Picture.objects, n):
        picture.file = ContentFile(picture_bytes(48, 30 + m, ("red", "green", "blue")[m % 3]), f"again-{m}.jpg")
        picture._set_image_file_metadata()
        picture.description = f"Seen again {m}"
        picture.save()


def reorder_bylines(n: int, m: int) -> None:
    """Whose name comes first."""
    if article := _pick(_articles(), n):
        authors = list(Author.objects.order_by("pk"))
        turned = authors[m % len(authors) :] + authors[: m % len(authors)] if authors else []
        article.bylines = [Byline(author=author, sort_order=i) for i, author in enumerate(turned)]
        article.save_revision().publish()


def unpublish_below(n: int, m: int) -> None:
    """A section with all that is in it."""
    if section := _pick(Section.objects.filter(live=True), n):
        section.unpublish()
        for page in section.get_descendants().live().specific():
            page.unpublish()


def delete_static_page(n: int, m: int) -> None:
    if m % 2 and (page := _pick(StaticPage.objects, n)):
        newsroom.delete_page(page)


DESK_ACTS: list[Act] = [
    copy_article,
    copy_section,
    convert_alias,
    approve,
    revert,
    prune,
    expire,
    end_embargo,
    plan_change,
    replace_picture,
    reorder_bylines,
    unpublish_below,
    delete_static_page,
]
