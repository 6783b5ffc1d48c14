"""Topics, running stories and series of the sample, and what else editors would say of its articles."""

from typing import Any

from stoppress.demo.stories.form import on

TOPICS: dict[str, tuple[str, str]] = {
    "elections": ("Elections", "Votes, counts and what follows from them."),
    "harbour": ("The harbour", "Quays, ships, walls and whoever lives from them."),
    "libraries": ("Libraries", "Books that are lent, and some that come back."),
    "weather": ("Weather", "What blew, and how hard."),
    "clubs": ("Clubs and crews", "Those who train in the rain."),
}
STORIES: dict[str, tuple[str, str]] = {
    "kyrgyzstan-october-2020": (
        "A government falls within a day",
        "After a disputed vote in Kyrgyzstan, protesters took the seat of government overnight. What follows was "
        "reported as it became known; figures are those that the named sources gave at the time.",
    ),
    "harbour-wall": (
        "The harbour wall",
        "The council has voted on the wall four times. It has been moved in every plan and in no stone.",
    ),
}
SERIES: dict[str, tuple[str, str]] = {
    "northern-letters": ("Letters from the north", "Our correspondent writes once a month, the post permitting."),
}
GUESTS: dict[str, tuple[str, str, str]] = {
    "layla-mansur": ("ليلى منصور", "Writer", "Writes about ports on three seas."),
    "inga-solheim": ("Inga Solheim", "Keeper of the light at Cape Anders", "Writes when the lamp allows."),
}
"""Authors without a desk of their own: name, position, life."""
ABOUT: dict[str, dict[str, Any]] = {
    "kyrgyzstan-opposition-says-it-has-taken-power": {
        "topics": ("elections",),
        "story": "kyrgyzstan-october-2020",
        "kicker": "Developing",
    },
    "harbour-wall-vote": {
        "topics": ("harbour",),
        "story": "harbour-wall",
        "credits": (("inga-solheim", "photography"),),
    },
    "strait-of-marrow-pilots-agree": {"topics": ("harbour",), "dateline_place": "CAPE ANDERS"},
    "arabic-headline-port-library": {"topics": ("libraries", "harbour")},
    "library-stays-open-late": {"topics": ("libraries",)},
    "tessa-islands-vote-on-clocks": {"topics": ("elections",)},
    "school-weather-station": {"topics": ("weather",)},
    "hill-race-fog": {"topics": ("weather", "clubs")},
    "prints-that-fit-no-frame": {"topics": ("clubs",), "design": "gallery"},
    "autumn-regatta": {"topics": ("clubs", "harbour"), "design": "gallery"},
    "harbour-wall-first-stone": {"topics": ("harbour",), "story": "harbour-wall"},
    "harbour-wall-objections": {"topics": ("harbour",), "story": "harbour-wall"},
    "harbour-wall-measured": {"topics": ("harbour",), "story": "harbour-wall"},
    "letter-on-salt": {"series": "northern-letters", "dateline_place": "WAKKANAI"},
    "letter-on-ice": {"series": "northern-letters", "dateline_place": "WAKKANAI"},
    "the-bay-from-the-ferry": {"topics": ("harbour",), "design": "video"},
    "harald-moen-ferryman": {"topics": ("harbour",), "design": "obituary"},
    "why-boats-start-in-two-directions": {"topics": ("clubs",), "design": "explainer"},
    "a-wall-is-not-an-argument": {"topics": ("harbour",), "story": "harbour-wall", "design": "opinion"},
    "rowing-club-new-boat": {"topics": ("clubs",)},
    "swimmers-cross-the-bay": {"topics": ("clubs",), "design": "feature"},
    "northern-dispatch": {"series": "northern-letters", "design": "feature", "dateline_place": "WAKKANAI"},
    "glacier-hut-moves-again": {"series": "northern-letters"},
    "lifeboat-forty-years": {"topics": ("harbour",), "display": "showcase"},
    "congress-of-lighthouse-keepers": {"topics": ("harbour",), "design": "opinion", "kicker": "Opinion"},
    "ferry-timetable-printed-backwards": {
        "topics": ("harbour",),
        "updated_at": on(9, 30, 15, 20),
        "update_note": "The company has printed it again, forwards.",
    },
    "correction-of-a-correction": {
        "corrections": (
            ("An earlier version named the wrong baker. The bun was Mrs Holm’s.", on(9, 28, 19, 0)),
            ("The correction above misspelt Mrs Holme.", on(9, 28, 21, 30)),
        ),
    },
}
"""By the slug of the article."""
