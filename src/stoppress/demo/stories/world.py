"""World: places as invented as the paper, so that nothing is said of real ones."""

from stoppress.demo.stories.form import Story, image, on, points, quote, subheading, text

STORIES = (
    Story(
        section="world",
        slug="strait-of-marrow-pilots-agree",
        headline="Pilots of the Strait of Marrow agree to share one radio channel after ninety years of two",
        standfirst="Both shores say that the other side moved first.",
        published_at=on(10, 5, 16, 45),
        authors=("layla-mansur", "kwabena-lunn"),
        picture="ferry",
        caption="A ferry in the strait, where three hundred ships pass each day.",
        body=(
            text(
                "The pilots of the Strait of Marrow will speak on one radio channel from January, ending an "
                "arrangement "
                "under which ships bound north and ships bound south could not hear each other.",
                "The agreement was signed on Monday aboard a tug in the middle of the strait, since neither port "
                "authority wished to cross the other’s threshold. It runs to a page and a half.",
                "The two channels date from a quarrel over a harbour light in 1930. Nobody now living took part in it, "
                "but both sides have kept the correspondence.",
            ),
            subheading("What changes"),
            points(
                "One channel for all traffic, in either language.",
                "A common list of berths, drawn up afresh each morning.",
                "The light at Cape Anders is to be repaired, at shared cost.",
            ),
            quote(
                "We always knew that they were there. Now we can wish them good morning.",
                "A senior pilot of the northern shore",
            ),
            text(
                "Insurers have asked for a common channel for decades. Of eleven collisions in the strait in the past "
                "ten years, seven were between ships on different channels, according to the register of the northern "
                "port.",
            ),
        ),
    ),
    Story(
        section="world",
        slug="arabic-headline-port-library",
        headline="مكتبة على رصيف الميناء تفتح أبوابها للبحّارة",
        standfirst="A library on the quay opens its doors to sailors: forty languages, and no date of return.",
        published_at=on(10, 3, 20, 10),
        authors=("layla-mansur",),
        picture="library",
        caption="The reading room, on the first evening.",
        body=(
            {
                "type": "text",
                "value": (
                    "<p>افتُتحت يوم السبت مكتبة صغيرة على رصيف الميناء، وفيها كتب بأربعين لغة. يستعير البحّار "
                    "كتابًا من "
                    "هنا ويعيده في أي ميناء آخر، أو لا يعيده.</p><p>قالت أمينة المكتبة إن الرف الأول امتلأ في ساعة.</p>"
                ),
            },
            text(
                "The library stands in a former customs shed on the quay of Qasr al-Bahr. A sailor borrows a book here "
                "and returns it in another port, or not at all, and leaves one in its place if there is one to leave.",
                "The first shelf was full within an hour of opening, the librarian said. By evening it was empty "
                "again.",
            ),
        ),
    ),
    Story(
        section="world",
        slug="tessa-islands-vote-on-clocks",
        headline="“It is whatever time the boat comes”: the Tessa Islands vote on giving up clocks",
        standfirst="A referendum asks whether public time should follow the tide. Polls close at low water.",
        published_at=on(10, 1, 11, 30),
        authors=("hidaka-misaki",),
        picture="harbour-dawn",
        caption="Low water at Port Tessa, or a quarter past seven.",
        body=(
            text(
                "Voters in the Tessa Islands decide on Sunday whether schools, shops and the post office should "
                "open by "
                "the tide instead of by the clock.",
                "Supporters say the islands do so already. The ferry sails when there is water under it, and "
                "everything "
                "else follows the ferry. Opponents, led by the islands’ only dentist, say that an appointment must "
                "mean "
                "something.",
            ),
            quote(
                "It is whatever time the boat comes. We only want to be allowed to say so.", "A shopkeeper, Port Tessa"
            ),
            text(
                "About 2,100 people may vote. Ballots will be counted by hand, and the result is expected at the "
                "second "
                "low water on Monday.",
            ),
        ),
    ),
    Story(
        section="world",
        slug="longest-bridge-one-lane",
        headline=(
            "After eleven years, four ministers, two floods, a strike over the colour of the railings and a nesting "
            "pair "
            "of ospreys that nobody was allowed to disturb, the bridge at Halvard’s Ford opens to traffic, in one "
            "direction only, on Thursdays"
        ),
        standfirst="The other lane is expected in spring.",
        published_at=on(9, 29, 14, 0),
        authors=("world-desk",),
        body=(
            text(
                "The bridge at Halvard’s Ford carried its first car on Thursday, a baker’s van, which crossed in "
                "under a "
                "minute and is waiting on the far side for the next one.",
                "The builders said that the second lane had to wait for its railings, which arrived in a green that "
                "was "
                "not the green agreed upon.",
                "The ospreys have raised three young on the western pylon.",
            ),
        ),
    ),
    Story(
        section="world",
        slug="glacier-hut-moves-again",
        headline="Glacier hut moves uphill for the third time",
        standfirst="Its keepers have put it on skids, to save time at the fourth.",
        published_at=on(9, 26, 8, 20),
        authors=("tomas-dvoracek",),
        picture="mountain-city",
        caption="The range above the valley towns.",
        body=(
            text(
                "The climbers’ hut below the Sorrel Horn has been moved forty metres uphill, because the ice that "
                "it stood "
                "beside has gone and taken some of the ground along.",
                "It is the third move since the hut was built. The first two were in 1988 and in 2009. The keepers "
                "have "
                "now put it on steel skids.",
            ),
            quote(
                "We used to look across at the glacier. Now we look down at where it was.",
                "One of the hut’s two keepers",
            ),
            text("The hut sleeps eighteen and serves soup. Both will go on as before, the alpine club said."),
        ),
    ),
    Story(
        section="world",
        slug="northern-dispatch",
        headline="北の港から:初雪と最後のフェリー",
        standfirst="From the northern harbour: first snow, and the season’s last ferry.",
        published_at=on(9, 22, 6, 40),
        authors=("hidaka-misaki",),
        picture="storm",
        caption="The last sailing left an hour early, ahead of the weather.",
        body=(
            text(
                "港に初雪が降った朝、今季最後のフェリーが一時間早く出た。次の船は四月である。",
                "The first snow fell on the harbour on the morning that the season’s last ferry left, an hour "
                "early. The "
                "next one is due in April.",
                "Eleven people stayed on the quay until it was out of sight. Then somebody remembered that the "
                "bakery had "
                "opened.",
            ),
        ),
    ),
    Story(
        section="world",
        slug="congress-of-lighthouse-keepers",
        headline="Lighthouse keepers meet, in the dark",
        standfirst="The congress voted for three more years of lamps with a person beside them.",
        published_at=on(9, 18, 19, 5),
        authors=("kwabena-lunn",),
        picture="lighthouse",
        caption="Cape Anders, one of nine lights on this coast that still have a keeper.",
        body=(
            text(
                "Keepers of the last staffed lighthouses on four coasts met at Cape Anders this week. A power cut "
                "on the "
                "first evening left the hall in darkness, to general satisfaction.",
                "The congress asked the port authorities for three more years before any further light is left to "
                "run by "
                "itself. A lamp can be switched from an office, the keepers said; what it can’t do is notice.",
            ),
            quote("A machine sees the fog. I see who is late in it.", "A keeper of twenty-six years’ service"),
            image("storm", "The sort of evening that the keepers mean."),
            text("The next congress is planned for 2023, somewhere with candles."),
        ),
    ),
    Story(
        section="world",
        slug="seed-exchange-crosses-border",
        headline="Two valleys, one border, four hundred kinds of bean",
        standfirst=(
            "Gardeners on both sides of the Ilm pass have swapped seeds by post for a century. Now they may do so "
            "in person."
        ),
        published_at=on(9, 12, 15, 15),
        authors=("tomas-dvoracek", "orla-nesset"),
        picture="upland",
        caption="The upper valley, where beans ripen three weeks late.",
        body=(
            text(
                "A customs rule that treated a packet of beans like a lorry of them was lifted on Saturday, and the "
                "gardeners of the Ilm valleys met at the pass with paper bags.",
                "Four hundred kinds were on the tables by noon. The oldest has been grown in one family since before "
                "there was a border.",
            ),
            points("Runner beans: 140 kinds", "Broad beans: 90", "Beans whose owners disagree on what they are: 170"),
        ),
    ),
)
