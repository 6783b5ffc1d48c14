"""What the sample publication says of itself."""

from stoppress.demo.stories.form import Block, points, subheading, text

ABOUT_US: tuple[tuple[str, str, tuple[Block, ...]], ...] = (
    (
        "about",
        "About us",
        (
            text(
                "The Harbour Gazette is written by eight people in two rooms above the chandler’s on Fish Street. "
                "It is a sample: the town, its ferries and its councillors are invented, so that a newsroom can try "
                "Stop Press on something that reads like news.",
                "One story is not invented. The report on Kyrgyzstan in October 2020 retells what was known on the day "
                "a government fell, with every claim given to whoever made it.",
            ),
            subheading("Who does what"),
            points(
                "The editor reads every story before it appears.",
                "Reporters sign what they write.",
                "Guests sign as guests.",
            ),
        ),
    ),
    (
        "how-we-correct",
        "How we correct",
        (
            text(
                "When we get something wrong we say so on the story itself, with the day, what was wrong and what is "
                "right. We do not change a fact and stay silent.",
                "<i>Updated</i> means that there is something new to know. A comma is not news.",
            ),
        ),
    ),
    (
        "privacy",
        "Privacy",
        (
            text(
                "These pages set no cookie, load nothing from anybody else and ask your browser for nothing.",
                "The server keeps no list of who read what.",
            ),
        ),
    ),
)
"""Address, title and text."""
