"""Nobody hears of a writer's mail address: by no page, feed, header, file, log or mail, nor of a digest of it."""

import base64
import hashlib
import logging
import re
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse

from stoppress.accounts.models import Role
from stoppress.comments import actions, hooks, vault
from stoppress.comments.links import confirm_path, own_path
from stoppress.comments.models import Comment, Machine, Mailbox, State, Writer
from stoppress.core.logs import JsonFormatter, LineFormatter
from stoppress.exporters.actions import export_json, export_wordpress
from stoppress.importers.discussions.actions import import_replies
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from stoppress.pagestore.models import Address
from stoppress.pagestore.serve.asgi import Front
from tests.canaries import Ears, address, spellings
from tests.conftest import SmallPublication
from tests.crawler import Crawler, patterns, whole
from tests.factories.accounts import UserFactory, somebody
from tests.factories.newsroom import ArticleFactory
from tests.importers.discussions import Said, Talk, coral, disqus, isso
from tests.importers.wxr import Post, Remark, write
from tests.secrets import crawl

pytestmark = pytest.mark.django_db

SEEDS = ["/", "/robots.txt", "/sitemap.xml", "/archive/", "/feed/", "/feed/atom/", "/feed/json/", "/-/search/?q=said"]
MAY_SEE: set[Role] = set()
"""Who may read the addresses of writers at the desk."""


@dataclass
class Scene:
    """A story, and everybody who has replied to it."""

    story: Article
    folder: Path
    addresses: dict[str, str] = field(default_factory=dict)
    answers: list[bytes] = field(default_factory=list)

    def canary(self, entrance: str) -> str:
        """An address that comes in there."""
        return self.addresses.setdefault(entrance, address(entrance))

    def send(self, entrance: str, **more: str) -> Comment:
        """Reply by the form, as a guest with this canary."""
        form = {"name": f"Voice of {entrance}", "email": self.canary(entrance), "text": f"Said by {entrance}.", **more}
        answer = Client().post(reverse("comments:write", args=[f"article:{self.story.pk}"]), form)
        assert answer.status_code == 302, answer.content
        self.answers.append(whole(answer))
        return Comment.objects.latest("pk")


def by_form(scene: Scene) -> None:
    first = scene.send("form")
    scene.send("answer", to=first.public_id)


def held_and_refused(scene: Scene) -> None:
    moderator = somebody(Role.MODERATOR)
    scene.send("held", text="A word on the casino.")
    actions.decide(scene.send("refused"), State.REFUSED, "other", moderator, "Rather not.")
    assert scene.send("trap", surname="x").state == State.SPAM
    banned = scene.send("banned")
    assert banned.writer is not None
    actions.ban(banned.writer, "Enough of this", moderator)


def changed_and_taken_back(scene: Scene) -> None:
    changed, removed = scene.send("changed"), scene.send("removed")
    form = {"text": "Said by changed, twice.", "email": scene.canary("change"), "name": "Nobody"}
    scene.answers.append(whole(Client().post(own_path(changed), form)))
    scene.answers.append(whole(Client().post(own_path(removed), {"remove": "1", "email": scene.canary("remove")})))
    for one in (changed, removed):
        scene.answers.append(whole(Client().post(confirm_path(one))))


def by_an_account(scene: Scene) -> None:
    client = Client()
    client.force_login(UserFactory(username="member", email=scene.canary("account"), is_staff=False))
    form = {"name": "", "text": "Said by account."}
    scene.answers.append(whole(client.post(reverse("comments:write", args=[f"article:{scene.story.pk}"]), form)))


def not_stored(scene: Scene) -> None:
    """What is not taken, or only looked at: its writer gets back what they typed, in an answer that nobody keeps."""
    for number, more in enumerate(({"text": ""}, {"preview": "1"}, {"website": "javascript:1"})):
        form = {"name": "Nobody", "email": scene.canary(f"refusal{number}"), "text": "Words.", **more}
        answer = Client().post(reverse("comments:write", args=[f"article:{scene.story.pk}"]), form)
        assert "no-store" in answer.headers["cache-control"]
        assert not answer.cookies


def by_wordpress(scene: Scene) -> None:
    remarks = [
        Remark(number, f"Said by {state} in WordPress.", email=scene.canary(f"wp{state}"), approved=state)
        for number, state in enumerate(("1", "0", "spam", "trash"), 1)
    ]
    import_wordpress(write(scene.folder, Post(1, "From elsewhere", remarks=remarks)), None)


def by_other_systems(scene: Scene) -> None:
    for system in (disqus, isso, coral):
        name = system.__name__
        said = [
            Said(number, f"Said by {state} in {name}.", state=state, email=scene.canary(f"{name}{state}"))
            for number, state in enumerate(("approved", "held", "deleted"), 1)
        ]
        import_replies(system(scene.folder, Talk("/world/ferry/", said)))


ENTRANCES: list[Callable[[Scene], None]] = [
    by_form,
    held_and_refused,
    changed_and_taken_back,
    by_an_account,
    not_stored,
    by_wordpress,
    by_other_systems,
]
"""Each lets writers with canaries in. Whoever builds another entrance adds it here."""


