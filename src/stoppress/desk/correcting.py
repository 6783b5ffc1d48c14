"""The screens on which an editor corrects: first the sentence, by mouse or keyboard, then what is right."""

from collections.abc import Iterator
from dataclasses import dataclass
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
from stoppress.newsroom import actions, passages
from stoppress.newsroom.actions.corrections import LONGEST_NOTICE
from stoppress.newsroom.models import Article, Correction
from stoppress.newsroom.prose import Selector

WHOLE = "whole"
"""Chosen instead of a sentence."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence that can be marked.

    Attributes:
        value: what the browser sends for it: the number of the passage and of the sentence in it.
        ends_line: whether a line ends behind it.
    """

    value: str
    text: str
    ends_line: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage on the screen."""

    label: str
    sentences: list[Choice]


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
    place = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    before = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, strip=False)
    after = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, strip=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
    if not chosen:
        return _choose(request, article)
    initial = _initial(article, chosen)
    if initial is None or request.GET.get("revision") != str(article.live_revision_id):
        messages.warning(request, _("The story was changed meanwhile. Mark the sentence again."))
        return redirect("desk:correct", article.pk)
    return _ask(request, article, CorrectForm(initial=initial), initial.get("quote", ""))


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


def _choose(request: HttpRequest, article: Article) -> HttpResponse:
    context = {
        "article": article,
        "passages": list(_marked(article)),
        "whole": WHOLE,
        "corrections": article.corrections.select_related("by").order_by("-at", "-pk"),
    }
    return render(request, "desk/correct.html", context)


def _ask(request: HttpRequest, article: Article, form: CorrectForm, quote: str) -> HttpResponse:
    return render(request, "desk/correct_sentence.html", {"form": form, "article": article, "quote": quote})


def _tell(request: HttpRequest, article: Article, user: User) -> HttpResponse:
    form = CorrectForm(request.POST)
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


def _marked(article: Article) -> Iterator[Marked]:
    for number, passage in enumerate(passages.passages(article)):
        prose = passage.prose
        sentences = [
            Choice(f"{number}.{index}", prose.text[start:end], prose.text[end : end + 1] == "\n")
            for index, (start, end) in enumerate(prose.sentences())
        ]
        if passage.place and sentences:
            yield Marked(passage.label, sentences)


def _initial(article: Article, chosen: str) -> dict[str, Any] | None:
    """The form's first values; ``None`` when there is no such sentence."""
    if chosen == WHOLE:
        return {"place": ""}
    number, _dot, index = chosen.partition(".")
    if not (number.isascii() and number.isdigit() and index.isascii() and index.isdigit()):
        return None
    found = passages.passages(article)
    if int(number) >= len(found):
        return None
    prose = found[int(number)].prose
    sentences = prose.sentences()
    if int(index) >= len(sentences):
        return None
    wrong = prose.selector(*sentences[int(index)])
    return {
        "place": found[int(number)].place,
        "quote": wrong.exact,
        "before": wrong.prefix,
        "after": wrong.suffix,
        "right": wrong.exact,
        "is_put_right": True,
    }
