"""``python -m bench [PART…] [--quick] [--articles N]``: measure and print; a full run writes ``bench/RESULTS.md``."""

import argparse
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from bench import bake, behind_nginx, flood, fresh, hit, imports, lists, misses, replies, search, storm, sweep
from bench.machine import ROOT, facts
from bench.report import Report, table
from bench.site import QUICK, WORK, Plan, Site, made

RESULTS = ROOT / "bench" / "RESULTS.md"
SMALL: dict[str, Callable[[Site], Report]] = {
    "hit": hit.measure,
    "storm": storm.measure,
    "flood": flood.measure,
    "misses": misses.measure,
    "behind_nginx": behind_nginx.measure,
}
"""Parts that need the running tree of the small archive."""
LARGE: dict[str, Callable[[Site], Report]] = {"fresh": fresh.measure, "sweep": sweep.measure}
"""Parts that need the running tree of the large one; the last leaves it with work to do."""
AT_REST = ("bake", "lists")
"""Parts that compare both archives, and must have each to themselves."""
APART: dict[str, Callable[[Site], Report]] = {
    "imports": imports.measure,
    "search": search.measure,
    "replies": replies.measure,
}
"""Parts that make instances of their own."""
PARTS = ("hit", "hit2", *list(SMALL)[1:], *AT_REST, "whole", *LARGE, *APART)
HEAD = """\
# Results

Written by `make bench`. Ratios are measured side by side, turn about, on one machine that also runs the load generator;
absolute figures say more of the machine than of us.
"""


def main(arguments: Sequence[str]) -> int:
    """Measure the parts that ``arguments`` name, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", metavar="PART", nargs="*", choices=[[], *PARTS], help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="small archives and short runs, to see that it works")
    parser.add_argument("--articles", type=int, help="size of the large archive, instead of 100,000")
    options = parser.parse_args(arguments)
    if missing := [name for name in ("nginx", "wrk") if shutil.which(name) is None]:
        print(f"Nothing measured: run 'apt-get install {' '.join(missing)}' first.", file=sys.stderr)
        return 1
    began = time.monotonic()
    head = [HEAD, *table(("", ""), facts()), ""]
    plan = QUICK if options.quick else Plan()
    if options.articles:
        plan = replace(plan, articles=options.articles, baked=min(plan.baked, options.articles))
    wanted = options.parts or PARTS
    reports = _measure(plan, wanted)
    text = "\n".join([*head, *(str(report) for report in reports)])
    took = time.monotonic() - began
    text += f"\nMeasured in {took:.0f} s with {plan.few:,} and {plan.articles:,} articles; {plan.pairs} turns each.\n"
    print(text)
    if len(reports) < len(wanted):
        print("Some parts failed: see above. Nothing is written.", file=sys.stderr)
        return 1
    if not options.parts and not options.quick and not options.articles:
        RESULTS.write_text(text, encoding="utf-8")
        print(f"Written to {RESULTS.relative_to(ROOT)}.")
    return 0


def _measure(plan: Plan, parts: Sequence[str]) -> list[Report]:
    reports: dict[str, Report] = {}
    costs: dict[str, list[Any]] = {}
    try:
        if any(part in parts for part in (*AT_REST, "hit2", *SMALL, *APART)):
            with _archive(plan, "small", plan.few) as site:
                _at_rest(site, parts, costs)
                _served(site, SMALL, parts, reports)
                for name in [part for part in APART if part in parts]:
                    _report(name, site, APART[name], reports)
                if "hit2" in parts:
                    with site.served(workers=2):
                        _report("hit2", site, partial(hit.measure, workers=2), reports)
        if any(part in parts for part in (*AT_REST, "whole", *LARGE)):
            with _archive(plan, "large", plan.articles) as site:
                _at_rest(site, parts, costs)
                if "bake" in costs:
                    few, many = costs["bake"]
                    reports["bake"] = bake.compare(plan.few, few, plan.articles, many, _bakes(plan))
                if "lists" in costs:
                    reports["lists"] = lists.compare(plan.few, costs["lists"][0], plan.articles, costs["lists"][1])
                if "whole" in parts:
                    reports["whole"] = bake.whole(site.articles, site.grown)
                _served(site, LARGE, parts, reports)
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    return [reports[name] for name in PARTS if name in reports]


@contextmanager
def _archive(plan: Plan, name: str, articles: int) -> Iterator[Site]:
    _say(f"making a publication with {articles:,} articles")
    with made(plan, name, articles) as site:
        yield site


def _at_rest(site: Site, parts: Sequence[str], costs: dict[str, list[Any]]) -> None:
    for name, command, arguments in (
        ("bake", "bake_cost", {"count": _bakes(site.plan)}),
        ("lists", "list_costs", {}),
    ):
        if name in parts:
            _say(f"{name}, {site.articles:,} articles")
            costs.setdefault(name, []).append(site.editor.ask(command, **arguments))


def _served(
    site: Site, known: dict[str, Callable[[Site], Report]], parts: Sequence[str], reports: dict[str, Report]
) -> None:
    if wanted := [part for part in known if part in parts]:
        with site.served():
            for name in wanted:
                _report(name, site, known[name], reports)


def _report(name: str, site: Site, measure: Callable[[Site], Report], reports: dict[str, Report]) -> None:
    """Measure a part. One that fails is told and left out, so that the others of a long run are not lost."""
    _say(name)
    try:
        reports[name] = measure(site)
    except Exception:  # noqa: BLE001 - whatever a part dies of, the others are still worth having
        traceback.print_exc()
        print(f"{name}: FAILED", file=sys.stderr, flush=True)
    else:
        print(reports[name], file=sys.stderr, flush=True)


def _bakes(plan: Plan) -> int:
    return min(plan.bakes, plan.few // 4)


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
