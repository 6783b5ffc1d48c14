"""Reading an instance: what is right is typed, what is wrong is one clear line."""

import os
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from stoppress.config.instance import Instance, InstanceError, Settings, defaults, load, parse


def write(root: Path, text: str) -> Path:
    (root / "stoppress.toml").write_text(text, encoding="utf-8")
    return root


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(write(tmp_path, ""), {}).settings == Settings()


def test_the_file_is_read_and_the_environment_overrides_it(tmp_path: Path) -> None:
    root = write(tmp_path, 'title = "The Gazette"\nport = 9000\nallowed_hosts = ["a.example"]\n')
    settings = load(root, {"STOPPRESS_PORT": "9001", "STOPPRESS_TRUSTED_PROXIES": "10.0.0.1, ::1"}).settings
    assert (settings.title, settings.port) == ("The Gazette", 9001)
    assert settings.allowed_hosts == ["a.example"]
    assert settings.trusted_proxies == ["10.0.0.1", "::1"]


@pytest.mark.parametrize(("text", "value"), [("1", True), ("yes", True), ("off", False), ("", False)])
def test_a_boolean_from_the_environment(text: str, value: bool) -> None:
    assert parse({}, {"STOPPRESS_DEBUG": text}, "x").debug is value


def test_a_folder_without_settings_is_no_instance(tmp_path: Path) -> None:
    with pytest.raises(InstanceError, match=r"is not an instance: it has no stoppress\.toml"):
        load(tmp_path, {})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("port = ", "can't be read"),
        ("prot = 1", "unknown setting 'prot'. Known are: base_url"),
        ('port = "80"', "port must be int"),
        ("port = true", "port must be int"),
        ("port = 70000", "port must be between"),
        ("workers = 0", "workers must be between 1 and 64, not 0"),
        ('title = " "', "title must be a name"),
        ('title = "The\\nGazette"', "title must be a name in one line, without control characters"),
        ('strapline = "News\\u2028since 1901"', "strapline must be one line"),
        ('language = "english, please"', "language must be a tag"),
        ('time_zone = "Mars/Olympus"', "time_zone must be an IANA zone"),
        ('time_zone = "../../etc/passwd"', "time_zone must be an IANA zone"),
        ('base_url = "news.example"', "base_url must be like"),
        ('base_url = "https://news.example/blog/"', "base_url must be like"),
        ('base_url = "https://news.example:port"', "base_url must be like"),
        ('base_url = "https://[::1"', "base_url must be like"),
        ('database_url = "mysql://localhost/x"', "database_url must begin with postgres://"),
        ('trusted_proxies = ["proxy.example"]', "trusted_proxies must hold IP addresses or networks"),
        ('trusted_proxies = ["10.0.0.1/8"]', "and not everybody, not '10.0.0.1/8'"),
        ('trusted_proxies = ["0.0.0.0/0"]', "and not everybody, not '0.0.0.0/0'"),
        ('mail_security = "ssl"', "mail_security must be starttls, tls or none"),
        ('mail_from = "The Paper"', "mail_from must be like desk@news.example"),
        ('security_contact = "me@news.example"', "security_contact must begin with mailto:"),
        ('refused_crawlers = ["a b"]', "refused_crawlers must hold names"),
        ('metrics_from = ["everybody"]', "metrics_from must hold IP addresses"),
        ('log_format = "xml"', "log_format must be text or json"),
        ("log_files_kept = 0", "log_files_kept must be between 1 and 1000"),
        ("keep_orphans_days = 0", "keep_orphans_days must be between 1 and 36500"),
        ('allowed_hosts = "a.example"', "allowed_hosts must be a list of strings"),
        ("allowed_hosts = [1]", "allowed_hosts must be a list of strings"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InstanceError, match=r"stoppress\.toml") as caught:
        load(write(tmp_path, text), {})
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "text", "complaint"),
    [
        ("STOPPRESS_PORT", "eighty", "'eighty' is not a whole number"),
        ("STOPPRESS_PORT", "70000", "port must be between"),
        ("STOPPRESS_DEBUG", "perhaps", "'perhaps' is neither true nor false"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, text: str, complaint: str) -> None:
    with pytest.raises(InstanceError) as caught:
        parse({}, {variable: text}, "stoppress.toml")
    assert str(caught.value).startswith(f"{variable}: ")
    assert complaint in str(caught.value)


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "stoppress.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InstanceError, match="can't be read"):
        load(tmp_path, {})


@pytest.mark.parametrize("key", ["", "short"])
def test_a_secret_key_that_is_missing_or_short_is_refused(tmp_path: Path, key: str) -> None:
    instance = Instance(tmp_path, Settings())
    if key:
        instance.keys.mkdir(parents=True)
        instance.secret_key_file.write_text(key, encoding="ascii")
    with pytest.raises(InstanceError, match="secret key"):
        instance.secret_key()


def test_every_setting_is_explained() -> None:
    assert all(about.endswith(".") for _default, about in defaults().values())


def test_the_socket_lies_in_the_instance_where_its_path_fits(tmp_path: Path) -> None:
    instance = Instance(Path("/srv/paper"), Settings())
    assert instance.app_socket == Path("/srv/paper/data/run/app.sock")


def test_a_deep_instance_has_its_socket_elsewhere_in_a_private_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    if len(str(tmp_path)) > 50:
        monkeypatch.setattr("tempfile.tempdir", os.path.realpath("/tmp"))
    one, other = (Instance(Path("/srv") / ("very" * 30) / name, Settings()) for name in ("one", "other"))
    assert len(os.fsencode(one.app_socket)) <= 107
    assert one.app_socket != other.app_socket
    assert one.app_socket == Instance(one.root, Settings()).app_socket
    one.prepare_socket_folder()
    folder = one.app_socket.parent
    try:
        assert folder.stat().st_mode & 0o777 == 0o700
        folder.chmod(0o777)
        with pytest.raises(InstanceError, match="only you can open"):
            one.prepare_socket_folder()
    finally:
        folder.rmdir()


def test_a_long_temporary_folder_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/srv/" + "t" * 120)
    instance = Instance(Path("/srv") / ("very" * 30), Settings())
    assert instance.app_socket.parent.parent == Path("/tmp")


def test_a_folder_for_the_socket_that_cant_be_made_is_named() -> None:
    with TemporaryDirectory() as short:  # pytest's own may be too long for a socket, which then lies elsewhere
        (Path(short) / "data").touch()
        with pytest.raises(InstanceError, match="of the local socket"):
            Instance(Path(short), Settings()).prepare_socket_folder()


@pytest.mark.parametrize("chosen", [{}, {"title": 'The "Daily" \\ Курьер\n\x7f', "port": 81, "allowed_hosts": ["a"]}])
def test_the_written_settings_read_back(tmp_path: Path, chosen: dict[str, Any]) -> None:
    from stoppress.cli.founding import settings_text  # noqa: PLC0415 - what writes the file that this room reads

    text = settings_text(chosen)
    assert tomllib.loads(text) == chosen
    assert all(about in text for _default, about in defaults().values())
    for name, (default, _about) in defaults().items():
        line = next(line for line in text.splitlines() if line.removeprefix("# ").startswith(f"{name} = "))
        value = tomllib.loads(line.removeprefix("# "))[name] if name not in chosen else chosen[name]
        assert value == (chosen[name] if name in chosen else list(default) if isinstance(default, tuple) else default)


def test_the_mail_password_is_in_the_environment_or_a_file(tmp_path: Path) -> None:
    instance = Instance(tmp_path, Settings())
    assert instance.mail_password({}) == ""
    instance.keys.mkdir(parents=True)
    instance.mail_password_file.write_text("open sesame\n", encoding="utf-8")
    assert instance.mail_password({}) == "open sesame"
    assert instance.mail_password({"STOPPRESS_MAIL_PASSWORD": "another"}) == "another"
    instance.mail_password_file.write_bytes(b"\xff")
    with pytest.raises(InstanceError, match="can't be read"):
        instance.mail_password({})
