"""``stoppress user …``: who works here, and as what."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stoppress.cli import place
from stoppress.cli.commands.mail import where_mail_went
from stoppress.config.instance import Instance, InstanceError

if TYPE_CHECKING:
    from wagtail.models import Page

    from stoppress.accounts.models import Role, User

HOUR_SECONDS = 3600
ROLES = ("reporter", "section-editor", "photo-desk", "moderator", "publisher", "operator")
"""As ``accounts.models.Role`` has them, which needs Django; a test compares them."""

role_option = click.Choice(ROLES)
section_option = click.option(
    "--section", metavar="PATH", help="For a section editor: the section's address, such as /world/; / is the whole."
)

mail_option = click.option("--mail", "is_mailed", is_flag=True, help="Send the invitation instead of printing it.")


@click.group(short_help="Who works here, and as what.", invoke_without_command=True)
@click.pass_context
def user(context: click.Context) -> None:
    """Accounts of the desk: add people, list them, give them roles."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@user.command(short_help="Make an account and an invitation.")
@click.argument("name")
@click.argument("email")
@click.option("--role", "role_name", type=role_option, required=True, help="What they do.")
@section_option
@mail_option
@click.pass_obj
def add(folder: Path, name: str, email: str, role_name: str, section: str | None, is_mailed: bool) -> None:
    """Make an account called NAME for EMAIL, and print an invitation: a link at which they set their password, once."""
    _open(folder)
    from stoppress.accounts.actions import add_user  # noqa: PLC0415 - needs Django configured

    with _explained("No account was made."):
        made = add_user(name, email, _role(role_name), _section(section))
    _invite(made, is_mailed)


@user.command(short_help="Make another invitation.")
@click.argument("name")
@mail_option
@click.pass_obj
def invite(folder: Path, name: str, is_mailed: bool) -> None:
    """Print another link at which NAME sets a password, once; for who let the first one lapse, or forgot theirs."""
    _open(folder)
    _invite(_find(name), is_mailed)


@user.command("list", short_help="List the accounts.")
@click.pass_obj
def list_(folder: Path) -> None:
    """List the accounts: name, mail address, roles, and when they were here last."""
    _open(folder)
    from stoppress.accounts.models import User  # noqa: PLC0415 - needs Django configured

    for one in User.objects.order_by("username").prefetch_related("groups"):
        click.echo("  ".join((one.username, one.email or "–", _roles(one), _state(one))))


@user.command(short_help="Give somebody a role.")
@click.argument("name")
@click.argument("role_name", metavar="ROLE", type=role_option)
@section_option
@click.option("--add", "keeps_others", is_flag=True, help="Let them keep the roles that they have.")
@click.pass_obj
def role(folder: Path, name: str, role_name: str, section: str | None, keeps_others: bool) -> None:
    """Give NAME the ROLE instead of those that they have."""
    _open(folder)
    from stoppress.accounts.actions import grant  # noqa: PLC0415 - needs Django configured

    one = _find(name)
    with _explained("Nothing was changed."):
        group = grant(one, _role(role_name), _section(section), keeps_others=keeps_others)
    click.echo(f"{one.username} is now: {group.name}.")


@user.command("reset-two-factor", short_help="Take away somebody's second factors.")
@click.argument("name")
@click.pass_obj
def reset_two_factor(folder: Path, name: str) -> None:
    """Take away the second factors and recovery codes of NAME, who has lost theirs.

    Their password alone lets them in then: be sure who asks. The audit log says that it was done.
    """
    _open(folder)
    from stoppress.accounts.actions import reset_second_factors  # noqa: PLC0415 - needs Django configured

    one = _find(name)
    number = reset_second_factors(one)
    click.echo(f"{one.username} had {number} second factors and has none now; a password alone lets them in.")


def _open(folder: Path) -> Instance:
    instance = place.find(folder)
    place.configure(instance)
    place.require_database(instance)
    return instance


def _invite(one: "User", is_mailed: bool) -> None:
    from django.conf import settings  # noqa: PLC0415 - needs Django configured

    from stoppress.accounts.actions import invitation_link, mail_invitation  # noqa: PLC0415 - needs Django configured
    from stoppress.core.mail import MailError  # noqa: PLC0415 - needs Django configured

    with _explained("No invitation was made."):
        link = invitation_link(one)
        if is_mailed:
            try:
                mail_invitation(one)
            except MailError as error:
                raise InstanceError(
                    f"The account is there, but its invitation was not sent. {error} When that is mended: "
                    f"stoppress user invite {one.username} --mail"
                ) from error
            click.echo(f"{one.username} ({_roles(one)}): {where_mail_went(one.email)}")
            return
    hours = settings.PASSWORD_RESET_TIMEOUT // HOUR_SECONDS
    click.echo(f"{one.username} ({_roles(one)}) sets a password here, once, within {hours} hours:")
    click.echo(link)


def _find(name: str) -> "User":
    from stoppress.accounts.models import User  # noqa: PLC0415 - needs Django configured

    found = User.objects.filter(username=name).first()
    if found is None:
        raise InstanceError(f"Nobody is called {name!r}. 'stoppress user list' says who there is.")
    return found


def _role(name: str) -> "Role":
    from stoppress.accounts.models import Role  # noqa: PLC0415 - needs Django configured

    return Role(name)


def _section(path: str | None) -> "Page | None":
    """The section or the home page at ``path``, as readers know it."""
    if path is None:
        return None
    from stoppress.newsroom.models import Home, Section  # noqa: PLC0415 - needs Django configured

    wanted = f"/{path.strip('/')}/".replace("//", "/")
    there = {page.public_path: page for page in (*Home.objects.all(), *Section.objects.all())}
    if wanted not in there:
        raise InstanceError(f"There is no section at {wanted}. There are: {', '.join(sorted(there))}.")
    return there[wanted]


def _roles(one: "User") -> str:
    names = sorted(group.name for group in one.groups.all())
    return ", ".join(["Superuser"] * one.is_superuser + names) or "no role"


def _state(one: "User") -> str:
    if not one.is_active:
        return "switched off"
    if one.last_login is None:
        return "was never here" if one.has_usable_password() else "invited"
    return f"here last on {one.last_login:%Y-%m-%d}"


@contextmanager
def _explained(kept: str) -> Iterator[None]:
    """Turns what an action refuses into one line, with what was ``kept``."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - needs Django configured

    try:
        yield
    except ValidationError as error:
        raise InstanceError(f"{' '.join(error.messages)} {kept}") from error
