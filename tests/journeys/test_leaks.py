"""What was held back, taken off or killed, looked for on the running server by somebody who knows every word of it."""

from pathlib import Path

import pytest

from tests.journeys.server import Reader, settle, work
from tests.secrets import STATES, crawl, leaks, without, word_of
from tests.tree import Tree

pytestmark = pytest.mark.journey

SEEDS = ["/", "/robots.txt", "/sitemap.xml", "/sitemap/news.xml", "/archive/", "/feed/", "/nowhere/", "/-/nothing/"]
BY_NUMBER = {
    "page": ["/desk/pages/{}/view_draft/", "/desk/api/main/pages/{}/", "/desk/pages/{}/edit/preview/"],
    "image": ["/desk/images/{}/preview/width-320/", "/desk/api/main/images/{}/", "/desk/images/usage/{}/"],
    "document": ["/-/documents/{}/" + word_of("killed") + "file.csv", "/desk/api/main/documents/{}/"],
}


def test_nothing_is_heard_of_what_readers_must_not_know(tree: Tree, place: Path, reader: Reader) -> None:
    reader.sees("/world/old-story-7/", "as it happened")
    kept = work(place, "keep_secrets")[0]
    settle(place)

    def get(target: str) -> bytes:
        reply = reader.get(target)
        head = "\n".join(f"{name}: {value}" for name, value in reply.headers.items())
        return without(target, head.encode() + b"\n\n" + reply.body)

    seeds = [*SEEDS, *kept["guesses"], *(f"/-/search/?q={word_of(state)}" for state in STATES)]
    for numbers in kept["numbers"]:
        seeds += [one.format(n) for noun, addresses in BY_NUMBER.items() for one in addresses for n in numbers[noun]]
    found = crawl(get, seeds)
    hidden = [state for state in STATES if state != "live"]
    told = {target: heard for target, reply in found.items() if (heard := leaks(reply, *hidden))}
    assert told == {}
    assert {"/", "/world/", "/feed/", "/sitemap/0.xml"} <= {t for t, reply in found.items() if leaks(reply, "live")}
