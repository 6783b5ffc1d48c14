"""Sessions that let nobody in any more."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from stoppress.accounts.actions import remove_expired_sessions

pytestmark = pytest.mark.django_db


def test_expired_sessions_go() -> None:
    for _ in range(3):
        SessionStore().create()
    expired = Session.objects.order_by("pk")[:2]
    Session.objects.filter(pk__in=[one.pk for one in expired]).update(expire_date=timezone.now() - timedelta(days=1))
    assert remove_expired_sessions(is_dry=True) == 2
    assert Session.objects.count() == 3
    assert remove_expired_sessions() == 2
    assert Session.objects.count() == 1
