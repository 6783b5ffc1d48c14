"""Sports: the clubs of an invented coast."""

from stoppress.demo.stories.form import Story, gallery, on, quote, subheading, text

STORIES = (
    Story(
        section="sports",
        slug="rovers-win-in-the-ninetieth-minute",
        headline="Rovers 3–2 Anders Town: a goal in the ninetieth minute, and the lights went out",
        standfirst="The winner was seen by everybody except the far stand.",
        published_at=on(10, 4, 21, 50),
        authors=("sian-pryce-hallow",),
        picture="football",
        caption="The Salt Lane ground on Sunday evening, before the fuse.",
        body=(
            text(
                "Skerry Bay Rovers are second in the Coastal League after the kind of evening for which people forgive "
                "them the others.",
                "Two goals down after half an hour, Rovers pulled one back before the break through Ines Falk, who "
                "headed "
                "in a corner that the goalkeeper had already begun to catch. Falk’s second, from a free kick, went "
                "in off "
                "both posts.",
                "In the ninetieth minute Jo Adair turned on the edge of the area and shot. A fuse blew in the "
                "south-east "
                "mast as the ball left the foot. The referee, eight metres away, gave the goal; the far stand "
                "learned of "
                "it from the near one.",
            ),
            quote("I heard it go in. You know the sound.", "Jo Adair, Rovers"),
            subheading("What comes next"),
            text(
                "Rovers travel to Port Sorrel on Saturday. The electrician comes on Tuesday.",
            ),
        ),
    ),
    Story(
        section="on-the-water",
        slug="autumn-regatta",
        headline="Autumn regatta: “Second Wind” is first",
        standfirst="Forty-one boats started in a fresh westerly. Thirty-eight came back the right way up.",
        published_at=on(10, 3, 17, 30),
        authors=("kwabena-lunn",),
        picture="regatta",
        caption="Rounding the outer mark in the third race.",
        body=(
            text(
                "“Second Wind”, sailed by three sisters from Chandler’s Quay, won the autumn regatta on Saturday by "
                "eleven "
                "seconds after six hours.",
                "The wind was force five at the start and rising. Three boats capsized at the outer mark; all crews "
                "were "
                "picked up, cold and talkative.",
                "Last year’s winner, “Patience”, did not start. She was late.",
            ),
            gallery(
                "The day in pictures",
                ("harbour-dawn", "The fleet before the start."),
                ("regatta", "Third race, outer mark: “Second Wind” on the inside."),
                ("ferry", "The two o’clock ferry gives way, for once."),
                ("storm", "Half an hour after the last boat was in."),
                ("lighthouse", "The prize-giving was held below the light, which was on."),
            ),
        ),
    ),
    Story(
        section="on-the-water",
        slug="swimmers-cross-the-bay",
        headline="Oldest swimmer crosses the bay at 81, complains of the temperature",
        standfirst="“Too warm,” says Edith Marsh, who has made the crossing each September since 1961.",
        published_at=on(9, 27, 15, 10),
        authors=("sian-pryce-hallow", "tomas-dvoracek"),
        body=(
            text(
                "Sixty-four people swam the 2.4 kilometres from the lifeboat slip to Gull Point on Sunday. The "
                "fastest, "
                "Noor Haddad, needed 34 minutes. The oldest, Edith Marsh, needed 88 and would not take the blanket.",
                "The water was at 15 degrees. In 1961 it was at 12, Mrs Marsh said, and there was less conversation.",
            ),
        ),
    ),
    Story(
        section="sports",
        slug="chess-by-post",
        headline="Chess: the game that began in 1998 is drawn",
        standfirst="Skerry Bay and Port Sorrel played by post, a move a month, with a pause for a lost card.",
        published_at=on(9, 20, 12, 0),
        authors=("tomas-dvoracek",),
        body=(
            text(
                "The chess clubs of Skerry Bay and Port Sorrel have agreed a draw at move 131. Four of those who "
                "made the "
                "first move are still there to regret it.",
                "The card with Port Sorrel’s 57th move was lost for two years behind a radiator. It turned out to be a "
                "good one.",
                "A return game begins on Monday. The clubs have agreed to use the telephone.",
            ),
        ),
    ),
    Story(
        section="sports",
        slug="hill-race-fog",
        headline="Hill race: 112 start, 112 finish, not all of them here",
        standfirst="Fog on the Beacon took nineteen runners down the wrong valley, where they were given tea.",
        published_at=on(9, 13, 16, 40),
        authors=("sian-pryce-hallow",),
        picture="upland",
        caption="The Beacon on a day when it can be seen.",
        body=(
            text(
                "Marit Oyen won the Beacon hill race for the third time on Sunday, in 58 minutes and 12 seconds. "
                "Dan Whelan "
                "was the first man, a minute later.",
                "Nineteen runners turned left at the cairn instead of right and finished in Upper Ilm, eleven "
                "kilometres "
                "from the line. The village counted them in, gave them tea and telephoned. All are in the results, in "
                "an order of their own.",
            ),
            quote("It was a very good race. It was only a different one.", "One of the nineteen"),
        ),
    ),
    Story(
        section="on-the-water",
        slug="rowing-club-new-boat",
        headline="Rowing club names its new boat “Loan”",
        standfirst="The treasurer insisted.",
        published_at=on(9, 5, 11, 0),
        authors=("sian-pryce-hallow",),
        body=(
            text(
                "The rowing club took its new coxed four to the water on Saturday. It cost what three jumble sales, a "
                "concert and the bank could raise, and is named for the last.",
                "“Loan” replaces “Grant”, which served for nineteen years and is now a flower bed.",
            ),
        ),
    ),
)
