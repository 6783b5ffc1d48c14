"""``stoppress mail …``."""

from pathlib import Path

import click

from stoppress.cli import place
from stoppress.config.instance import MAIL_PASSWORD, InstanceError


@click.group(short_help="Try whether mail goes out.", invoke_without_command=True)
@click.pass_context
def mail(context: click.Context) -> None:
    """The way that our mail takes: invitations and new passwords."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@mail.command(short_help="Send a mail to ADDRESS.")
@click.argument("address")
@click.pass_obj
def test(folder: Path, address: str) -> None:
    """Send a mail to ADDRESS as the settings say, and say in one line why it can't be sent."""
    instance = place.find(folder)
    place.configure(instance)
    from django.core.exceptions import ValidationError  # noqa: PLC0415 - needs Django configured
    from django.core.validators import validate_email  # noqa: PLC0415 - needs Django configured

    from stoppress.core.mail import send  # noqa: PLC0415 - needs Django configured

    try:
        validate_email(address)
    except ValidationError as error:
        raise InstanceError(f"{address!r} is not a mail address. Nothing was sent.") from error
    own = instance.settings
    if own.mail_host and own.mail_user and not instance.mail_password():
        raise InstanceError(
            f"mail_user is set, but there is no password. Put it into {instance.mail_password_file} (chmod 600), "
            f"or into {MAIL_PASSWORD}. Nothing was sent."
        )
    send(f"A mail from {own.title}", f"If you can read this, {own.title} can send mail.\n\n{own.base_url}\n", address)
    click.echo(where_mail_went(address))


def where_mail_went(address: str) -> str:
    """What has become of a mail that was sent just now. Django must be configured."""
    from django.conf import settings  # noqa: PLC0415 - needs Django configured

    if not settings.EMAIL_HOST:
        return f"no mail_host is set, so the mail lies in {settings.EMAIL_FILE_PATH}."
    return f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} took the mail for {address}."
