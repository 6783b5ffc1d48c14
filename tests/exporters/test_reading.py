"""What is read is of one moment."""

import threading

import pytest
from django.db import connection

from stoppress.exporters.reading import one_moment
from stoppress.newsroom.models import Author


@pytest.mark.django_db(transaction=True)
def test_what_others_write_meanwhile_is_not_seen_and_they_need_not_wait() -> None:
    def write() -> None:
        Author.objects.create(name="Ada", slug="ada")
        connection.close()

    with one_moment():
        assert Author.objects.count() == 0
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert Author.objects.count() == 0
    assert Author.objects.count() == 1
