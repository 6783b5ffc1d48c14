"""A form that arrives in pieces is answered, not a fault: nothing is saved, and a whole one goes through after it."""

import pytest
from django.test import Client
from django.urls import reverse

from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.desk.test_desk_writes import chief, form

pytestmark = pytest.mark.django_db
__all__ = ["chief"]

DAMAGES = [
    {"body-count": "x"},
    {"body-count": "2"},
    {"body-0-value": '{"blocks":'},
    {"body-0-value": '{"blocks":null}'},
    {"body-0-type": "gallery"},
    {"body-0-type": "table"},
    {"lead_picture": "x"},
    {"story": "\x00"},
]


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_a_damaged_form_is_said_to_be_damaged(
    chief: Client, publication: SmallPublication, damage: dict[str, str]
) -> None:
    place = reverse("wagtailadmin_pages:add", args=["newsroom", "article", publication.world.pk])
    answer = chief.post(place, {**form("Ferry is back", "ferry"), **damage})
    assert answer.status_code == 400
    assert "nothing was saved" in answer.content.decode()
    assert not Article.objects.filter(slug="ferry").exists()
    unheard = chief.post(place, {**form("Ferry is back", "ferry"), **damage}, headers={"accept": "application/json"})
    assert (unheard.status_code, unheard.json()["success"]) == (400, False)


@pytest.mark.parametrize("name", ["kill", "whereabouts", "checks", "correct", "public_versions"])
def test_a_number_that_no_row_can_have_is_no_address(chief: Client, publication: SmallPublication, name: str) -> None:
    address = reverse(f"desk:{name}", args=[publication.world.pk]).replace(f"/{publication.world.pk}/", f"/{'9' * 30}/")
    assert chief.get(address).status_code == 404


@pytest.mark.parametrize("name", ["bylines", "topics"])
def test_rows_without_number_are_refused_before_they_are_built(
    chief: Client, publication: SmallPublication, name: str
) -> None:
    place = reverse("wagtailadmin_pages:add", args=["newsroom", "article", publication.world.pk])
    forged = {f"{name}-TOTAL_FORMS": "1000", f"{name}-INITIAL_FORMS": "0"}
    answer = chief.post(place, {**form("Ferry is back", "ferry"), **forged})
    assert answer.status_code == 200
    assert 0 < answer.content.decode().count(f'id="id_{name}-') < 1000
    assert not Article.objects.filter(slug="ferry").exists()
