"""Sizes of pictures that take too long for whoever uploads one."""

from django_tasks import task

from stoppress.media import actions


@task(priority=-50)  # mails and the index go first, also while an import brings thousands
def make_late_renditions(picture_id: int) -> None:
    """Make the sizes of a picture that take seconds; one that is gone or withdrawn gets none."""
    actions.make_late_renditions(picture_id)
