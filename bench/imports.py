"""What a WordPress import costs: posts a second and memory, for a small export and for one ten times as large."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.machine import ROOT
from bench.report import Report, rate
from bench.site import WORK, Site

SEED = 20_091_102
TIMES = 10
"""How much larger the large export is."""
_TEXT = (
    "the ferry council harbour vote storm road school budget mayor police said on Monday that a new plan would cost "
    "more than expected and residents of the old town were told to wait until spring for repairs"
)
_WORDS = _TEXT.split()
_HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Big Paper</title><link>https://big.example</link>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://big.example</wp:base_blog_url>
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """One import's. ``peak`` in bytes; ``again`` is the rate of a second run, which changes nothing."""

    posts: float
    processor: float
    peak: float
    again: float


def measure(site: Site) -> Report:
    """Import two exports into instances of their own."""
    small = max(site.plan.few, 200)
    costs = {count: _import(count) for count in (small, small * TIMES)}
    few, many = costs.values()
    report = Report(
        "Importing from WordPress",
        "at least 200 text posts a second; memory that does not grow with the export.",
        ("", *(f"{count:,} posts" for count in costs), "ratio"),
    )
    report.rows = [
        ("posts", rate(few.posts), rate(many.posts), f"{many.posts / few.posts:.2f}"),
        (
            "posts per processor second",
            rate(few.processor),
            rate(many.processor),
            f"{many.processor / few.processor:.2f}",
        ),
        ("memory, at most", _megabytes(few.peak), _megabytes(many.peak), f"{many.peak / few.peak:.2f}"),
        ("the same file again", rate(few.again), rate(many.again), f"{many.again / few.again:.2f}"),
    ]
    report.notes = [
        "Half of the posts are classic, half of blocks, 350 words on average, in 15 sections, 12 authors, 3 tags each;",
        "reading twice, writing on SQLite, redirects and the ledger are counted, baking is not.",
    ]
    return report


def _import(count: int) -> Cost:
    root = WORK / f"import-{count}"
    shutil.rmtree(root, ignore_errors=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "stoppress", "init", str(root)], check=True, stdout=subprocess.DEVNULL)
    file = root / "export.xml"
    with file.open("w", encoding="utf-8") as export:
        export.writelines(_export(count))
    first, second = _run(root, file), _run(root, file)
    if first["articles"] != count or not second["is_unchanged"]:
        raise ValueError(f"{first['articles']} of {count} posts came, or a second run changed something")
    shutil.rmtree(root)
    return Cost(count / first["seconds"], count / first["processor"], first["peak"], count / second["seconds"])


def _run(root: Path, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.importer", str(root), str(file)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def _megabytes(size: float) -> str:
    return f"{size / 2**20:.0f} MB"


def _export(count: int) -> Iterator[str]:
    chance = random.Random(SEED)
    yield _HEAD
    for number in range(12):
        yield (
            f"<wp:author><wp:author_login>a{number}</wp:author_login>"
            f"<wp:author_display_name>Author {number}</wp:author_display_name></wp:author>\n"
        )
    for number in range(15):
        parent = "" if number < 5 else f"c{number % 5}"
        yield (
            f"<wp:category><wp:term_id>{number + 1}</wp:term_id><wp:category_nicename>c{number}</wp:category_nicename>"
            f"<wp:category_parent>{parent}</wp:category_parent><wp:cat_name>Section {number}</wp:cat_name>"
            "</wp:category>\n"
        )
    for number in range(1, count + 1):
        yield _post(number, count, chance)
    yield "</channel></rss>\n"


def _post(number: int, count: int, chance: random.Random) -> str:
    paragraphs = [_sentences(chance) for _ in range(chance.randint(4, 10))]
    link = f'<a href="https://big.example/2010/01/post-{chance.randint(1, count)}/">more</a>'
    if number % 2:
        body = "\n\n".join([*paragraphs, link])
    else:
        body = "\n\n".join(
            f"<!-- wp:paragraph -->\n<p>{paragraph} <strong>Now</strong> {link}</p>\n<!-- /wp:paragraph -->"
            for paragraph in paragraphs
        )
    year = 2004 + number * 20 // (count + 1)
    date = f"{year}-{1 + number % 12:02}-{1 + number % 28:02} {number % 24:02}:{number % 60:02}:00"
    filings = [("category", f"c{number % 15}"), *(("post_tag", f"t{tag}") for tag in chance.sample(range(80), 3))]
    named = "".join(f'<category domain="{kind}" nicename="{slug}">{slug}</category>' for kind, slug in filings)
    return (
        f"<item><title>{_sentences(chance)[:80]}</title><link>https://big.example/{year}/post-{number}/</link>"
        f"<dc:creator>a{number % 12}</dc:creator><content:encoded><![CDATA[{body}]]></content:encoded>"
        f"<excerpt:encoded><![CDATA[{paragraphs[0][:100]}]]></excerpt:encoded><wp:post_id>{number}</wp:post_id>"
        f"<wp:post_date>{date}</wp:post_date><wp:post_date_gmt>{date}</wp:post_date_gmt>"
        f"<wp:post_modified_gmt>{date}</wp:post_modified_gmt><wp:post_name>post-{number}</wp:post_name>"
        f"<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{named}</item>\n"
    )


def _sentences(chance: random.Random) -> str:
    """Two to five of them."""
    sentences = (
        " ".join(chance.choice(_WORDS) for _ in range(chance.randint(8, 20))).capitalize() + "."
        for _ in range(chance.randint(2, 5))
    )
    return " ".join(sentences)
