"""Nobody hears of a writer's mail address: by no page, feed, header, file, log or mail, nor of a digest of it."""

import base64
import hashlib
import logging
import re
import smtplib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse

from stoppress.accounts.models import Role
from stoppress.comments import hooks, vault
from stoppress.comments.links import appeal_path, confirm_path, no_mail_path, own_path, unfollow_path
from stoppress.comments.models import Comment, Decision, Machine, Mailbox, Report, Writer
from stoppress.core.logs import JsonFormatter, LineFormatter, SharedFileHandler
from stoppress.exporters.actions import export_json, export_wordpress
from stoppress.pagestore.actions import drain
from stoppress.pagestore.models import Address
from stoppress.pagestore.serve.asgi import Front
from tests.canaries import Ears, address, spellings
from tests.comments.entrances import Scene, let_everybody_in
from tests.conftest import SmallPublication
from tests.crawler import Crawler, patterns, whole
from tests.factories.accounts import somebody
from tests.factories.newsroom import ArticleFactory
from tests.secrets import crawl

pytestmark = pytest.mark.django_db

SEEDS = ["/", "/robots.txt", "/sitemap.xml", "/archive/", "/feed/", "/feed/atom/", "/feed/json/", "/-/search/?q=said"]
SEEDS += ["/corrections/", "/-/metrics/", "/-/health/", "/nowhere/", "/404.html", "/410.html", "/-/replies/own/none/"]
A_FEW = 3
LOG_BYTES = 20_000
SYSTEMS = ("disqus", "isso", "coral")
MAY_SEE: set[Role] = set()
"""Who may read the addresses of writers at the desk."""


@pytest.fixture
def scene(publication: SmallPublication, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.STOPPRESS_COMMENTS = "open"
    settings.STOPPRESS_COMMENTS_SURGE = 0
    settings.STOPPRESS_COMMENTS_HELD_WORDS = ["casino"]
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    story = ArticleFactory(section=publication.world, slug="ferry", headline="Ferry is back")
    asked = ArticleFactory(section=publication.world, slug="asked", headline="Ask us")
    drain()
    return Scene(story, asked, tmp_path)


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Path]:
    """Where everything is logged that anything says, in both forms, in files that are soon full."""
    root, folder = logging.getLogger(), tmp_path / "logs"
    before = root.level
    handlers = [SharedFileHandler(str(folder / name), LOG_BYTES, 500) for name in ("text.log", "json.log")]
    for handler, form in zip(handlers, (LineFormatter("app"), JsonFormatter("app")), strict=True):
        handler.setFormatter(form)
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield folder
    root.setLevel(before)
    for handler in handlers:
        root.removeHandler(handler)


@pytest.fixture
def crawler(store: Path, settings: Any, tmp_path: Path) -> Iterator[Crawler]:
    front = Front(
        {"store": store, "media": settings.MEDIA_ROOT, "static": str(tmp_path), "app_socket": str(tmp_path / "no.sock")}
    )
    yield Crawler(front)
    front.close()


def test_no_address_is_heard_of_anywhere(
    scene: Scene, crawler: Crawler, store: Path, tmp_path: Path, logs: Path
) -> None:
    let_everybody_in(scene)
    assert drain().failed == []
    inside = {vault.mail_digest(one) for one in scene.addresses.values()}
    assert set(Mailbox.objects.values_list("digest", flat=True)) <= inside | {vault.mail_digest("reader@mail.example")}
    assert len(inside) > 60
    sealed = [one.objects.values_list("sealed", flat=True) for one in (Mailbox, Machine, Report)]
    inside |= {one for some in sealed for one in some if one}
    ears = Ears(scene.addresses.values(), inside)

    assert heard_in({str(file): ears.hear_file(file) for file in files_of(store)}) == {}
    assert heard_in({str(number): ears.hear(answer) for number, answer in enumerate(scene.answers)}) == {}
    found = crawl(crawler.get, [*SEEDS, *Address.objects.values_list("path", flat=True), *public_addresses(scene)])
    assert heard_in({target: ears.hear(reply) for target, reply in found.items()}) == {}
    said = b"".join(found.values())
    for words in ("form", "changed, twice", "api", "drawer", "question", "answered", "account by link"):
        assert f"Said by {words}.".encode() in said, words
    for words in ("approved in an export", "1 in WordPress", *(f"approved in {one}" for one in SYSTEMS)):
        assert f"Said by {words}.".encode() in said, words
    assert b"Thanks to Ida of corrected" in said
    assert b"stoppress_" in found["/-/metrics/"]

    written = files_of(logs)
    assert {one.name for one in written} > {"text.log", "text.log.1", "json.log", "json.log.1"}
    assert heard_in({str(file): ears.hear_file(file) for file in written}) == {}
    told = {tuple(one.to) for one in mail.outbox}
    for entrance in ("form", "held", "api", "drawer", "stranger", "followthis", "reportillegal", "appealgranted"):
        assert (scene.addresses[entrance],) in told, entrance
    assert (scene.addresses["errorcorrected"],) in told
    assert heard_in({one.to[0]: ears.hear_mail(one.message().as_bytes()) for one in mail.outbox}) == {}
    for number, export in enumerate((export_json, export_wordpress)):
        export(tmp_path / f"export-{number}", with_drafts=True)
    assert heard_in({str(file): ears.hear_file(file) for file in files_of(tmp_path, "export-*/**/*")}) == {}
    plain = Ears(scene.addresses.values())
    assert heard_in({str(number): plain.hear(row.encode()) for number, row in enumerate(scene.tasks)}) == {}
    assert_database_hears_nothing(plain)


