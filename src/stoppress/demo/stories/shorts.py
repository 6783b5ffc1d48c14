"""Short notices, so that the sections have older pages: a few patterns, each filled from its own table."""

from collections.abc import Iterator
from datetime import timedelta

from stoppress.demo.stories.form import Story, on, text

_DAYS = 27
_HOURS = (7, 9, 11, 14, 16, 18)

_CLOSED = (
    ("Salt Lane", "the drains are relaid", "two days", "Buses stop at the chapel instead."),
    ("Chandler’s Steps", "a handrail is fitted", "one morning", "The slipway is open, for those with boots."),
    ("Beacon Road", "the lime trees are trimmed", "three days", "The school can be reached through Mill Path."),
    (
        "Mill Path",
        "a wall that leans is straightened",
        "a week",
        "It has leaned since 1911 and is said to have begun again.",
    ),
    ("Netmakers’ Row", "cables are laid", "four days", "Residents have been told, some of them twice."),
    ("Gull Point car park", "the sea is swept out of it", "one day", "The sea may return on Thursday."),
    (
        "The Quay, eastern half",
        "the crane is inspected",
        "two days",
        "Fish is sold on the western half, at the same price.",
    ),
)
_LANDED = (
    ("Herring", "41", "The price at the quay was a little under last week’s."),
    ("Mackerel", "12", "Most of it went north by the evening lorry."),
    ("Crab", "3", "The pots off Cape Anders did best."),
    ("Whiting", "7", "Two boats stayed in because of the swell."),
    ("Sprat", "19", "The cannery has taken on six people for the month."),
    ("Haddock", "9", "It is the best September for haddock in eight years, the market says."),
    ("Plaice", "5", "The smaller boats landed all of it."),
)
_FOUND = (
    ("A tuba", "on the upper deck of the 17 bus", "The mouthpiece is missing."),
    ("Eleven left gloves", "in the chapel hall", "No right one has been asked for."),
    ("A tortoise", "on the bowling green", "It is in good health and was making for the gate."),
    ("A wedding cake, second tier", "at the ferry terminal", "It can be collected until it can’t."),
    ("A pair of spectacles", "in a hymn book", "They were marking number 214."),
    ("An anchor", "in Netmakers’ Row", "The finder would like to know how, rather than whose."),
    ("A bag of marbles", "on Chandler’s Steps", "They were found one at a time."),
)
_CLEARED = (
    ("Gull Point beach", 34, "26", "A bath, still with its plug, was the largest piece."),
    ("the mill stream", 18, "12", "Two trout were seen, for the first time since spring."),
    ("the dunes", 51, "40", "Most of it was rope."),
    ("the old railway cutting", 22, "31", "A timetable of 1958 was in good order."),
    ("the harbour steps", 9, "7", "The seaweed was left, since it lives there."),
    ("Beacon woods", 27, "15", "The blackberries delayed the work."),
)
_TALKS = (
    ("How to read a chart", "Ruth Ekström", "Charts are provided; the sea is not."),
    ("Mending nets without swearing", "the Netmakers’ Guild", "Beginners are welcome, and so is practice."),
    ("The winter of 1963", "six people who were there", "Photographs may be brought, and will be argued over."),
    ("Bread with seaweed", "the bakery in Salt Lane", "There will be samples."),
    ("What the stars were for", "a retired navigator", "In case of clear sky the talk moves outside."),
    ("Knots, part two", "Pat Brennock", "Those who attended part one may still be tied up."),
    ("Bees by the sea", "the allotment society", "The bees will be represented by honey."),
)
_DECIDED = (
    ("two more benches on the quay", "13 to 2", "They face each other, which was the point in dispute."),
    ("a grant for the brass band", "9 to 6", "The band had offered to play outside until a decision was reached."),
    ("a trial of brighter lamps in Mill Path", "15 to 0", "The owls will be asked again in spring."),
    ("free buses on market days", "10 to 5", "The trial begins in November."),
    ("new opening hours for the tip", "8 to 7", "The old ones were known to nobody."),
    ("a plaque for the piano of 1996", "14 to 1", "The wording goes to a committee."),
)
_RESULTS = (
    ("Rovers", "Port Sorrel", 1, 1, "A late header saved a point on a wet afternoon."),
    ("Rovers", "Ilm Valley", 2, 0, "Both goals came from corners, and both from the same forehead."),
    ("Gull Point Ladies", "Cape Anders", 4, 1, "The visitors led for six minutes."),
    ("Rovers Reserves", "Marrow United", 0, 3, "Nobody was hurt, the trainer noted."),
    ("Skerry Bay Rowers", "Upper Ilm", 3, 2, "It was decided in the final sprint, by a bow."),
    ("Harbour Juniors", "Beacon School", 5, 5, "The whistle was found again at half-time."),
    ("Gull Point Ladies", "Port Sorrel", 2, 1, "A free kick from thirty metres settled it."),
    ("Rovers", "Tessa Wanderers", 1, 0, "The visitors’ ferry left before the last corner could be taken."),
    ("Netmakers’ Darts", "The Anchor", 7, 6, "The last leg lasted forty minutes."),
    ("Harbour Juniors", "Ilm Valley", 2, 3, "The best goal of the day was an own goal."),
    ("Rovers Reserves", "Anders Town", 1, 1, "The goalkeeper scored, and then let one in, to be fair."),
    ("Skerry Bay Hockey", "Marrow Ladies", 3, 0, "A goal in each quarter but the first."),
    ("Gull Point Ladies", "Ilm Valley", 0, 0, "Both goalkeepers were named player of the match."),
    ("Skerry Bay Hockey", "Cape Anders", 2, 4, "The hosts were two ahead at the break."),
    ("Harbour Juniors", "Tessa Wanderers", 6, 2, "Five of the six came from one pair of sisters."),
    ("Netmakers’ Darts", "Port Sorrel Arms", 4, 7, "The bus was late; the arms were cold."),
)
_ABROAD = (
    ("Marrow", "grain ship freed from a sandbank after nine days", "It left on the spring tide, lighter by a third."),
    ("Upper Ilm", "first new bell in three hundred years", "The sheep have taken it well, the parish says."),
    ("Qasr al-Bahr", "harbour light relit after repairs", "It can now be seen from eighteen miles."),
    ("Port Tessa", "school moves into the old cannery", "The smell is expected to last a term."),
    ("Halvard’s Ford", "ospreys leave for the winter", "The builders waved."),
    ("Cape Anders", "whales counted off the point", "There were nineteen, five more than last year."),
    ("Sorrel Horn", "path to the summit reopened", "It is 200 metres longer, since the old one fell off."),
    ("Northern Isles", "mail plane resumes after storms", "It carried eleven sacks and a birthday cake."),
)


