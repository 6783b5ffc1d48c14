"""``python -m bench [PART…] [--quick]``: measure and print; a full run also writes ``bench/RESULTS.md``."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Sequence

from bench import bake, behind_nginx, fresh, hit, imports, misses, search, storm
from bench.machine import ROOT, facts
from bench.report import Report, table
from bench.site import QUICK, WORK, Plan, Site, made

RESULTS = ROOT / "bench" / "RESULTS.md"
SERVED: dict[str, Callable[[Site], Report]] = {
    "hit": hit.measure,
    "storm": storm.measure,
    "misses": misses.measure,
    "fresh": fresh.measure,
    "behind_nginx": behind_nginx.measure,
}
"""Parts that need the running tree."""
AT_REST: dict[str, Callable[[Site], Report]] = {
    "bake": bake.measure,
    "imports": imports.measure,
    "search": search.measure,
}
"""Parts that must have the store to themselves."""
HEAD = """\
# Results

Written by `make bench`. Ratios are measured side by side, turn about, on one machine that also runs the load generator;
absolute figures say more of the machine than of us.
"""


def main(arguments: Sequence[str]) -> int:
    """Measure the parts that ``arguments`` name, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parts = [*AT_REST, *SERVED]
    parser.add_argument("parts", metavar="PART", nargs="*", choices=[[], *parts], help=", ".join(parts))
    parser.add_argument("--quick", action="store_true", help="a small archive and short runs, to see that it works")
    options = parser.parse_args(arguments)
    if missing := [name for name in ("nginx", "wrk") if shutil.which(name) is None]:
        print(f"Nothing measured: run 'apt-get install {' '.join(missing)}' first.", file=sys.stderr)
        return 1
    began = time.monotonic()
    head = [HEAD, *table(("", ""), facts()), ""]
    plan = QUICK if options.quick else Plan()
    reports = _measure(plan, options.parts or parts)
    text = "\n".join([*head, *(str(report) for report in reports)])
    took = time.monotonic() - began
    text += f"\nMeasured in {took:.0f} s with {plan.articles:,} articles; {plan.pairs} turns each.\n"
    print(text)
    if not options.parts and not options.quick:
        RESULTS.write_text(text, encoding="utf-8")
        print(f"Written to {RESULTS.relative_to(ROOT)}.")
    return 0


def _measure(plan: Plan, parts: Sequence[str]) -> list[Report]:
    reports: dict[str, Report] = {}
    _say(f"making a publication with {plan.articles:,} articles")
    with made(plan, "site", plan.articles) as site:
        for name in [part for part in AT_REST if part in parts]:
            _say(name)
            reports[name] = AT_REST[name](site)
        if served := [part for part in SERVED if part in parts]:
            with site.served():
                for name in served:
                    _say(name)
                    reports[name] = SERVED[name](site)
    shutil.rmtree(WORK, ignore_errors=True)
    return [reports[name] for name in (*SERVED, *AT_REST) if name in reports]


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