def test_the_desk_shows_addresses_to_nobody_who_may_not_see_them(scene: Scene) -> None:
    let_everybody_in(scene)
    ears = Ears(scene.addresses.values(), [*Mailbox.objects.values_list("digest", flat=True), *sealed_reports()])
    opened, told = set(), {}
    for role in sorted({Role.MODERATOR, Role.PUBLISHER, Role.PHOTO_DESK, Role.OPERATOR} - MAY_SEE):
        client = Client(raise_request_exception=False)
        client.force_login(somebody(role))
        for route, targets in desk_addresses(scene).items():
            for target in targets:
                reply = client.get(target, headers={"x-stoppress-fragment": "1"})
                assert reply.status_code < 500, target
                if reply.status_code != 200:
                    break  # this role sees none of these
                opened.add(route)
                if heard := ears.hear(whole(reply)):
                    told[f"{role}: {target}"] = heard
    assert told == {}
    assert len(opened) > 20
    screens = {route for route in desk_addresses(scene) if "replies" in route and "/do/" not in route}
    assert opened >= screens - {"desk/newsroom/replies/"}  # that leads to the first of them


@pytest.mark.parametrize("entrance", ["form", "api", "drawer", "report", "error"])
def test_a_fault_with_an_address_in_hand_says_nothing_of_it(
    scene: Scene, logs: Path, monkeypatch: pytest.MonkeyPatch, entrance: str
) -> None:
    """Whatever fails may name what it failed on."""

    def fail(*values: Any, **_named: Any) -> Any:
        raise LookupError(f"There is nothing like {values} of {scene.addresses}")

    subject = f"article:{scene.story.pk}"
    one = scene.send("before")
    form = {"name": "Ada", "email": scene.canary("fault"), "text": "Words.", "ground": "abuse"}
    for name in ("writer_of", "mail_digest", "sealed"):
        monkeypatch.setattr(vault, name, fail)
    monkeypatch.setattr("stoppress.newsroom.actions.errors.seal", fail)
    places = {
        "form": reverse("comments:write", args=[subject]),
        "api": reverse("comments:api_send", args=[subject]),
        "drawer": reverse("comments:my"),
        "report": reverse("comments:report", args=[one.public_id]),
        "error": reverse("report_error", args=[scene.story.pk]),
    }
    client = Client(raise_request_exception=False)
    if entrance == "api":
        form.pop("ground")
        answer = client.post(places["api"], form, "application/json")
    else:
        answer = client.post(places[entrance], form)
    assert answer.status_code == 500
    ears = Ears(scene.addresses.values())
    assert ears.hear(whole(answer)) == set()
    written = files_of(logs)
    assert b"LookupError" in b"".join(file.read_bytes() for file in written)
    assert heard_in({str(file): ears.hear_file(file) for file in written}) == {}


def test_a_mail_server_that_names_the_address_is_not_quoted_in_the_log(
    scene: Scene, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Any, *_arguments: Any) -> int:
        (to,) = self.to
        raise smtplib.SMTPRecipientsRefused({to: (550, f"5.1.1 <{to}>: nobody of this name".encode())})

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    scene.send("bounced")
    scene.do_tasks()
    assert "was not sent" in caplog.text
    lines = "\n".join(LineFormatter("tasks").format(one) for one in caplog.records)
    assert Ears(scene.addresses.values()).hear(lines.encode()) == set()


