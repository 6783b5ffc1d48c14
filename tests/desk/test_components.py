"""The page that shows what reader pages are made of."""

import pytest
from django.test import Client

from stoppress.accounts.models import Role
from stoppress.desk.components import SIZES
from stoppress.newsroom.looks import LOOKS
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/newsroom/components/"


def test_every_size_and_design_is_shown_to_staff_alone(publication: SmallPublication, client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302
    client.force_login(somebody(Role.REPORTER))
    html = client.get(ADDRESS).content.decode()
    assert [size for size in SIZES if f'class="card {size}' not in html] == []
    assert [design for design in LOOKS if f'class="article is-{design}"' not in html] == []
    assert html.count('id="connect"') == 1
    assert 'class="more-on"' in html
    assert "Click to comment" in html
