"""Random sequences of what newsrooms do, through actions and through Wagtail's own calls, against the oracle."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoppress.comments import hooks, keys
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Series, Story, Topic
from stoppress.newsroom.setup import create_publication
from tests.factories.media import AttachmentFactory, PictureFactory
from tests.factories.newsroom import lay_ground
from tests.pagestore import oracle
from tests.pagestore.acts import ACTS, Act, one_step, publish
from tests.pagestore.desk_acts import DESK_ACTS
from tests.pagestore.front_acts import FRONT_ACTS
from tests.pagestore.record_acts import RECORD_ACTS
from tests.pagestore.reply_acts import REPLY_ACTS
from tests.pagestore.rule_acts import RULE_ACTS
from tests.pagestore.trust_acts import TRUST_ACTS

ALL_ACTS = [*ACTS, *DESK_ACTS, *FRONT_ACTS, *RECORD_ACTS, *REPLY_ACTS, *RULE_ACTS, *TRUST_ACTS]
NUMBERS = st.integers(min_value=0, max_value=40)


@pytest.fixture
def short_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few replies fill pages, and counts follow at once, so that a drained store is up to date."""
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    monkeypatch.setattr(keys, "ROOTS_ON_A_PAGE", 2)
    monkeypatch.setattr(keys, "REPLIES_ON_A_PAGE", 2)


@pytest.fixture
def newsroom_at_work(db: None, settings: Any) -> None:
    """What every sequence begins with; nothing is derived or baked yet."""
    settings.STOPPRESS_COMMENTS = "open"
    lay_ground()
    home = create_publication("The Test Gazette")
    for title in ("World", "Local", "Sports"):
        newsroom.create_section(home, title, title.lower())
    for i in range(2):
        newsroom.create_author(f"Author {i}", f"author-{i}")
        PictureFactory(width=48, height=32 + i, title=f"Picture {i}")
        AttachmentFactory(filename="minutes.txt", title=f"Minutes {i}")
        for kind in (Topic, Story, Series):
            kind.objects.create(name=f"{kind.__name__} {i}", slug=f"{kind.noun}-{i}")
    for i in range(4):
        publish(i, i)


@pytest.mark.long
@pytest.mark.usefixtures("short_threads", "newsroom_at_work")
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    sequence=st.lists(st.tuples(st.sampled_from(ALL_ACTS), NUMBERS, NUMBERS), min_size=3, max_size=14),
    has_history=st.booleans(),
)
def test_whatever_a_newsroom_does_the_store_equals_a_fresh_bake(
    sequence: list[tuple[Act, int, int]], has_history: bool, settings: Any
) -> None:
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        settings.STOPPRESS_STORE = Path(folder) / "store"
        settings.STOPPRESS_PUBLIC_HISTORY = has_history
        one_step(0, 0)
        for act, n, m in sequence:
            act(n, m)
        oracle.assert_true(Path(folder) / "fresh")
        transaction.set_rollback(True)
