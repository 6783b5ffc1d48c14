"""The step between writing and publishing: the desk of the section looks at it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Task, TaskState


class SectionDesk(Task):
    """Whoever may publish where the page is looks at it: its section's editors and those above, or a publisher."""

    class Meta:
        verbose_name = _("section desk")
        verbose_name_plural = _("section desks")

    def user_can_access_editor(self, obj: Page, user: Any) -> bool:
        """Who is to look at it may open it."""
        return self._is_desk(obj, user)

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        """While the desk looks at it, nobody else changes it: what is approved is what was read."""
        return not self._is_desk(obj, user)

    def user_can_lock(self, obj: Page, user: Any) -> bool:
        """Who is to look at it may keep others out meanwhile."""
        return self._is_desk(obj, user)

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, Any, bool]]:
        """What ``user`` can do: send it back with a comment, or approve it, with one or without."""
        if not self._is_desk(obj, user):
            return []
        back = [("reject", _("Request changes"), True)]
        if not obj.specific.permissions_for_user(user).can_approve():
            return back
        return [*back, ("approve", _("Approve"), False), ("approve", _("Approve with comment"), True)]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Do it; but who changed the page in the same breath as approving it has only changed it.

        Nothing is raised then, since that would undo the change; the desk says what became of it.
        """
        page = task_state.workflow_state.content_object
        if action_name == "approve" and user is not None and not page.permissions_for_user(user).can_approve():
            return
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> Any:
        """Those that wait for ``user``; a few dozen at most wait at any time, so each page is asked."""
        waiting = {
            int(state.workflow_state.object_id): state.pk
            for state in self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS).select_related("workflow_state")
        }
        pages = Page.objects.filter(pk__in=waiting).specific()
        mine = [waiting[page.pk] for page in pages if self._is_desk(page, user)]
        return TaskState.objects.filter(pk__in=mine)

    @classmethod
    def get_description(cls) -> str:
        """For whoever builds a workflow."""
        return str(_("Editors of the page's section, or of one above it, and publishers"))

    @staticmethod
    def _is_desk(obj: Page, user: Any) -> bool:
        return bool(obj.specific.permissions_for_user(user).is_desk)
