"""What the shipped spam model does on texts of other people, which it has never seen.

    python -m bench.spam --youtube DIR --sms FILE

DIR holds the five CSV files of the YouTube Spam Collection, FILE is ``SMSSpamCollection``; neither comes with us, see
docs/reference/spam-model.md. ``--write`` fits the shipped weights anew to our own sentences and writes them down.
"""

import argparse
import csv
import html
import re
from pathlib import Path

from stoppress.comments.spam import model, samples, shipped
from stoppress.comments.spam.training import Example, measure

WEIGHTS = Path(model.__file__).with_name("weights.json")


def youtube(folder: Path) -> list[Example]:
    """Comments under five music videos; HTML in them becomes text, as readers type it."""
    found = []
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                text = html.unescape(re.sub(r"<[^>]*>", " ", row["CONTENT"].replace("<br />", "\n"))).strip("\ufeff ")
                found.append(Example(text, row["CLASS"] == "1", row["AUTHOR"]))
    return found


def sms(file: Path) -> list[Example]:
    """Short messages, a line each: what it is, a tab, the text."""
    lines = [line.partition("\t") for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line]
    return [Example(text, kind == "spam") for kind, _tab, text in lines]


def main() -> None:
    """Measure, or write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--youtube", type=Path)
    parser.add_argument("--sms", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    if asked.write:
        WEIGHTS.write_text(samples.fit_shipped().as_json() + "\n", encoding="utf-8")
        shipped.cache_clear()
    own = shipped()
    print(f"{len(own.weights)} weights, holds from {own.threshold}")
    for name, read, place in (("YouTube", youtube, asked.youtube), ("SMS", sms, asked.sms)):
        if place is not None:
            score = measure(own, read(place))
            precision, recall = score.precision or 0.0, score.recall or 0.0
            held = f"holds {score.caught} spam, {score.wronged} others"
            print(f"{name}: {score.count} texts, {score.spam} spam; {held}: {precision:.1%} and {recall:.1%}")


if __name__ == "__main__":
    main()