@pytest.mark.parametrize("spelt", sorted({*spellings(address("control"))}))
def test_the_ears_hear(spelt: str) -> None:
    """The control: whatever the crawl listens for is heard when it is said."""
    ears = Ears([address("control")])
    for name in ("md5", "sha1", "sha256"):
        digest = hashlib.new(name, spelt.encode())
        for form in (digest.hexdigest(), digest.hexdigest().upper(), digest.hexdigest()[:20]):
            assert ears.hear(f'<img src="//faces.example/{form}?d=mm">'.encode())
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            assert ears.hear(b'{"face": "' + encode(digest.digest()) + b'"}')
    for form in (spelt, spelt.replace("@", "&#64;"), spelt.replace("@", "%40"), spelt.replace("@", "\\u0040")):
        assert ears.hear(form.encode())
    assert not ears.hear(b"Nothing is said of anybody at example.org, in 0123456789abcdef0123456789abcdef either.")


def heard_in(places: dict[str, set[str]]) -> dict[str, set[str]]:
    """Those where something was heard."""
    return {place: heard for place, heard in places.items() if heard}


def files_of(folder: Path, pattern: str = "**/*") -> list[Path]:
    """Every file there."""
    return [file for file in sorted(folder.glob(pattern)) if file.is_file()]


def sealed_reports() -> list[str]:
    """Addresses of those who reported something, as they are kept."""
    return [one for one in Report.objects.values_list("sealed", flat=True) if one]


def public_addresses(scene: Scene) -> Iterator[str]:
    """What can be asked for outside the desk: every route with everything that could stand in it."""
    comments = list(Comment.objects.select_related("thread"))
    links = {
        "own": [own_path(one) for one in comments],
        "confirm": [confirm_path(one) for one in comments],
        "unfollow": [unfollow_path(one) for one in comments if one.is_followed],
        "unfollow/address": [no_mail_path(vault.sealed(address("known")))],
        "appeal": [appeal_path(one) for one in Decision.objects.filter(by__isnull=False)],
    }
    yield from (link for some in links.values() for link in some)
    a_few = [some[0].rstrip("/").rpartition("/")[2] for some in links.values()]
    public = [one.public_id for one in comments]
    numbers = [*(str(one.pk) for one in comments[:A_FEW]), *Writer.objects.values_list("public_id", flat=True)[:A_FEW]]
    subjects = [f"article:{one.pk}" for one in (scene.story, scene.asked)]
    values = {"token": a_few, "subject": subjects, "public_id": [*public, *numbers], "form": ["jsonl", "txt"]}
    for route, _names in patterns(get_resolver()):
        if route.startswith(("-/replies/", "-/errors/")):
            names = re.findall(r"<(?:\w+:)?(\w+)>", route)
            for value in {v for name in names for v in values.get(name, [str(scene.story.pk), *numbers])} or {""}:
                filled = re.sub(r"<[^>]*>", lambda _found, v=value: v, route)  # type: ignore[misc]
                yield f"/{filled}"
            yield f"/{filled}?to={public[0]}&sent=1"


def desk_addresses(scene: Scene) -> dict[str, list[str]]:
    """Every screen of the desk that has to do with readers, by route: with each writer, each story and each queue."""
    subjects = [f"article:{one.pk}" for one in (scene.story, scene.asked)]
    queues = ["held", "reported", "appeals", "new", "spam", "refused", "decided"]
    writers = list(Writer.objects.filter(comments__isnull=False).distinct().values_list("public_id", flat=True))
    values = {"subject": subjects, "public_id": writers, "article_id": [str(scene.story.pk)]}
    found = {one: [one] for one in ("/desk/", "/desk/users/")}
    for route, _names in patterns(get_resolver()):
        if not route.startswith("desk/"):
            continue
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if any(part in route for part in ("/replies/", "/errors/", "/correct/")):
            own = {**values, "name": queues if "replies" in route else ["open", "decided"]}
            some = sorted({v for name in names for v in own.get(name, ["1"])} or {""})
            found[route] = ["/" + re.sub(r"<[^>]*>", lambda _found, v=v: v, route) for v in some]  # type: ignore[misc]
        elif "/reports/" in route and not names:
            found[route] = [f"/{route}", f"/{route}?export=csv", f"/{route}?export=xlsx"]
    found["figures as CSV"] = [reverse("desk:replies_figures") + "?as=csv"]
    return found


def assert_database_hears_nothing(ears: Ears) -> None:
    """Nothing stands in any table either, but for an account's own address in its account."""
    for model in apps.get_models():
        own = {"email"} if model.__name__ in {"User", "EmailAddress"} else set()
        names = [one.attname for one in model._meta.concrete_fields if one.attname not in own]
        rows = "\n".join(map(repr, model._default_manager.values_list(*names)))
        assert ears.hear(rows.encode()) == set(), model
