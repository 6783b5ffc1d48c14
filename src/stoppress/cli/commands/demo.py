"""``stoppress demo``."""

import os
import secrets
import sys
from pathlib import Path

import click

from stoppress.cli import founding
from stoppress.cli.commands.bake import tell
from stoppress.cli.locks import only_one
from stoppress.cli.ports import reserve
from stoppress.cli.progress import shown
from stoppress.config.instance import Instance, InstanceError, Settings, load
from stoppress.demo import STRAPLINE, TITLE

USERNAME = "editor"
PASSWORD_FILE = "demo_password"  # noqa: S105 - a file's name


@click.command(short_help="Make and serve a sample publication.")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("demo"))
@click.option("--no-serve", is_flag=True, help="Only make it.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve it on: 8000, or that of the first run.")
def demo(folder: Path, no_serve: bool, port: int | None) -> None:
    """Make a sample publication in DIR (./demo unless you say otherwise) and serve it.

    Safe to run again: what is there stays.
    """
    root = folder.resolve()
    bare = Instance(root, Settings())
    password_file = bare.keys / PASSWORD_FILE
    if not founding.is_founded(root):
        founding.require_room(root)
    elif not password_file.exists():
        raise InstanceError(f"{root} holds a publication that is not a demo; choose another folder.")
    if port is None:
        port = load(root).settings.port if founding.is_founded(root) else Settings().port
    address = f"http://127.0.0.1:{port}"
    os.environ.setdefault("STOPPRESS_BASE_URL", address)
    os.environ["STOPPRESS_PORT"] = str(port)
    if not no_serve:
        reserve("127.0.0.1", port).close()  # better said now than after the baking
    with only_one(bare):
        chosen = {"title": TITLE, "strapline": STRAPLINE, "base_url": address, "port": port, "public_history": True}
        # Replies are read before others see them, and the stories are older than a newsroom would keep them open.
        instance = founding.lay_out(root, {**chosen, "comments": "new-first", "comments_close_days": 0})
        password = _password(password_file)
        founding.furnish(instance, click.echo)
        is_known = _fill(password)
    click.echo(f"The demo is in {root}. Its address: {address}/")
    shown_password = password if is_known else "the password that you have set"
    # Passkeys belong to a name, never to an address (W3C WebAuthn), and without https to this one alone.
    desk = address.replace("//127.0.0.1:", "//localhost:")
    click.echo(f"The desk: {desk}/desk/  Log in as {USERNAME} with {shown_password}")
    if no_serve:
        click.echo(f"Serve it: stoppress --instance {root} run --port {port}")
        return
    sys.stdout.flush()
    # The supervisor is a fresh process: this one has all of Django in its memory.
    command = [sys.executable, "-P", "-m", "stoppress", "--instance", str(root), "run", "--port", str(port)]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter and module


def _password(file: Path) -> str:
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(9))
    return file.read_text(encoding="ascii")


def _fill(password: str) -> bool:
    """Write the sample and its desk login; returns whether ``password`` opens it."""
    from stoppress.accounts.actions import ensure_superuser  # noqa: PLC0415 - needs Django configured
    from stoppress.demo.actions import create, print_again  # noqa: PLC0415 - needs Django configured
    from stoppress.demo.replies import create_replies, show_replies  # noqa: PLC0415 - needs Django configured
    from stoppress.pagestore.actions import bake_everything, drain  # noqa: PLC0415 - needs Django configured

    with shown("Writing the sample") as report:
        create(report)
    editor = ensure_superuser(USERNAME, password)
    with shown("Baking") as report:
        result = bake_everything(report)
    # In turn, after readers have had the first text.
    if print_again():
        drain()
    if create_replies(editor):
        show_replies()
    tell(result)
    return editor.check_password(password)
