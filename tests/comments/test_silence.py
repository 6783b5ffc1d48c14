"""Whoever never wants to hear from us is never written to again, whatever strangers do with their address."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from stoppress.accounts.models import Role
from stoppress.comments import actions
from stoppress.comments.links import confirm_path
from stoppress.comments.models import Comment, NoMail, State
from stoppress.newsroom.models import Article
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_to_all")]
VIC = "vic@example.org"
DoTasks = Callable[[], None]


def link_in(body: str) -> str:
    found = re.search(r"/-/replies/unfollow/address/\S+", body)
    assert found is not None, body
    return found[0]


def test_never_again_and_again(story: Article, client: Client, do_tasks: DoTasks) -> None:
    first = reply_to(story, "Signed with the address of somebody else.", email=VIC)
    do_tasks()
    link = link_in(mail.outbox.pop().body)
    assert "Never write to my address again" in client.get(link).content.decode()
    assert not NoMail.objects.exists()  # programs that open links have changed nothing
    assert client.post(link, {"act": "stop"}).status_code == 302
    assert "gets no mail about replies or reported errors any more" in client.get(link).content.decode()
    client.post(link)  # as mail programs do it, and twice
    # Whatever a stranger does with the address now:
    reply_to(story, "Once more.", email=" VIC@example.org", follow=True)
    client.post(reverse("comments:my"), {"email": VIC})
    form = {"ground": "abuse", "email": VIC}
    client.post(reverse("comments:report", args=[first.public_id]), form)
    # And what its owner had asked for before, or would be told:
    client.post(confirm_path(first))
    Comment.objects.filter(pk=first.pk).update(is_followed=True)
    reply_to(story, "An answer.", to=first.public_id, email="other@example.org")
    assert first.writer is not None
    actions.caution(first.writer, "Be kind.", somebody(Role.MODERATOR))
    do_tasks()
    assert [one.to for one in mail.outbox] == [["other@example.org"]]
    assert client.post(link, {"act": "again"}).status_code == 302
    assert "Never write to my address again" in client.get(link).content.decode()
    client.post(reverse("comments:my"), {"email": VIC})
    do_tasks()
    assert mail.outbox[-1].to == [VIC]


def test_every_mail_that_a_stranger_can_cause_has_the_link(story: Article, client: Client, do_tasks: DoTasks) -> None:
    one = reply_to(story, email=VIC)
    client.post(reverse("comments:my"), {"email": VIC})
    client.post(reverse("comments:report", args=[one.public_id]), {"ground": "abuse", "email": VIC})
    do_tasks()
    assert len(mail.outbox) == 3
    for sent in mail.outbox:
        assert "Never write" in client.get(link_in(sent.body)).content.decode()


def test_a_link_of_ours_alone_and_of_this_instance(story: Article, client: Client, do_tasks: DoTasks) -> None:
    reply_to(story, email=VIC)
    do_tasks()
    link = link_in(mail.outbox[0].body)
    for wrong in (f"{link[:-4]}abc/", reverse("comments:no_mail", args=["x:y:z"])):
        assert client.get(wrong).status_code == client.post(wrong).status_code == 404


def test_what_is_kept_of_it_is_given_out_and_survives_their_erasure(story: Article, do_tasks: DoTasks) -> None:
    reply_to(story, email=VIC)
    do_tasks()
    actions.silence(link_in(mail.outbox.pop().body).split("/")[-2])
    assert "no-mail" in {one["record"] for one in actions.export_person(VIC)}
    actions.erase_person(VIC)
    assert reply_to(story, "They are back.", email=VIC).state == State.APPROVED
    do_tasks()
    assert not mail.outbox
    assert actions.allow_mail(VIC)
    assert not actions.allow_mail(VIC)
