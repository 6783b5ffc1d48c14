"""``stoppress user``."""

from pathlib import Path

import pytest

from stoppress.accounts.models import Role
from stoppress.cli.commands.user import ROLES
from tests.tree import stoppress


def test_somebody_is_invited_listed_and_given_another_role(paper: Path) -> None:
    made = stoppress("user", "add", "ada", "ada@newsroom.example", "--role", "reporter", folder=paper)
    assert made.returncode == 0, made.stderr
    head, link = made.stdout.splitlines()
    assert head == "ada (Reporter) sets a password here, once, within 72 hours:"
    assert link.startswith("http://127.0.0.1:8000/desk/password_reset/confirm/")
    listed = stoppress("user", "list", folder=paper)
    assert listed.stdout == "ada  ada@newsroom.example  Reporter  invited\n"
    changed = stoppress("user", "role", "ada", "section-editor", "--section", "/", folder=paper)
    assert changed.stdout == "ada is now: Section editor: The Test Gazette.\n"
    again = stoppress("user", "invite", "ada", folder=paper)
    assert again.stdout.startswith("ada (Section editor: The Test Gazette) sets a password here")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["add", "ada", "nowhere", "--role", "reporter"], "Enter a valid email address. No account was made."),
        (["add", "ada", "a@b.example", "--role", "section-editor"], "Say which section"),
        (
            ["add", "ada", "a@b.example", "--role", "section-editor", "--section", "moon"],
            "There is no section at /moon/. There are: /.",
        ),
        (["role", "nobody", "reporter"], "Nobody is called 'nobody'. 'stoppress user list' says who there is."),
        (["invite", "nobody"], "Nobody is called 'nobody'."),
    ],
)
def test_what_cant_be_is_one_line(original: Path, arguments: list[str], complaint: str) -> None:
    ended = stoppress("user", *arguments, folder=original)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert complaint in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert stoppress("user", "list", folder=original).stdout == ""


def test_the_command_knows_every_role() -> None:
    assert list(ROLES) == [role.value for role in Role]
