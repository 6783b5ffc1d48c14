"""The screen on which a thread becomes one of questions and answers: who answers, from when, until when."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoppress.accounts.models import User
from stoppress.comments import actions
from stoppress.comments.actions.questions import LONGEST_NAMES
from stoppress.comments.actions.rights import may_moderate
from stoppress.comments.models import Thread
from stoppress.comments.questions import question_time
from stoppress.desk.replies import about

MOST_ANSWERERS = 20
TIME = "%Y-%m-%dT%H:%M"


def _time(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TIME)
    return forms.DateTimeField(label=label, widget=widget, input_formats=[TIME, f"{TIME}:%S", "%Y-%m-%d %H:%M"])


class QuestionsForm(forms.Form):
    """Who answers, and when."""

    starts_at = _time(gettext_lazy("Questions from"))
    ends_at = _time(gettext_lazy("Questions until"))
    answerers = forms.CharField(
        label=gettext_lazy("Accounts of those who answer: user names or mail addresses, with commas between them"),
        max_length=2_000,
    )
    names = forms.CharField(
        label=gettext_lazy("Their names as readers know them, if other than those of the accounts"),
        max_length=LONGEST_NAMES,
        required=False,
    )

    def clean_answerers(self) -> list[User]:
        """The accounts, in the order in which they were named."""
        named = [one.strip() for one in self.cleaned_data["answerers"].split(",") if one.strip()]
        if len(named) > MOST_ANSWERERS:
            raise ValidationError(_("At most %d people answer.") % MOST_ANSWERERS)
        found = []
        for one in named:
            user = User.objects.filter(Q(username=one) | Q(email__iexact=one), is_active=True).first()
            if user is None:
                raise ValidationError(_("There is no account “%s”.") % one[:80])
            found.append(user)
        return list(dict.fromkeys(found))


def questions(request: HttpRequest, subject: str) -> HttpResponse:
    """Let readers ask somebody about a subject between two times, or no longer.

    Raises:
        Http404: there is no such subject.
        PermissionDenied: the user is no moderator.
    """
    user = request.user
    if not isinstance(user, User) or not may_moderate(user):
        raise PermissionDenied
    thread = Thread.objects.filter(subject=subject).first()
    on = about([subject])[subject]
    if thread is None and not on.path:
        raise Http404
    form = QuestionsForm(request.POST or None, initial=_initial(thread))
    if request.method == "POST" and request.POST.get("act") == "end":
        actions.end_question_time(subject, user)
        messages.success(request, _("It is a thread like others again."))
        return redirect("desk:replies_questions", subject)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            actions.set_question_time(
                subject, sent["starts_at"], sent["ends_at"], sent["answerers"], user, sent["names"]
            )
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Noted. The story’s page follows."))
            return redirect("desk:replies_questions", subject)
    time = question_time(thread)
    context = {
        "about": on,
        "form": form,
        "is_set": time is not None,
        "notice": time.notice(timezone.now()) if time else "",
    }
    return render(request, "desk/questions.html", context, status=422 if form.errors else 200)


def _initial(thread: Thread | None) -> dict[str, Any]:
    if thread is None or thread.questions_from is None:
        return {}
    return {
        "starts_at": thread.questions_from,
        "ends_at": thread.questions_until,
        "answerers": ", ".join(thread.answerers.order_by("pk").values_list("username", flat=True)),
        "names": thread.answered_by,
    }
