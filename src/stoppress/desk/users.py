"""Wagtail's own applications, as we have them. Loaded before any model: nothing may enter that imports one."""

from wagtail.admin.apps import WagtailAdminAppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "stoppress.desk.people.PeopleViewSet"


class AdminConfig(WagtailAdminAppConfig):
    """The admin without its mails about workflows.

    They are sent while one waits, and one that can't be sent takes the submission with it; ours are put off
    (``newsroom.handlers``).
    """

    default = False

    def ready(self) -> None:
        super().ready()
        from wagtail import signals  # noqa: PLC0415 - models are ready only now
        from wagtail.models import TaskState, WorkflowState  # noqa: PLC0415 - as above

        for signal, sender, name in (
            (signals.task_submitted, TaskState, "group_approval_task_submitted"),
            (signals.workflow_submitted, WorkflowState, "workflow_state_submitted"),
            (signals.workflow_rejected, WorkflowState, "workflow_state_rejected"),
            (signals.workflow_approved, WorkflowState, "workflow_state_approved"),
        ):
            signal.disconnect(sender=sender, dispatch_uid=f"{name}_email_notification")
