"""What shows the rest of what an article can be: a running story told day by day, a series, a film, an obituary."""

from stoppress.demo.stories.form import Story, fact_box, file, gallery, image, on, pull_quote, quote, subheading, text

HARBOUR = ("orla-nesset",)
LETTERS = ("hidaka-misaki",)

STORIES = (
    Story(
        section="local",
        slug="prints-that-fit-no-frame",
        headline="Six prints that fit no frame",
        standfirst="The photo club shows what its members could not hang.",
        published_at=on(9, 25, 10, 30),
        authors=HARBOUR,
        picture="harbour-wide",
        caption="Four metres wide; the hall is three and a half.",
        body=(
            text("The exhibition opens on Friday in the corridor, where there is a corner to bend them around."),
            gallery(
                "What could not be hung",
                ("harbour-wide", "The front, in one piece."),
                ("lighthouse-tall", "The light. The ceiling was raised for it, and lowered again."),
                ("market-square", "The square, square."),
                ("regatta-strip", "A sail, for a space between two doors."),
                ("ferry-small", "The funnel, as seen by those who missed the boat."),
                ("library", "The jury’s choice, which fits."),
            ),
        ),
    ),
    Story(
        section="local",
        slug="harbour-wall-first-stone",
        headline="The wall loses its first stone, to a photograph",
        standfirst="A mason lifted it for the Gazette. It goes back on Thursday.",
        published_at=on(10, 5, 13, 0),
        authors=HARBOUR,
        picture="lighthouse-tall",
        caption="The end of the wall, with the light that shows where it is.",
        body=(
            text(
                "The first stone of the harbour wall was lifted on Monday morning so that it could be seen from below. "
                "It weighs 310 kilograms and has a date on it, 1871, that nobody had read for 149 years.",
                "The mason put it down beside its place. It is to go back on Thursday, or when the crane is free.",
            ),
        ),
    ),
    Story(
        section="local",
        slug="harbour-wall-objections",
        headline="Sixty-one objections to the harbour wall, nine of them to each other",
        standfirst="The town hall has read them all and put them in a box with handles.",
        published_at=on(9, 29, 9, 0),
        authors=HARBOUR,
        body=(
            text(
                "Sixty-one letters about the wall reached the town hall before the date. Thirty want it higher, "
                "twenty-two want it as it is, and nine object to other letters.",
                "The council has to answer each of them. It has asked for a second box.",
            ),
        ),
    ),
    Story(
        section="local",
        slug="harbour-wall-measured",
        headline="Surveyors measure the harbour wall, and find it shorter",
        standfirst="By forty centimetres, since 1974. The tide is not suspected.",
        published_at=on(9, 23, 16, 30),
        authors=("kwabena-lunn",),
        picture="harbour-dawn",
        caption="The wall at low water.",
        body=(
            text(
                "The harbour wall is 410 metres long, surveyors said on Wednesday. In 1974 it was 410.4. The"
                " difference "
                "is put down to the tape.",
                "The plans will be drawn again to the new length, which costs less.",
            ),
        ),
    ),
    Story(
        section="world",
        slug="letter-on-salt",
        headline="A letter on salt",
        standfirst="What keeps, what does not, and what the winter does with both.",
        published_at=on(9, 8, 7, 0),
        authors=LETTERS,
        body=(
            text(
                "There are four kinds of salt in the shop here and one kind of bread. The shopkeeper explained the "
                "salt to me for an hour, and I bought the bread.",
                "In October the road closes. What is in the cellar then is what there will be.",
            ),
        ),
    ),
    Story(
        section="world",
        slug="letter-on-ice",
        headline="A letter on ice",
        standfirst="The harbour has forty words for it, and uses three.",
        published_at=on(9, 15, 7, 0),
        authors=LETTERS,
        picture="storm",
        caption="Not ice yet, the harbour master says. Only cold water with ideas.",
        body=(
            text(
                "The pilots here say that ice is not a thing but an hour. It is nothing at six, and at seven you walk.",
                "I have been given boots. They belonged to my predecessor, who went home in spring without them.",
            ),
        ),
    ),
    Story(
        section="local",
        slug="the-bay-from-the-ferry",
        headline="The bay from the ferry, in four seconds",
        standfirst="Our shortest film yet was made by a passenger who had meant to take a picture.",
        published_at=on(9, 24, 18, 0),
        authors=("kwabena-lunn",),
        picture="ferry",
        body=(
            file(
                "video",
                "crossing.webm",
                title="Across the bay",
                image="ferry",
                captions="crossing.vtt",
                caption="The ferry between the lifeboat slip and Gull Point.",
                transcript="",
            ),
            text(
                "The film was found on a telephone that had been left under a bench on the upper deck. Its"
                " owner has been "
                "told, and says that it may be shown.",
                "It is the only known recording of a crossing on which nothing happened.",
            ),
        ),
    ),
    Story(
        section="local",
        slug="harald-moen-ferryman",
        headline="Harald Moen, who took the town across",
        standfirst="Ferryman, 1931–2020. He crossed the bay 41,000 times and was late twice.",
        published_at=on(9, 19, 8, 0),
        authors=HARBOUR,
        picture="lighthouse-tall",
        caption="The light by which he steered.",
        body=(
            text(
                "Harald Moen, who has died at 89, took the first ferry of the day for thirty-eight years. People set "
                "their clocks by him, and in 1974 the town hall did not, which is why it has been right ever since.",
                "He was born above the net loft on Fish Street, the fourth of six, and was rowing before he was"
                " reading. "
                "In 1952 the harbour office gave him the old steam ferry because nobody else could start it.",
            ),
            pull_quote("You are not late if the boat is still there.", "Harald Moen"),
            text(
                "The two crossings on which he was late were his wedding and the piano of 1996. He leaves three"
                " daughters, "
                "one of whom has the ferry now.",
            ),
        ),
    ),
    Story(
        section="sports",
        slug="why-boats-start-in-two-directions",
        headline="Why do the boats start in two directions?",
        standfirst="And who decides? Four questions that visitors to the regatta ask, and what the club says.",
        published_at=on(10, 2, 9, 0),
        authors=("sian-pryce-hallow",),
        picture="regatta",
        caption="Both directions are right, the club says.",
        body=(
            subheading("Who decides where a race starts?"),
            text("The wind does, and after it the race officer, who has a flag and the last word."),
            subheading("Why two directions?"),
            text("Because there are two marks, and the larger boats may not meet the smaller ones at the first."),
            fact_box("The course", "Four legs, once round.", "Outer mark: orange", "Inner mark: was orange"),
            subheading("What happens when they meet all the same?"),
            text("The one with the wind from the left gives way. Then both protest, and there is soup."),
            subheading("May one watch?"),
            text("From the wall, which is free, or from the ferry, which is not."),
        ),
    ),
    Story(
        section="local",
        slug="a-wall-is-not-an-argument",
        headline="A wall is not an argument",
        standfirst=(
            "We have built higher each time, and each time the sea has answered. Perhaps it is our turn to listen."
        ),
        published_at=on(10, 4, 10, 0),
        authors=("inga-solheim",),
        body=(
            text(
                "I keep a light, so I have had time to look at the sea. It does not hate us. It has simply more of "
                "everything: more time, more weight, more mornings.",
                "A wall tells it where we are. That is useful to the sea.",
            ),
            quote("Build it, by all means. But leave a door.", "What my grandmother said of fences"),
            text(
                "The pumps in Salt Lane cost a fifth of the wall. They have no date on them that anybody could"
                " photograph."
            ),
            image("lighthouse", "Where this was written."),
        ),
    ),
)
PLANNED = Story(
    section="local",
    slug="lamps-in-mill-path",
    headline="The lamps in Mill Path are lit",
    standfirst="Written ahead, for the evening when they are.",
    published_at=on(10, 7, 18, 0),
    authors=("tomas-dvoracek",),
    body=(text("Eleven lamps were lit in Mill Path this evening. One of them flickers, and is to stay."),),
)
"""Goes live the day after the sample was made."""
HELD_BACK = Story(
    section="local",
    slug="library-accounts",
    headline="The library’s accounts balance for the first time since 1986",
    standfirst="Under embargo until the council has seen them.",
    published_at=on(10, 8, 9, 0),
    authors=("tomas-dvoracek",),
    body=(text("Income and expenditure of the town library were equal last year, to the penny, the treasurer said."),),
)
"""The same, and under embargo until then."""
REPRINTED = Story(
    section="local",
    slug="harbour-wall-measured",
    headline="Surveyors measure the harbour wall, and find it shorter",
    standfirst="By thirty centimetres, since 1974. The tide is not suspected; the tape is.",
    published_at=on(9, 24, 11, 0),
    authors=("kwabena-lunn",),
    picture="harbour-dawn",
    caption="The wall at low water.",
    body=(
        text(
            "The harbour wall is 410.1 metres long, surveyors said on Thursday after measuring it again. In 1974 it"
            " was 410.4. The difference is put down to the tape.",
            "The second tape is to be measured next.",
            "The plans will be drawn again to the new length, which costs less.",
        ),
    ),
)
"""What a story says after it was measured again: readers have had its first text."""
REPRINTED_NOTE = "The wall was measured once more."
