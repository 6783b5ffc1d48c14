"""*Connect with us* stands once on every page as the desk wrote it, and leads nowhere that it must not."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from stoppress.accounts.models import Role
from stoppress.audience.addresses import check_address
from stoppress.audience.models import Connections
from stoppress.pagestore import actions, outbox
from stoppress.pagestore.models import BakeTask, Priority
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.newsroom import ArticleFactory
from tests.newsroom.test_pages import page

pytestmark = pytest.mark.django_db
FORM = "/desk/settings/audience/connections/"


def form_of(client: Client) -> str:
    """Where the desk's menu leads in the end."""
    return client.get(FORM).headers["Location"]


@pytest.mark.parametrize(
    "address",
    ["https://social.example/@gazette", "http://[::1]/", "mailto:us@gazette.example", "/topic/harbour/feed/"],
)
def test_an_address_that_is_one(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "mailto:nobody",
        "mailto://a@b.example",
        "https://",
        "https://[",
        "gazette.example",
        " /feed/",
        "/a\nb",
        "",
    ],
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ValidationError):
        check_address(address)


def test_pages_follow_what_a_publisher_saves(publication: SmallPublication, store: Path, client: Client) -> None:
    article = ArticleFactory(section=publication.world)
    footer = page(store, "/").partition("<footer")[2]
    assert "Connect with us" in footer
    assert '<a href="/feed/" rel="me">' in footer
    client.force_login(somebody(Role.PUBLISHER))
    links = [("The <Harbour>", "https://social.example/@gazette"), ("Write to us", "mailto:us@gazette.example")]
    form = {"links-count": "2", "newsletter": "https://letters.example/", "imprint": "Harbour Press\nFish Street 1"}
    for number, (label, address) in enumerate(links):
        form |= {f"links-{number}-deleted": "", f"links-{number}-order": str(number), f"links-{number}-type": "link"}
        form |= {f"links-{number}-id": "", f"links-{number}-value-label": label}
        form |= {f"links-{number}-value-address": address}
    assert client.post(form_of(client), form).status_code == 302
    assert [link.label for link in Connections.objects.get().shown()] == ["The <Harbour>", "Write to us", "Newsletter"]

    while outbox.derive() is not None:
        continue
    assert min(BakeTask.objects.values_list("priority", flat=True)) == Priority.SWEEP
    for path in ("/", "/world/", article.public_path):
        html = page(store, path)
        body, _tag, footer = html.partition("<footer")
        shown = body if path == article.public_path else footer
        assert shown.index("The &lt;Harbour&gt;") < shown.index("Write to us") < shown.index("Newsletter")
        assert html.count("https://letters.example/") == html.count("Connect with us") == 1
        assert "Harbour Press<br>Fish Street 1" in footer
        assert "/feed/" not in footer  # its box was not ticked
    assert actions.drain().failed == []


def test_what_is_wrong_is_said_and_nothing_is_saved(publication: SmallPublication, client: Client) -> None:
    client.force_login(somebody(Role.PUBLISHER))
    form = {"links-count": "0", "newsletter": "javascript:alert(1)", "imprint": ""}
    reply = client.post(form_of(client), form)
    assert reply.status_code == 200
    assert "begins with https://" in reply.content.decode()
    assert not Connections.objects.exclude(newsletter="").exists()


def test_who_does_not_speak_for_the_paper_may_not(publication: SmallPublication, client: Client) -> None:
    client.force_login(somebody(Role.REPORTER))
    assert client.get(FORM).status_code == 302
    there = Connections.objects.create()
    client.post(f"{FORM}{there.pk}/", {"links-count": "0", "imprint": "Mine"})
    assert not Connections.objects.filter(imprint="Mine").exists()
