"""A service elsewhere that is asked of each reply: what it is told, and that without an answer nothing goes out."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from stoppress.accounts.models import Role
from stoppress.comments import actions
from stoppress.comments.asking import ask_of, edited_of
from stoppress.comments.models import Comment, Decision, State
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import baked_ferry

pytestmark = pytest.mark.django_db


class Service(http.server.ThreadingHTTPServer):
    """Answers as it is told to; keeps what it was told."""

    daemon_threads = True
    status, answer = 200, b"false"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.heard: list[dict[str, list[str]]] = []


class Visit(http.server.BaseHTTPRequestHandler):
    """One question."""

    server: Service

    def do_POST(self) -> None:
        """Answer it."""
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.heard.append(parse_qs(body, keep_blank_values=True))
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.STOPPRESS_COMMENTS_SPAM_SERVICE = f"http://127.0.0.1:{server.server_address[1]}/1.1/comment-check"
    settings.STOPPRESS_SPAM_SERVICE_KEY = "open sesame"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "open"
    ferry = baked_ferry()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    return ferry


def now(comment: Comment) -> tuple[str, list[str]]:
    """Where it stands, and why it came to that."""
    comment.refresh_from_db()
    return comment.state, [one.reason for one in comment.decisions.order_by("pk")]


def test_what_it_is_told(story: Article, service: Service) -> None:
    comment = reply_to(story, "Words & more", name="Ada", email="secret@example.org", address="203.0.113.7")
    assert now(comment) == (State.APPROVED, ["asked-elsewhere", "service-fine"])
    (heard,) = service.heard
    assert heard["comment_content"] == ["Words & more"]
    assert heard["user_ip"] == ["203.0.113.7"]
    assert heard["permalink"][0].endswith("/world/ferry/")
    assert heard["api_key"] == ["open sesame"]
    assert "secret" not in repr(heard)
    assert comment.writer is not None
    comment.writer.refresh_from_db()
    assert comment.writer.approved == 1


def test_what_it_calls_spam(story: Article, service: Service) -> None:
    service.answer = b"true"
    assert now(reply_to(story)) == (State.SPAM, ["asked-elsewhere", "service-spam"])


def test_what_others_hold_is_not_asked_of(story: Article, service: Service, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS_HELD_WORDS = ["casino"]
    assert now(reply_to(story, "The casino burns")) == (State.HELD, ["held-word"])
    assert now(reply_to(story, user=somebody(Role.MODERATOR), email="")) == (State.APPROVED, ["nothing-found"])
    assert service.heard == []


@pytest.mark.parametrize(("status", "answer"), [(500, b"false"), (200, b"invalid"), (302, b""), (200, b"x" * 10_000)])
def test_without_an_answer_it_stays_held(story: Article, service: Service, status: int, answer: bytes) -> None:
    service.status, service.answer = status, answer
    comment = reply_to(story)
    assert now(comment) == (State.HELD, ["asked-elsewhere"])
    ask_of.call(comment.pk, "", 2)  # the last try
    assert now(comment) == (State.HELD, ["asked-elsewhere", "no-answer"])


def test_nobody_there(story: Article, service: Service, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS_SPAM_SERVICE = "http://127.0.0.1:9/"
    assert now(reply_to(story)) == (State.HELD, ["asked-elsewhere"])


def test_whoever_was_faster_is_right(story: Article, service: Service) -> None:
    service.status = 500
    moderator = somebody(Role.MODERATOR)
    refused, changed = reply_to(story), reply_to(story)
    actions.decide(refused, State.REFUSED, "insult", moderator)
    before = edited_of(changed)
    actions.change_own(changed, "Other words altogether")
    service.status, service.answer = 200, b"false"
    ask_of.call(refused.pk, "")
    ask_of.call(changed.pk, before)
    assert now(refused)[0] == State.REFUSED
    assert now(changed)[0] == State.HELD  # the answer was for other words
    ask_of.call(changed.pk, edited_of(changed))
    assert now(changed) == (State.APPROVED, ["asked-elsewhere", "changed: asked-elsewhere", "service-fine"])
    assert Decision.objects.filter(comment=refused).count() == 2
    ask_of.call(10**9, "")