@pytest.fixture
def scene(publication: SmallPublication, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    settings.STOPPRESS_COMMENTS = "open"
    settings.STOPPRESS_COMMENTS_HELD_WORDS = ["casino"]
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    story: Article = ArticleFactory(section=publication.world, slug="ferry", headline="Ferry is back")
    drain()
    return Scene(story, tmp_path)


@pytest.fixture
def crawler(store: Path, settings: Any, tmp_path: Path) -> Iterator[Crawler]:
    front = Front(
        {"store": store, "media": settings.MEDIA_ROOT, "static": str(tmp_path), "app_socket": str(tmp_path / "no.sock")}
    )
    yield Crawler(front)
    front.close()


def test_no_address_is_heard_of_anywhere(
    scene: Scene, crawler: Crawler, store: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for entrance in ENTRANCES:
        entrance(scene)
    assert drain().failed == []
    inside = {vault.mail_digest(one) for one in scene.addresses.values()}
    assert set(Mailbox.objects.values_list("digest", flat=True)) <= inside
    assert len(inside) > 20
    inside |= {sealed for model in (Mailbox, Machine) for sealed in model.objects.values_list("sealed", flat=True)}
    ears = Ears(scene.addresses.values(), inside)

    assert heard_in({str(file): ears.hear_file(file) for file in files_of(store)}) == {}
    assert heard_in({str(number): ears.hear(answer) for number, answer in enumerate(scene.answers)}) == {}
    found = crawl(crawler.get, [*SEEDS, *Address.objects.values_list("path", flat=True), *public_addresses(scene)])
    assert heard_in({target: ears.hear(reply) for target, reply in found.items()}) == {}
    said = b"".join(found.values())
    assert b"Said by form." in said
    assert b"Said by changed, twice." in said
    for system in ("1 in WordPress", "approved in disqus", "approved in isso", "approved in coral"):
        assert f"Said by {system}.".encode() in said

    logged = [form.format(one) for one in caplog.records for form in (LineFormatter("app"), JsonFormatter("app"))]
    assert ears.hear("\n".join(logged).encode()) == set()
    assert {tuple(one.to) for one in mail.outbox} >= {(scene.addresses["form"],), (scene.addresses["held"],)}
    assert heard_in({one.to[0]: ears.hear_mail(one.message().as_bytes()) for one in mail.outbox}) == {}
    for number, export in enumerate((export_json, export_wordpress)):
        export(tmp_path / f"export-{number}", with_drafts=True)
    assert heard_in({str(file): ears.hear_file(file) for file in files_of(tmp_path, "export-*/**/*")}) == {}
    assert_database_hears_nothing(Ears(scene.addresses.values()))


def test_the_desk_shows_addresses_to_nobody_who_may_not_see_them(scene: Scene) -> None:
    for entrance in ENTRANCES:
        entrance(scene)
    ears = Ears(scene.addresses.values(), Mailbox.objects.values_list("digest", flat=True))
    opened, told = 0, {}
    for role in sorted({Role.MODERATOR, Role.PHOTO_DESK, Role.OPERATOR} - MAY_SEE):
        client = Client(raise_request_exception=False)
        client.force_login(somebody(role))
        for target in desk_addresses():
            reply = client.get(target, headers={"x-stoppress-fragment": "1"})
            assert reply.status_code < 500, target
            opened += reply.status_code == 200
            if heard := ears.hear(whole(reply)):
                told[f"{role}: {target}"] = heard
    assert opened > 10
    assert told == {}


def test_a_mail_server_that_names_the_address_is_not_quoted_in_the_log(
    scene: Scene, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Any, *_arguments: Any) -> int:
        (to,) = self.to
        raise smtplib.SMTPRecipientsRefused({to: (550, f"5.1.1 <{to}>: nobody of this name".encode())})

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    scene.send("bounced")
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


def public_addresses(scene: Scene) -> Iterator[str]:
    """What can be asked for outside the desk: every route with everything that could stand in it."""
    tokens = [
        path.rstrip("/").rpartition("/")[2]
        for one in Comment.objects.all()
        for path in (own_path(one), confirm_path(one))
    ]
    numbers = [str(one.pk) for one in Comment.objects.all()]
    public = [*Comment.objects.values_list("public_id", flat=True), *Writer.objects.values_list("public_id", flat=True)]
    values = {"token": tokens, "subject": [f"article:{scene.story.pk}"], "id": [*numbers, *public], "pk": numbers}
    for route, _names in patterns(get_resolver()):
        if route.startswith("-/replies/"):
            names = re.findall(r"<(?:\w+:)?(\w+)>", route)
            for value in {v for name in names for v in values.get(name, values["id"])} or {""}:
                filled = re.sub(r"<[^>]*>", lambda _found, v=value: v, route)  # type: ignore[misc]
                yield f"/{filled}"
                yield f"/{filled}?to={public[0]}"


def desk_addresses() -> Iterator[str]:
    """Every screen of the desk that has to do with replies, with each writer, each story and each queue."""
    subjects = {one.thread.subject for one in Comment.objects.select_related("thread")}
    public = Writer.objects.values_list("public_id", flat=True)
    numbers = [str(pk) for pk in Comment.objects.values_list("pk", flat=True)]
    values = {"name": ["held", "new", "spam", "refused", "decided"], "subject": subjects, "public_id": public}
    yield from ("/desk/", "/desk/reports/site-history/", "/desk/users/")
    for route, _names in patterns(get_resolver()):
        if route.startswith("desk/") and "repl" in route:
            names = re.findall(r"<(?:\w+:)?(\w+)>", route)
            for value in {v for name in names for v in values.get(name, numbers)} or {""}:
                yield "/" + re.sub(r"<[^>]*>", lambda _found, v=value: v, route)  # type: ignore[misc]


def assert_database_hears_nothing(ears: Ears) -> None:
    """Nothing stands in any table either, but for an account's own address in its account."""
    for model in apps.get_models():
        own = {"email"} if model.__name__ in {"User", "EmailAddress"} else set()
        names = [one.attname for one in model._meta.concrete_fields if one.attname not in own]
        rows = "\n".join(map(repr, model._default_manager.values_list(*names)))
        assert ears.hear(rows.encode()) == set(), model
