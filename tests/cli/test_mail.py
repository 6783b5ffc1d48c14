"""``stoppress mail``, and invitations that are mailed."""

import re
from pathlib import Path

import pytest

from tests import smtp
from tests.tree import free_port, stoppress

ADDRESS = "ada@newsroom.example"


def environment(port: int, **more: str) -> dict[str, str]:
    """The settings of a mail server on this machine."""
    return {
        "STOPPRESS_MAIL_HOST": "127.0.0.1",
        "STOPPRESS_MAIL_PORT": str(port),
        "STOPPRESS_MAIL_SECURITY": "none",
        **{f"STOPPRESS_{name.upper()}": value for name, value in more.items()},
    }


def test_without_a_server_mails_are_files(paper: Path) -> None:
    sent = stoppress("mail", "test", ADDRESS, folder=paper)
    assert (sent.returncode, sent.stdout) == (0, f"no mail_host is set, so the mail lies in {paper / 'data/mail'}.\n")
    made = stoppress("user", "add", "ada", ADDRESS, "--role", "reporter", "--mail", folder=paper)
    assert made.stdout == f"ada (Reporter): no mail_host is set, so the mail lies in {paper / 'data/mail'}.\n"
    texts = [file.read_text(encoding="utf-8") for file in (paper / "data/mail").iterdir()]
    assert len(texts) == 2
    assert all(f"To: {ADDRESS}" in text for text in texts)
    (invitation,) = (text for text in texts if "There is an account for you at The Test Gazette" in text)
    assert re.search(r"http://127\.0\.0\.1:8000/desk/password_reset/confirm/\S+/\S+/", invitation)
    assert (paper / "data/mail").stat().st_mode & 0o777 == 0o700


def test_a_server_takes_it_with_the_password_of_the_file(paper: Path) -> None:
    (paper / "data/keys/mail_password").write_text("open sesame\n", encoding="utf-8")
    with smtp.serving() as server:
        more = environment(server.port, mail_user="paper", mail_from="The Paper <desk@newsroom.example>")
        sent = stoppress("mail", "test", ADDRESS, folder=paper, more=more)
        assert (sent.returncode, sent.stderr) == (0, "")
        assert sent.stdout == f"127.0.0.1:{server.port} took the mail for {ADDRESS}.\n"
        (mail,) = server.mails
    assert (mail["From"], mail["To"]) == ("The Paper <desk@newsroom.example>", ADDRESS)


@pytest.mark.parametrize(
    ("refuses", "more", "complaint"),
    [
        (
            {"AUTH": "535 5.7.8 who are you"},
            {"mail_user": "paper", "mail_password": "wrong"},
            "Authentication: {} does not accept mail_user with its password: 535 5.7.8 who are you.",
        ),
        (
            {"EHLO": "250 mail.test"},
            {"mail_user": "paper", "mail_password": "any"},
            "TLS or authentication: {} says: SMTP AUTH extension not supported by server.",
        ),
        ({}, {"mail_security": "starttls"}, "TLS or authentication: {} says: STARTTLS extension not supported by"),
        ({}, {"mail_security": "tls"}, "TLS: {} does not begin with TLS. See mail_security and mail_port."),
        ({"RCPT": "550 nobody here"}, {}, "{} does not take mail for this address: 550 nobody here."),
        ({"MAIL": "553 not you"}, {}, "{} does not take mail from our address: 553 not you. See mail_from."),
        ({"DATA": "554 no\r\n554 thanks"}, {}, "{} did not take the mail: 554 no"),
    ],
)
def test_a_failure_is_explained_in_one_line(
    original: Path, refuses: dict[str, str], more: dict[str, str], complaint: str
) -> None:
    with smtp.serving(**refuses) as server:
        ended = stoppress("mail", "test", ADDRESS, folder=original, more=environment(server.port, **more))
        assert server.mails == []
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("stoppress: " + complaint.format(f"127.0.0.1:{server.port}"))
    assert len(ended.stderr.splitlines()) == 1


def test_a_closed_port_a_missing_password_and_a_wrong_address_are_said(original: Path) -> None:
    port = free_port()
    closed = stoppress("mail", "test", ADDRESS, folder=original, more=environment(port))
    assert closed.stderr == f"stoppress: 127.0.0.1:{port} refuses connections. See mail_host and mail_port.\n"
    silent = stoppress("mail", "test", ADDRESS, folder=original, more=environment(port, mail_user="paper"))
    assert "mail_user is set, but there is no password. Put it into" in silent.stderr
    wrong = stoppress("mail", "test", "nowhere", folder=original)
    assert wrong.stderr == "stoppress: 'nowhere' is not a mail address. Nothing was sent.\n"


def test_an_account_stays_when_its_invitation_was_not_sent(paper: Path) -> None:
    more = environment(free_port())
    made = stoppress("user", "add", "ada", ADDRESS, "--role", "reporter", "--mail", folder=paper, more=more)
    assert made.returncode == 1
    assert "The account is there, but its invitation was not sent." in made.stderr
    assert "stoppress user invite ada --mail" in made.stderr
    assert "invited" in stoppress("user", "list", folder=paper).stdout


def test_doctor_looks_at_the_way_out(paper: Path) -> None:
    more = {"STOPPRESS_PORT": str(free_port()), "STOPPRESS_MAIL_HOST": "127.0.0.1", "STOPPRESS_MAIL_USER": "paper"}
    looked = stoppress("doctor", folder=paper, more=more)
    assert "mail_user is set, but there is no password in" in looked.stdout
    file = paper / "data/keys/mail_password"
    file.write_text("open sesame", encoding="utf-8")
    file.chmod(0o644)
    looked = stoppress("doctor", folder=paper, more=more)
    assert f"others can read its password; chmod 600 {file}" in looked.stdout
    assert "goes to 127.0.0.1; try it with 'stoppress mail test ADDRESS'" in looked.stdout
