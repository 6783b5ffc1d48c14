"""The screens on which an editor corrects: first the sentence, by mouse or keyboard, then what is right."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from stoppress.accounts.models import User
from stoppress.newsroom import actions, marking, passages
from stoppress.newsroom.actions.corrections import LONGEST_NOTICE
from stoppress.newsroom.models import Article, Correction, ErrorReport
from stoppress.newsroom.prose import Selector

ANOTHER = "another"
"""Asked for instead of the sentence that a reader reported."""
LONGEST_NUMBER = 18


class CorrectForm(forms.Form):
    """What was wrong and what is right. The sentence goes along, so that a change meanwhile is noticed."""

    text = forms.CharField(
        label=gettext_lazy("Notice for readers"),
        max_length=LONGEST_NOTICE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What was wrong, and what is right. It is shown with the story, dated, for good."),
    )
    is_put_right = forms.BooleanField(
        label=gettext_lazy("Put it right in the story and publish that now"), required=False, initial=True
    )
    right = forms.CharField(
        label=gettext_lazy("The right sentence"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Change the words that were wrong. Empty it to take the sentence out."),
    )
    is_thanked = forms.BooleanField(required=False, initial=True)
    report = forms.CharField(required=False, max_length=LONGEST_NUMBER, widget=forms.HiddenInput)
    place = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    before = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, strip=False)
    after = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, report: ErrorReport | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reported = report
        if report is None or not report.may_thank:
            del self.fields["is_thanked"]
        else:
            self.fields["is_thanked"].label = _("Thank %(name)s in the notice") % {"name": report.name}
        if not self["place"].value():
            del self.fields["is_put_right"], self.fields["right"]

    @property
    def mistake(self) -> actions.Mistake:
        """What the action takes."""
        sent = self.cleaned_data
        return actions.Mistake(
            text=sent["text"],
            place=sent["place"],
            wrong=Selector(sent["quote"], sent["before"], sent["after"]),
            right=sent["right"] if sent.get("is_put_right") else None,
            report=self.reported,
            is_thanked=bool(sent.get("is_thanked")),
        )


def correct(request: HttpRequest, article_id: int) -> HttpResponse:
    """Ask which sentence of the published text is wrong, then for the notice, then tell readers.

    Raises:
        PermissionDenied: the user may not publish it.
    """
    article = get_object_or_404(Article, pk=article_id)
    user = request.user
    if not isinstance(user, User) or not article.permissions_for_user(user).can_publish():
        raise PermissionDenied
    if not article.live or article.is_embargoed:
        messages.error(request, _("Readers have not got this story now, so there is nothing to correct."))
        return redirect("wagtailadmin_pages:edit", article.pk)
    if request.method == "POST":
        return _tell(request, article, user)
    chosen = request.GET.get("sentence", "")
    report = _reported(article, request.GET.get("report", ""))
    if report is not None and not chosen:
        wrong = Selector(report.quote, report.prefix, report.suffix)
        if not report.place or passages.find(article, report.place, wrong) is not None:
            chosen_already = {**_of_place(report.place, wrong), "report": report.pk}
            return _ask(request, article, CorrectForm(initial=chosen_already, report=report), report.quote)
        messages.warning(request, _("The reported sentence stands there no more. Mark what is wrong now, if anything."))
    if not chosen or chosen == ANOTHER:
        return _choose(request, article, report)
    initial = _initial(article, chosen)
    if initial is None or request.GET.get("revision") != str(article.live_revision_id):
        messages.warning(request, _("The story was changed meanwhile. Mark the sentence again."))
        return redirect("desk:correct", article.pk)
    initial["report"] = report.pk if report is not None else ""
    return _ask(request, article, CorrectForm(initial=initial, report=report), initial.get("quote", ""))


@require_POST
def withdraw(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Show a correction no more, with a reason.

    Raises:
        PermissionDenied: the user may not publish the article.
    """
    one = get_object_or_404(Correction, pk=correction_id)
    if not isinstance(request.user, User):
        raise PermissionDenied
    try:
        actions.withdraw_correction(one, request.POST.get("reason", ""), request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The correction is shown no more. It stays on record, with your reason."))
    return redirect("desk:correct", one.article_id)


def _choose(request: HttpRequest, article: Article, report: ErrorReport | None) -> HttpResponse:
    context = {
        "article": article,
        "report": report,
        "passages": list(marking.sentences(article)),
        "whole": marking.WHOLE,
        "corrections": article.corrections.select_related("by").order_by("-at", "-pk"),
    }
    return render(request, "desk/correct.html", context)


def _ask(request: HttpRequest, article: Article, form: CorrectForm, quote: str) -> HttpResponse:
    context = {"form": form, "article": article, "quote": quote, "report": form.reported}
    return render(request, "desk/correct_sentence.html", context)


def _tell(request: HttpRequest, article: Article, user: User) -> HttpResponse:
    form = CorrectForm(request.POST, report=_reported(article, request.POST.get("report", "")))
    if form.is_valid():
        try:
            actions.correct_article(article, form.mistake, user)
        except ValidationError as error:
            for name, texts in getattr(error, "message_dict", {None: error.messages}).items():
                form.add_error(name if name in form.fields and name != "quote" else None, texts)
        else:
            messages.success(request, _("Readers of “%s” are told.") % article.title)
            return redirect(reverse("desk:correct", args=[article.pk]) + "#told")
    return _ask(request, article, form, form["quote"].value() or "")


def _initial(article: Article, chosen: str) -> dict[str, Any] | None:
    """The form's first values; ``None`` when there is no such sentence."""
    place = marking.marked(article, chosen)
    return None if place is None else _of_place(place.name, place.words)


def _of_place(place: str, wrong: Selector) -> dict[str, Any]:
    if not place:
        return {"place": ""}
    return {
        "place": place,
        "quote": wrong.exact,
        "before": wrong.prefix,
        "after": wrong.suffix,
        "right": wrong.exact,
        "is_put_right": True,
    }


def _reported(article: Article, number: str) -> ErrorReport | None:
    """What a reader reported, if it is on this story and nothing was corrected for it yet."""
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return None
    found = article.error_reports.filter(pk=int(number)).exclude(state=ErrorReport.State.CORRECTED)
    one: ErrorReport | None = found.first()
    return one
