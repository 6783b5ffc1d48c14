"""Hits while other readers ask for what Django must answer.

Flat out the machine is full, so whatever Django computes is missing elsewhere; the steady load leaves room, and shows
whether a hit ever waits behind a miss.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.load import Load, parse, start, wrk
from bench.pairs import middle, ratio, turn_about
from bench.report import Report, milliseconds, rate
from bench.site import WORK, Site
from stoppress.pagestore.layout import PENDING, Epoch, Layout

CLIENTS = 16
PENDING_PAGES = 20
STEADY_CONNECTIONS = 32
STEADY_PAUSE_MILLISECONDS = 8
"""Each steady connection pauses this long before a request: some thousand requests per second altogether."""


def measure(site: Site) -> Report:
    """Hits beside misses against hits alone, turn about: desk pages, then pages that wait to be baked."""
    report = Report(
        f"Hits while {CLIENTS} others miss",
        "hits keep their pace (the prototype with Django in the serving process lost 97 %).",
        ("", "while others miss", "quiet", "ratio, median (least–most)", "99 of 100, missing / quiet", "misses"),
    )
    steady = script_of("steady.lua", [site.article], STEADY_PAUSE_MILLISECONDS)
    with _pending(site) as pending:
        for name, paths in (("the desk's login", ["/desk/login/"]), ("pages not baked yet", pending)):
            script = script_of("misses.lua", paths)
            report.rows.append(_row(f"flat out; {name}", site, script, CONNECTIONS_FLAT_OUT, None))
            report.rows.append(_row(f"steady; {name}", site, script, STEADY_CONNECTIONS, steady))
    report.notes = [
        "Flat out: 64 connections ask as fast as they can, and Django takes its share of the same cores.",
        f"Steady: {STEADY_CONNECTIONS} connections pause {STEADY_PAUSE_MILLISECONDS} ms before each request.",
        "The first figure of a miss is its rate, the second how many failed or were told to come back.",
    ]
    return report


CONNECTIONS_FLAT_OUT = 64


def _row(name: str, site: Site, misses: Path, connections: int, script: Path | None) -> Sequence[str]:
    url, seconds = site.running.url(site.article), max(site.plan.seconds / 2, 2)
    missed: list[Load] = []

    def quiet() -> Load:
        return wrk(url, seconds, connections=connections, script=script)

    def beside_misses() -> Load:
        others = start(site.running.url("/"), seconds + 1, connections=CLIENTS, script=misses)
        load = quiet()
        missed.append(parse(others.communicate()[0]))
        return load

    pairs = turn_about(site.plan.pairs, beside_misses, quiet)

    def of(side: int, value: Callable[[Load], float]) -> float:
        return middle([value(pair[side]) for pair in pairs])

    return (
        name,
        rate(of(0, lambda x: x.rate)),
        rate(of(1, lambda x: x.rate)),
        str(ratio(pairs, lambda x: x.rate)),
        f"{milliseconds(of(0, lambda x: x.p99))} / {milliseconds(of(1, lambda x: x.p99))}",
        f"{rate(middle([x.rate for x in missed]))}, {sum(x.failures for x in missed)}",
    )


@contextmanager
def _pending(site: Site) -> Iterator[list[str]]:
    """Take some pages out of the store, as if they had never been baked, and put them back afterwards."""
    layout = Layout(site.root / "data" / "store")
    epoch = Epoch(layout.epoch_file, is_writer=True)
    paths = site.editor.ask("some_paths", count=PENDING_PAGES + 1)[1:]
    for path in paths:
        page = site.baked(path)
        page.rename(page.with_suffix(".kept"))
        Path(layout.stem(path) + PENDING).touch()
    epoch.bump(*paths)
    try:
        yield paths
    finally:
        for path in paths:
            page = site.baked(path)
            page.with_suffix(".kept").rename(page)
            Path(layout.stem(path) + PENDING).unlink()
        epoch.bump(*paths)
        epoch.close()


def delay(pause: int, *, is_even: bool = False) -> str:
    """What lets each connection pause before a request: so many milliseconds, or as many on an average."""
    return f"delay = function() return {pause if is_even else f'math.random(0, {2 * pause})'} end"


def script_of(name: str, paths: Sequence[str], pause: int = 0, *, is_even: bool = True) -> Path:
    """A script for wrk that asks for ``paths`` in turn."""
    listed = ", ".join(f'"{path}"' for path in paths)
    lines = [f"local paths = {{{listed}}}", "local n = 0", "request = function()", "  n = n % #paths + 1"]
    lines += ['  return wrk.format("GET", paths[n])', "end"]
    if pause:
        lines.append(delay(pause, is_even=is_even))
    file = WORK / name
    file.write_text("\n".join(lines) + "\n")
    return file
