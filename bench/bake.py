"""What baking an article page costs, in a small archive and in a larger one."""

from bench.report import Report, milliseconds
from bench.site import Site, made

SMALL = 50
"""Articles in the small archive."""


def measure(site: Site) -> Report:
    """Processor time and queries per page, warm, baked alone; the tree must not run."""
    count, articles = min(site.plan.bakes, SMALL // 2 - 5), site.plan.articles
    with made(site.plan, "small", SMALL) as small:
        costs = {SMALL: small.editor.ask("bake_cost", count=count), articles: site.editor.ask("bake_cost", count=count)}
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
        f"Elapsed time of a whole bake: {milliseconds(costs[articles]['elapsed'])}.",
    ]
    return report
