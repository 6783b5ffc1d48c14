"""What baking costs: one article page in a small archive and in a large one, and a whole archive."""

from collections.abc import Mapping

from bench.report import Report, milliseconds

Cost = Mapping[str, float]


def compare(few: int, small: Cost, many: int, large: Cost, count: int) -> Report:
    """Processor time and queries per page, warm, baked alone."""
    costs = {few: small, many: large}
    report = Report(
        "Baking one article page, warm",
        "at most 15 ms of processor time; as many queries in a large archive as in a small one.",
        ("", *(f"{number:,} articles" for number in costs)),
    )
    report.rows = [
        ("processor time, rendering", *(milliseconds(cost["render"]) for cost in costs.values())),
        ("processor time, whole", *(milliseconds(cost["bake"]) for cost in costs.values())),
        ("queries, rendering", *(f"{cost['render_queries']:.0f}" for cost in costs.values())),
        ("queries, whole", *(f"{cost['bake_queries']:.0f}" for cost in costs.values())),
    ]
    report.notes = [
        f"Medians of {count} pages, each baked alone as after an edit: claim, render, compress, write, store.",
        f"Elapsed time of a whole bake: {milliseconds(large['elapsed'])}.",
    ]
    return report


def whole(articles: int, grown: Cost) -> Report:
    """The rate of one worker that bakes an archive, from a part of it."""
    pages, baked, seconds = grown["pages"], grown["baked"], grown["seconds"]
    report = Report(
        f"Baking an archive of {articles:,} articles",
        "no figure; old pages are served meanwhile, and news goes first.",
        ("pages", "baked and timed", "pages per second", "processor time per page", "all pages would take"),
    )
    report.rows = [
        (
            f"{pages:,.0f}",
            f"{baked:,.0f}",
            f"{baked / seconds:.0f}/s",
            milliseconds(grown["cpu"] / baked),
            f"{pages / baked * seconds / 60:.0f} min",
        )
    ]
    report.notes = [
        "One process on one core. All fronts and feeds and an even share of everything else were baked for this;",
        "the other pages are copies with dependencies of their own, since baking them too would take this long.",
    ]
    return report
