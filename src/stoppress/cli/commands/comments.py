"""``stoppress comments``: what looks after replies."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stoppress.cli import place

if TYPE_CHECKING:
    from stoppress.comments.spam.training import Score


@click.group(short_help="Look after the checks of replies.")
def comments() -> None:
    """Look after the checks of replies: the spam model, and what a changed rule would have done."""


@comments.command(short_help="Train the spam model on the newsroom's decisions.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only measure it; the one in force stays.")
@click.option("--anyway", "is_forced", is_flag=True, help="Put it in force even if it does worse than the one before.")
@click.option("--shipped", "is_shipped", is_flag=True, help="Train nothing; go back to the model that is shipped.")
@click.pass_obj
def train(folder: Path, is_dry: bool, is_forced: bool, is_shipped: bool) -> None:
    """Fit the spam model to what people decided at the desk, and measure it on the newest fifth, which it has not seen.

    It is put in force if it does no worse there than the one before. It only ever holds replies; people decide.
    """
    instance = place.find(folder)
    place.require_writable(instance)
    place.configure(instance)
    place.require_database(instance)
    from stoppress.comments.actions import train as training  # noqa: PLC0415 - needs Django configured

    if is_shipped:
        training.use_shipped()
        click.echo("The model that is shipped is in force.")
        return
    try:
        trained = training.train_on_decisions(is_dry=is_dry, is_forced=is_forced)
    except training.TooFewDecisionsError as error:
        raise click.ClickException(f"Nothing was trained: {error}.") from error
    span = f"{trained.since:%Y-%m-%d} to {trained.until:%Y-%m-%d}"
    click.echo(f"Trained on {trained.trained_on} decisions of people ({trained.trained_spam} spam), {span}.")
    click.echo(f"On the {trained.score.count} newest, which it had not seen ({trained.score.spam} spam):")
    click.echo(f"  the new one: {_told(trained.score)}")
    if trained.before is not None:
        click.echo(f"  the one in force: {_told(trained.before)}")
    if is_dry:
        click.echo("Nothing was changed.")
    elif trained.is_kept:
        click.echo("The new one is in force.")
    else:
        click.echo("The one before stays in force, since it does better; --anyway takes the new one.")


@comments.command(short_help="What a changed rule would have done to the last month.")
@click.option("--mode", type=click.Choice(["open", "new-first", "hold-first"]), help="What is read first, everywhere.")
@click.option("--links", type=click.IntRange(0, 100), help="More links than this are held.")
@click.option("--characters", type=click.IntRange(1, 5_000), help="What is longer is not taken.")
@click.option("--trusted-after", type=click.IntRange(1, 1_000), help="Approved replies after which one is not new.")
@click.option("--likeness", type=click.IntRange(0, 100), help="From so many of 100 like spam on it is held; 0: never.")
@click.option("--held-word", "held_words", multiple=True, help="A further word or phrase that is read first.")
@click.option("--refused-word", "refused_words", multiple=True, help="A further word or phrase that is not taken.")
@click.pass_obj
def rehearse(
    folder: Path,
    mode: str | None,
    links: int | None,
    characters: int | None,
    trusted_after: int | None,
    likeness: int | None,
    held_words: tuple[str, ...],
    refused_words: tuple[str, ...],
) -> None:
    """Judge the newest replies of the last 30 days by changed rules, and say how many would have fared otherwise.

    Nothing is written.
    """
    instance = place.find(folder)
    place.configure(instance)
    place.require_database(instance)
    from stoppress.comments import rehearsal  # noqa: PLC0415 - needs Django configured
    from stoppress.comments.models import Mode  # noqa: PLC0415 - beside it

    change = rehearsal.Change(
        mode=Mode(mode) if mode else None,
        most_links=links,
        most_characters=characters,
        trusted_after=trusted_after,
        likeness=likeness,
        held_words=held_words,
        refused_words=refused_words,
    )
    found = rehearsal.rehearse(change)
    more = " (the newest of the month)" if found.is_cut else ""
    click.echo(f"{found.changed} of {found.looked_at} replies{more} would have fared otherwise.")
    for (before, after, now), count in found.moves.most_common():
        click.echo(f"  {count}: {before} -> {after} (now {now})")
    if found.wronged:
        click.echo(f"{found.wronged} that stand published today would not have been published at once.")


def _told(score: "Score") -> str:
    precision = "none held" if score.precision is None else f"precision {score.precision:.1%}"
    recall = "no spam to find" if score.recall is None else f"recall {score.recall:.1%}"
    return f"{precision}, {recall} (holds {score.caught} spam and {score.wronged} others)"
