"""A small paper that can be searched, and a reader without scripts."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def _fresh_allowance() -> Iterator[None]:
    """No test is refused because of what another one asked."""
    from stoppress.search import limits  # noqa: PLC0415 - needs Django set up

    limits.ALLOWANCE.forget()
    yield
    limits.ALLOWANCE.forget()


@dataclass
class Page:
    """What a reader sees of a page of results."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def headlines(self) -> list[str]:
        found = re.findall(r'<h3 dir="auto"><a href="[^"]*">(.*?)</a></h3>', self.text)
        return [html.unescape(re.sub(r"</?mark>", "", one)) for one in found]

    @property
    def snippets(self) -> list[str]:
        return re.findall(r'<p class="snippet" dir="auto">(.*?)</p>', self.text)

    @property
    def heading(self) -> str:
        (found,) = re.findall(r'<h2 id="found">(.*?)</h2>', self.text)
        return re.sub(r"</?bdi>", "", html.unescape(found))

    def facet(self, name: str) -> dict[str, str]:
        """Labels of a facet's values, each with its count."""
        found = re.search(rf'aria-labelledby="facet-{name}">(.*?)</ul>', self.text, re.DOTALL)
        rows = re.findall(r"<bdi>(.*?)</bdi>.*?<span[^>]*>(.*?)</span>", found[1] if found else "")
        return {html.unescape(label): count for label, count in rows}

    def link(self, label: str) -> str:
        """Where the value of a facet leads."""
        (found,) = re.findall(rf'<a href="([^"]*)"[^>]*><bdi>{re.escape(label)}</bdi>', self.text)
        return html.unescape(found)


@pytest.fixture
def look() -> Callable[..., Page]:
    """Open a page of results, by its words or by its whole address."""
    client = Client()

    def open_page(q: str | None = None, address: str = "/-/search/", **more: Any) -> Page:
        given = {**({} if q is None else {"q": q}), **more}
        answer = client.get(f"{address}?{urlencode(given)}" if given else address)
        return Page(answer.status_code, answer.content.decode(), dict(answer.headers))

    return open_page


@pytest.fixture
def settle() -> Callable[[], None]:
    """Derive and index everything, as the running tree does."""
    from stoppress.pagestore import actions as pagestore  # noqa: PLC0415 - needs Django set up
    from stoppress.search import actions  # noqa: PLC0415 - as above

    def until_quiet() -> None:
        assert pagestore.drain().failed == []
        actions.index_all()

    return until_quiet
