"""Look-ups that are written once find what the same ones written anew find."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stoppress.comments.models import Thread, Writer
from stoppress.core.prepared import Prepared

pytestmark = pytest.mark.django_db


def by_subject() -> Prepared:
    return Prepared(lambda subject: Thread.objects.filter(subject=subject), (Thread, "subject"))


def test_it_finds_objects_as_they_are_now() -> None:
    threads = by_subject()
    assert threads.first("article:1") is None
    made = Thread.objects.create(subject="article:1", frozen_at=timezone.now())
    found = threads.first("article:1")
    assert found == made
    assert (found.frozen_at, found.questions_from) == (made.frozen_at, None)
    found.count = 7
    found.save()
    assert threads.first("article:1").count == 7
    made.delete()
    assert threads.all("article:1") == []


def test_a_value_is_a_value_whatever_it_says() -> None:
    hostile = "%s' OR '1'='1\";--%(a)s"
    Thread.objects.create(subject="article:1")
    Thread.objects.create(subject=hostile)
    assert [one.subject for one in by_subject().all(hostile)] == [hostile]
    assert by_subject().all("' OR 1=1 --") == []


def test_each_length_of_a_list_is_asked_for() -> None:
    for number in range(5):
        Thread.objects.create(subject=f"article:{number}", count=number)
    counts = Prepared(
        lambda subjects: Thread.objects.filter(subject__in=subjects).order_by("count").values_list("count"),
        (Thread, "subject"),
    )
    for length in (3, 1, 5, 3):
        asked = [f"article:{number}" for number in range(length)]
        assert counts.all(asked) == [(number,) for number in range(length)]
    assert counts.all([]) == []


def test_times_are_compared_and_come_back_as_the_orm_has_them() -> None:
    now = timezone.now()
    for days in range(4):
        one = Writer.objects.create(approved=days)
        Writer.objects.filter(pk=one.pk).update(made_at=now - timedelta(days=days))
    since = Prepared(
        lambda start, approved: (
            Writer.objects.filter(made_at__gte=start, approved__in=approved)
            .order_by("-made_at")
            .values_list("made_at", "is_verified")[:2]
        ),
        (Writer, "made_at"),
        (Writer, "approved"),
    )
    assert since.all(now - timedelta(days=3), [1, 2, 3]) == [
        (now - timedelta(days=1), False),
        (now - timedelta(days=2), False),
    ]
    assert since.all(now - timedelta(days=1), [3]) == []


def test_it_is_one_query() -> None:
    threads = by_subject()
    with CaptureQueriesContext(connection) as queries:
        threads.first("article:1")
        threads.first("article:2")
    assert len(queries) == 2
