"""What lists, desk screens and a publication cost, in a small archive and in a large one."""

from collections.abc import Mapping

from bench.report import Report, milliseconds

Costs = Mapping[str, Mapping[str, float]]


def compare(few: int, small: Costs, many: int, large: Costs) -> Report:
    """Processor time and queries of each, side by side."""
    report = Report(
        f"Lists, the desk and a publication at {few:,} and {many:,} articles",
        "at most 1.5 times as much in the large archive.",
        ("", f"{few:,} articles", f"{many:,} articles", "ratio", "queries"),
    )
    for name, cost in small.items():
        other = large[name]
        ratio = f"{other['cpu'] / cost['cpu']:.2f}" if cost["cpu"] else "–"
        queries = f"{cost['queries']:.0f} / {other['queries']:.0f}"
        report.rows.append((name, milliseconds(cost["cpu"]), milliseconds(other["cpu"]), ratio, queries))
    report.notes = [
        "Processor time of one request or action in one process, medians of several, turn about with the others;",
        "pages are rendered as in a bake, desk screens through the whole of Django as a superuser.",
    ]
    return report
