"""Local: the town of Skerry Bay."""

from stoppress.demo.stories.form import (
    Story,
    embed,
    fact_box,
    file,
    image,
    on,
    points,
    pull_quote,
    quote,
    related,
    subheading,
    table,
    text,
    timeline,
)

STORIES = (
    Story(
        section="local",
        slug="harbour-wall-vote",
        headline="Council votes to raise the harbour wall by 60 centimetres",
        standfirst="The vote was 11 to 4. Work begins after the herring.",
        published_at=on(10, 6, 9, 30),
        authors=("orla-nesset",),
        picture="storm",
        caption="The wall in the storm of February, which came over it twice.",
        body=(
            text(
                "The harbour wall will be raised by 60 centimetres along its whole length of 410 metres. The "
                "council voted "
                "for it on Monday evening by 11 to 4, after three hours in which the sea was mentioned 94 times.",
                "The work costs 2.3 million, of which the coastal fund pays half. It begins in November, when the "
                "herring "
                "boats have left, and is to be finished by April.",
                "Those against wanted the money spent on the pumps in Salt Lane, where cellars flooded in February. "
                "The "
                "council will look at the pumps in December, the chair said.",
            ),
            fact_box(
                "The wall in brief",
                "Built in 1871 of granite from the hill that is therefore no longer there.",
                "410 metres long, 3.2 metres above mean high water",
                "To be raised by 60 centimetres",
                "Cost: 2.3 million, half of it from the coastal fund",
            ),
            table(
                "High water at the quay in the storms of this year, and the wall as it is and as it will be",
                {"Storm": "text", "Water, cm": "number", "Wind, km/h": "number", "Over the wall": "number"},
                ("12 January", "298", "84", "–"),
                ("9 February", "331", "118", "11 cm"),
                ("10 February", "327", "121", "7 cm"),
                ("The wall now", "320", "", ""),
                ("The wall in April", "380", "", ""),
                source="Harbour office",
            ),
            pull_quote("The sea was mentioned 94 times"),
            subheading("How it came to this"),
            timeline(
                "Four votes and a wall",
                (None, "1871", "The wall is built, and called too high."),
                (on(2, 9, 3, 40), "9 February, 3.40 am", "The sea comes over it. Cellars in Salt Lane fill."),
                (on(3, 2, 19), "2 March", "The council votes on it for the third time, and goes home."),
                (on(10, 5, 22, 10), "", "Eleven hands go up, four stay down."),
            ),
            subheading("What it means for those who live there"),
            points(
                "The quay stays open, one half at a time.",
                "Chandler’s Steps are closed from 9 November.",
                "The bench with the good view moves up with the wall.",
            ),
            quote("You can argue with a council. I have tried it with the sea.", "Harbour master Ruth Ekström"),
            text("Plans can be seen at the town hall until Friday, and objections made in writing."),
            file("document", "harbour-wall-plan.pdf", title="", note="As laid before the council on Monday."),
            file("data", "tides-october.csv", title="", rows=31, note="Times in UTC, heights above chart datum."),
            related("ferry-timetable-printed-backwards"),
        ),
    ),
    Story(
        section="local",
        slug="saturday-market-returns-to-the-square",
        headline="Saturday market returns to the square",
        standfirst="Forty stalls, one accordion, and an agreement about the cheese.",
        published_at=on(10, 5, 8, 0),
        authors=("tomas-dvoracek",),
        picture="market",
        caption="The square on Saturday, shortly before the rain.",
        body=(
            text(
                "The market is back on the square after two years on the coach park. Forty stalls opened on "
                "Saturday, and by "
                "eleven o’clock there were no plums.",
                "The square has new drains and the old cobbles, which were taken up, numbered and put back. Seven "
                "were left "
                "over. Nobody will say where they belong.",
                "The two cheese stalls stand at opposite ends, as agreed.",
            ),
            image("harbour-dawn", "Stallholders come over on the first boat."),
        ),
    ),
    Story(
        section="local",
        slug="library-stays-open-late",
        headline="Library to stay open until ten: “People read at night,” says librarian",
        standfirst="The trial runs until Christmas, on Tuesdays and Thursdays.",
        published_at=on(10, 2, 13, 20),
        authors=("tomas-dvoracek", "hidaka-misaki"),
        picture="library",
        caption="The reading room. The lamp has been repaired since.",
        body=(
            text(
                "The town library will stay open until ten in the evening on Tuesdays and Thursdays, as a trial until "
                "Christmas.",
                "The idea came from the night shift of the fish market, who get up when the library used to close. "
                "Forty "
                "of them signed a letter. It was returned to the library two weeks late.",
            ),
            quote("People read at night. We have only been pretending that they don’t.", "The librarian"),
            text("On the first late evening the film club shows a short film that belongs to everybody."),
            embed(
                "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
                "Big Buck Bunny",
                "Big Buck Bunny, 2008. © Blender Foundation, peach.blender.org (CC BY 3.0).",
            ),
        ),
    ),
    Story(
        section="local",
        slug="ferry-timetable-printed-backwards",
        headline="Ferry timetable printed backwards; passengers manage",
        standfirst="For a week the boats arrived before they left.",
        published_at=on(9, 30, 7, 45),
        authors=("orla-nesset",),
        picture="ferry",
        caption="The 8.15, which the timetable called the 15.8.",
        body=(
            text(
                "Four thousand copies of the winter timetable were printed with departures and arrivals exchanged. The "
                "ferry office noticed on the sixth day, when a visitor asked.",
                "Regular passengers had noticed at once and said nothing, since everybody knows when the boat goes.",
                "Corrected copies are on the counter. The others may be used on the way back.",
            ),
        ),
    ),
    Story(
        section="local",
        slug="correction-of-a-correction",
        headline="Fish & chips <again>: how the Gazette got a menu wrong twice",
        standfirst="An apology, with vinegar.",
        published_at=on(9, 28, 18, 0),
        authors=("orla-nesset",),
        body=(
            text(
                "On 14 September the Gazette wrote that the Anchor serves no chips. It does. On 21 September the "
                "Gazette "
                "wrote that the Anchor serves nothing else. It does not.",
                "The Anchor serves fish &amp; chips, soup, and on Fridays a pie. The Gazette has now tried all of "
                "them and "
                "stands corrected, slowly.",
            ),
        ),
    ),
    Story(
        section="local",
        slug="oh",
        headline="Oh.",
        standfirst="The town hall clock has been right all along, the clockmaker finds.",
        published_at=on(9, 25, 12, 0),
        authors=("tomas-dvoracek",),
        body=(
            text(
                "The town hall clock, which has been thought four minutes slow since 1974, is correct. A clockmaker "
                "who "
                "came to repair it on Friday compared it with three other sources and put away his tools.",
                "It is the station clock that is fast, and everyone’s watch that was set by it.",
                "The council will decide in November which of the two to believe.",
            ),
        ),
    ),
    Story(
        section="local",
        slug="school-weather-station",
        headline="Pupils’ weather station beats the forecast, nine days in ten",
        standfirst="A jam jar, a hair and a bicycle wheel are now read out on the harbour radio.",
        published_at=on(9, 21, 10, 30),
        authors=("kwabena-lunn",),
        picture="upland",
        caption="The school field, where the wheel turns.",
        body=(
            text(
                "Class five of the school on Beacon Road has measured wind, damp and pressure each morning since "
                "January "
                "with instruments that it built itself. On nine days in ten its forecast for the bay was nearer the "
                "truth "
                "than the one on the radio, the harbour office found.",
                "From this week on the harbour radio reads out both. The pupils’ comes second, because it is worth "
                "waiting for.",
            ),
            points(
                "Wind: a bicycle wheel with spoons",
                "Damp: a hair, washed on Sundays",
                "Pressure: a jam jar and a straw",
            ),
        ),
    ),
    Story(
        section="local",
        slug="lifeboat-forty-years",
        headline="Forty years on the lifeboat, and still sick every time",
        standfirst="Coxswain Pat Brennock retires. The bucket goes to the museum.",
        published_at=on(9, 16, 17, 15),
        authors=("kwabena-lunn", "orla-nesset"),
        picture="lighthouse",
        caption="The station’s light, which Brennock can see from the kitchen.",
        body=(
            text(
                "Pat Brennock went out with the lifeboat 612 times and was seasick on each of them. On Wednesday the "
                "coxswain handed over the keys.",
                "In forty years the boat brought 388 people home, two cows and, in 1996, a piano.",
            ),
            quote("You are sick over the side, and then you do the job. It is not complicated.", "Pat Brennock"),
            file(
                "audio",
                "foghorn.wav",
                title="What Brennock steered by: the foghorn at Cape Anders",
                caption="Two blasts, every twenty seconds, for forty years.",
                transcript="<p>Two low blasts of a foghorn.</p>",
            ),
            text("The crew is eleven, and looks for two more. Sea legs are not a condition."),
            file(
                "video",
                "crossing.webm",
                title="The bay on a day without rescues",
                image="ferry",
                captions="crossing.vtt",
                caption="The ferry, seen from the station.",
                transcript="",
            ),
        ),
    ),
)
