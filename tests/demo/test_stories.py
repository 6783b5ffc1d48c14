"""What the sample says: the founding story above all, which must claim nothing that its facts don't."""

import re
from pathlib import Path

import pytest

import stoppress.demo
from stoppress.demo.people import PEOPLE
from stoppress.demo.pictures import ALT, CROPS, SCENES, draw
from stoppress.demo.shelves import GUESTS
from stoppress.demo.stories import all_stories, founding

FACTS = (Path(stoppress.demo.__file__).parent / "founding-story.md").read_text(encoding="utf-8")
TEXT = " ".join(
    [
        founding.STORY.headline,
        founding.STORY.standfirst,
        *(str(block["value"]) for block in founding.STORY.body if block["type"] in {"text", "subheading"}),
    ]
)
PARAGRAPHS = re.findall(r"<p>(.*?)</p>", TEXT)
WHO_SAYS_SO = re.compile(r"\b(said|say|says|according to|reported|speak of|reporters saw)\b")
# What the facts give as background has no source to name.
BACKGROUND = ("Kyrgyzstan, a neighbour of China", "<i>This is what was said")


def test_figures_are_those_of_the_facts() -> None:
    assert set(re.findall(r"\d+(?:\.\d+)?", TEXT)) <= set(re.findall(r"\d+(?:\.\d+)?", FACTS))
    assert {"590", "6.5", "2005", "2010"} <= set(re.findall(r"\d+(?:\.\d+)?", TEXT))


@pytest.mark.parametrize("name", ["Jeenbekov", "Atambayev", "Junushaliyev", "Asanov", "Japarov"])
def test_names_are_those_of_the_facts(name: str) -> None:
    assert name in TEXT
    assert name in FACTS


@pytest.mark.parametrize("paragraph", PARAGRAPHS, ids=lambda paragraph: paragraph[:30])
def test_every_statement_says_who_makes_it(paragraph: str) -> None:
    assert paragraph.startswith(BACKGROUND) or WHO_SAYS_SO.search(paragraph)


def test_words_in_quotation_marks_are_in_the_facts() -> None:
    quoted = re.findall(r"“([^”]+)”", TEXT) + [b["value"]["quote"] for b in founding.STORY.body if b["type"] == "quote"]
    assert quoted
    assert [words for words in quoted if words not in FACTS] == []


def test_the_founding_story_leads() -> None:
    assert all_stories()[-1] is founding.STORY


def test_stories_hold_together() -> None:
    stories = all_stories()
    assert len({story.slug for story in stories}) == len(stories)
    assert {author for story in stories for author in story.authors} == {*PEOPLE, *GUESTS}
    assert {story.picture for story in stories} - {""} <= {*SCENES, *CROPS}


def test_pictures_are_the_same_each_time() -> None:
    assert {*SCENES, *CROPS} == set(ALT)
    assert len(PEOPLE) + len(GUESTS) == 8
    assert len(GUESTS) == 2
    assert draw("harbour-dawn") == draw("harbour-dawn")
