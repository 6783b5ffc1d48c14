"""The panels of the desk's first screen, alarms first."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from stoppress.accounts.actions.second_factors import duty_of
from stoppress.accounts.models import User
from stoppress.desk.today import today, waiting_replies
from stoppress.newsroom.actions import known_to
from stoppress.newsroom.models import MissedTime
from stoppress.pagestore.models import Address, BakeTask, Mark

SHOWN = 20


class DutyPanel(Component):
    """A reminder for who is to set up a second factor."""

    order = 5
    template_name = "desk/_duty.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = (parent_context or {})["request"].user
        return {"duty": duty_of(user) if isinstance(user, User) else None}


class FailedBakes(Component):
    """Pages whose last bake failed; readers still get the last good version."""

    order = 20
    template_name = "desk/_failed_bakes.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        failed = Address.objects.filter(failed_at__isnull=False).order_by("-failed_at")
        return {
            "failed": failed[:SHOWN],
            "parked": Mark.objects.filter(attempts__gt=0).order_by("-made_at")[:SHOWN],
            "waiting": BakeTask.objects.count(),
            "title": gettext_lazy("Pages"),
        }


class MissedTimes(Component):
    """Every time that was not kept until somebody takes note."""

    order = 10
    template_name = "desk/_times.html"

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        missed = list(MissedTime.objects.filter(Q(done_at=None) | Q(seen_at=None)).order_by("-due_at")[:SHOWN])
        known = known_to(self.user, [one.article_id for one in missed])
        for one in missed:
            if one.article_id not in known:
                one.headline, one.error = _("A story"), _("whoever may open it sees why.")
        return {"missed": missed, "known": known, "request": (parent_context or {}).get("request")}


class HeldReplies(Component):
    """How many replies wait, and how long the first of them has; for moderators."""

    order = 25
    template_name = "desk/_held_replies.html"

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"waiting": waiting_replies(self.user)}


class TodayPanel(Component):
    """What is out, what comes, what was put right, and who is writing what."""

    order = 30
    template_name = "desk/_today.html"

    class Media:
        css = {"all": ["desk/today.css"]}

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        user = (parent_context or {})["request"].user
        return {"today": today(user)} if isinstance(user, User) else {}
