"""``stoppress comments …``: what looks after replies, figures of moderation, and what is kept of a person."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stoppress.cli import place
from stoppress.cli.progress import shown
from stoppress.config.instance import InstanceError

if TYPE_CHECKING:
    from stoppress.comments.spam.training import Score


DAYS = 30


@click.group(short_help="Replies: their checks, figures, and what is kept of a person.")
def comments() -> None:
    """Replies: the spam model, what a changed rule would have done, figures, and what is kept of a person."""


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


@comments.command(short_help="Count how replies were moderated.")
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day; by default 30 days ago.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="Last day; by default today.")
@click.option("--csv", "is_csv", is_flag=True, help="As CSV.")
@click.pass_obj
def report(folder: Path, start: datetime | None, end: datetime | None, is_csv: bool) -> None:
    """Count what was written, decided, reported and appealed against: what the Digital Services Act wants published."""
    _open(folder)
    from django.utils import timezone  # noqa: PLC0415 - needs Django configured

    from stoppress.comments.figures import as_csv, as_rows, figures  # noqa: PLC0415 - needs Django configured

    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    first = timezone.make_aware(start) if start else today - timedelta(days=DAYS)
    after = (timezone.make_aware(end) if end else today) + timedelta(days=1)
    if after <= first:
        raise InstanceError("The first day is after the last one. Nothing was counted.")
    found = figures(first, after)
    if is_csv:
        click.echo(as_csv(found), nl=False)
        return
    for kind, what, number in as_rows(found):
        click.echo(f"{kind}: {what}: {number or '–'}")


@comments.command("export-person", short_help="Print all that is kept of a person.")
@click.argument("address")
@click.pass_obj
def export_person(folder: Path, address: str) -> None:
    """Print all that is kept of whoever has the mail address ADDRESS, as JSON lines.

    That is what article 15 of the General Data Protection Regulation wants. The audit log says that it was asked for,
    without the address.
    """
    _open(folder)
    from stoppress.comments import actions  # noqa: PLC0415 - needs Django configured

    _require_mail(address)
    for record in actions.export_person(address):
        click.echo(json.dumps(record, ensure_ascii=False))


@comments.command("erase-person", short_help="Erase a person.")
@click.argument("address")
@click.option("--with-words", is_flag=True, help="What they wrote goes too; else it stays under no name.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def erase_person(folder: Path, address: str, with_words: bool, yes: bool) -> None:
    """Erase whoever has the mail address ADDRESS: the address, their names and websites, and that they reported things.

    What they wrote stays under no name, unless --with-words. A later import does not bring them back. The audit log
    says that it was done, without the address. The address goes first, then the replies, a few at a time; interrupted,
    the running instance goes on, or this does when it is repeated.
    """
    _open(folder)
    from stoppress.comments import actions  # noqa: PLC0415 - needs Django configured

    _require_mail(address)
    if not yes:
        click.confirm("This can't be undone. Erase them?", abort=True)
    with shown("Replies") as progress:
        erased = actions.erase_person(address, with_words=with_words, progress=progress)
    click.echo(f"{erased.replies} replies ({erased.words} with their words) and {erased.reports} reports are erased.")


@comments.command("allow-mail", short_help="Write again to an address that wanted no mail.")
@click.argument("address")
@click.pass_obj
def allow_mail(folder: Path, address: str) -> None:
    """Let mails about replies and reported errors go to ADDRESS again, when its owner asks for that and has lost the
    mail with the link."""
    _open(folder)
    from stoppress.comments import actions  # noqa: PLC0415 - needs Django configured

    _require_mail(address)
    if actions.allow_mail(address):
        click.echo("Mails about replies and reported errors go there again.")
    else:
        click.echo("Nobody had stopped them. Nothing was changed.")


def _open(folder: Path) -> None:
    instance = place.find(folder)
    place.configure(instance)
    place.require_database(instance)


def _require_mail(address: str) -> None:
    from stoppress.comments.vault import is_mail  # noqa: PLC0415 - needs Django configured

    if not is_mail(address):
        raise InstanceError(f"{address!r} is no mail address. Nothing was done.")