def stories() -> list[Story]:
    """All notices, each at its own hour of September."""
    local = [*_closed(), *_landed(), *_found(), *_cleared(), *_talks(), *_decided()]
    # A stride through the list mixes the kinds, as days do.
    mixed = [local[(number * 11) % len(local)] for number in range(len(local))]
    sports, abroad = list(_results()), list(_abroad())
    return [
        *_dated("local", mixed, ("orla-nesset", "tomas-dvoracek", "kwabena-lunn")),
        *_dated("sports", sports, ("sian-pryce-hallow",)),
        *_dated("world", abroad, ("world-desk",)),
    ]


_Notice = tuple[str, str, str, tuple[str, ...]]


def _dated(section: str, notices: list[_Notice], authors: tuple[str, ...]) -> Iterator[Story]:
    for number, (slug, headline, standfirst, paragraphs) in enumerate(notices):
        since = timedelta(days=number * _DAYS // len(notices), hours=_HOURS[number % len(_HOURS)], minutes=number)
        yield Story(
            section=section,
            slug=slug,
            headline=headline,
            standfirst=standfirst,
            published_at=on(9, 1, 0) + since,
            authors=(authors[number % len(authors)],),
            body=(text(*paragraphs),),
        )


def _closed() -> Iterator[_Notice]:
    for number, (place, work, span, way) in enumerate(_CLOSED):
        yield (
            f"closed-{number + 1}",
            f"{place} closed for {span}",
            f"The reason: {work}.",
            (
                f"{place} will be closed to traffic for {span} from Monday while {work}, the council’s works office "
                f"said.",
                way,
            ),
        )


def _landed() -> Iterator[_Notice]:
    for number, (fish, tonnes, remark) in enumerate(_LANDED):
        yield (
            f"landed-{number + 1}",
            f"{fish}: {tonnes} tonnes landed this week",
            "The week at the fish market.",
            (f"Boats landed {tonnes} tonnes of {fish.lower()} in the week to Friday, the fish market said.", remark),
        )


def _found() -> Iterator[_Notice]:
    for number, (thing, place, remark) in enumerate(_FOUND):
        yield (
            f"found-{number + 1}",
            f"Found: {thing[0].lower()}{thing[1:]}",
            f"It turned up {place}.",
            (
                f"{thing} was handed in at the lost property office after it had been found {place}. {remark}",
                "The office is in the town hall, ground floor, second door. It is open on weekdays from nine to noon.",
            ),
        )


def _cleared() -> Iterator[_Notice]:
    for number, (place, people, sacks, remark) in enumerate(_CLEARED):
        yield (
            f"cleared-{number + 1}",
            f"{people} volunteers clear {sacks} sacks from {place}",
            remark,
            (
                f"On Saturday {people} people spent the morning at {place} and filled {sacks} sacks. {remark}",
                "The next morning of this kind is announced at the library. Gloves are lent.",
            ),
        )


def _talks() -> Iterator[_Notice]:
    for number, (title, speaker, remark) in enumerate(_TALKS):
        yield (
            f"talk-{number + 1}",
            f"At the library: {title}",
            f"With {speaker}.",
            (
                f"“{title}”, an hour with {speaker}, begins at seven on Thursday in the reading room. {remark}",
                "Admission is free.",
            ),
        )


def _decided() -> Iterator[_Notice]:
    for number, (matter, votes, remark) in enumerate(_DECIDED):
        yield (
            f"decided-{number + 1}",
            f"Council approves {matter}",
            f"The vote was {votes}.",
            (f"The council approved {matter} on Monday by {votes}. {remark}",),
        )


def _results() -> Iterator[_Notice]:
    for number, (home, away, ours, theirs, remark) in enumerate(_RESULTS):
        yield (
            f"result-{number + 1}",
            f"{home} {ours}–{theirs} {away}",
            remark,
            (
                f"{home} {_outcome(ours, theirs)} {away} {ours}–{theirs}. {remark}",
                "The table is in the window of the Gazette from Monday.",
            ),
        )


def _outcome(ours: int, theirs: int) -> str:
    if ours == theirs:
        return "drew with"
    return "beat" if ours > theirs else "lost to"


def _abroad() -> Iterator[_Notice]:
    for number, (place, event, remark) in enumerate(_ABROAD):
        yield (
            f"brief-{number + 1}",
            f"{place}: {event}",
            remark,
            (f"{place} reports: {event}. {remark}",),
        )
