"""``/-/errors/42/``: a reader marks a sentence and says what is wrong with it. Works without scripts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stoppress.core.network import client_address, is_from_elsewhere
from stoppress.core.text import without_controls
from stoppress.newsroom import actions, marking, pages
from stoppress.newsroom.actions.errors import LONGEST_NAME, LONGEST_REPORT
from stoppress.newsroom.models import Article
from stoppress.newsroom.prose import Selector

LONGEST_MARK = 400
"""Letters of what a reader marked on the page."""


class ErrorForm(forms.Form):
    """What is wrong. It judges nothing: the action does, and what was typed comes back."""

    text = forms.CharField(
        label=gettext_lazy("What is wrong, and how do you know?"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "required": True, "maxlength": LONGEST_REPORT}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name (if you like)"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "maxlength": LONGEST_NAME}),
    )
    may_thank = forms.BooleanField(label=gettext_lazy("The correction may thank me by this name"), required=False)
    email = forms.CharField(
        label=gettext_lazy("Email (if you want to hear what became of it)"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254}),
    )
    surname = forms.CharField(required=False)
    """People don't see it."""
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    revision = forms.CharField(required=False, widget=forms.HiddenInput)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, article_id: str) -> HttpResponse:
    """Mark a sentence, then say what is wrong with it.

    Raises:
        Http404: readers have no such story now.
    """
    article = Article.objects.filter(pk=int(article_id), live=True, killed_at=None).first()
    if article is None or article.is_embargoed:
        raise Http404
    if request.method == "POST":
        return _take(request, article)
    if "sent" in request.GET:
        return _page(request, article, {"is_sent": True})
    chosen, quote = request.GET.get("sentence", ""), without_controls(request.GET.get("quote", ""))[:LONGEST_MARK]
    notice = ""
    if chosen:
        is_same = request.GET.get("revision") == str(article.live_revision_id)
        place = marking.marked(article, chosen) if is_same or chosen == marking.WHOLE else None
        notice = "" if place else _("The story was changed meanwhile. Mark the sentence again.")
    else:
        place = marking.holding(article, quote) if quote.strip() else None
        if quote.strip() and place is None:
            notice = _("We don’t find these words in the story. Mark the sentence here.")
    if place is None:
        context = {"passages": list(marking.sentences(article)), "whole": marking.WHOLE, "notice": notice}
        return _page(request, article, context)
    initial = {
        "place": place.name,
        "quote": place.words.exact,
        "before": place.words.prefix,
        "after": place.words.suffix,
        "revision": article.live_revision_id or "",
    }
    return _page(request, article, {"form": ErrorForm(initial=initial), "quote": place.words.exact})


def _take(request: HttpRequest, article: Article) -> HttpResponse:
    sent = {name: without_controls(str(request.POST.get(name, ""))) for name in ErrorForm.base_fields}
    form = ErrorForm(sent)
    form.is_valid()
    revision = sent["revision"]
    found = actions.FoundError(
        text=sent["text"],
        place=sent["place"],
        wrong=Selector(sent["quote"], sent["before"], sent["after"]),
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) <= 18 else None,
        name=sent["name"],
        email=sent["email"],
        may_thank=bool(sent["may_thank"]),
        address=client_address(request),
    )
    status = 422
    if is_from_elsewhere(request):
        form.add_error(None, _("This came from another site. If it was you, send it once more from here."))
        status = 403
    elif sent["surname"]:
        form.add_error(None, _("Leave the last field empty: only machines fill it. Your words are kept; send again."))
    else:
        try:
            actions.report_error(article, found)
        except ValidationError as error:
            by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name, words in by_field.items():
                form.add_error(name if name in form.fields else None, words)
            status = 429 if getattr(error, "code", "") == "rate" else 422
        else:
            return redirect(reverse("report_error", args=[article.pk]) + "?sent=1")
    return _page(request, article, {"form": form, "quote": sent["quote"]}, status)


def _page(request: HttpRequest, article: Article, context: dict[str, Any], status: int = 200) -> HttpResponse:
    path = reverse("report_error", args=[article.pk])
    shared = {**pages.common(path, article.path), "canonical": "", "article": article, "here": path}
    return render(request, "newsroom/error_report.html", {**shared, **context}, status=status)
