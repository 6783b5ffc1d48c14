"""The container files say what the code says. Building an image needs a registry, so that is left to who deploys."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import yaml

from stoppress.cli.main import main as command
from stoppress.config.instance import PREFIX, Instance, Settings, defaults, parse
from stoppress.pagestore.serve.asgi import LIVE

ROOT = Path(__file__).parent.parent.parent
INSTANCE = Path("/srv/paper")
KNOWN = {PREFIX + name.upper() for name in defaults()} | {"STOPPRESS_INSTANCE"}


def containerfile() -> dict[str, list[str]]:
    """Its instructions by name."""
    found: dict[str, list[str]] = {}
    text = re.sub(r"\\\n\s*", "", (ROOT / "deploy/Containerfile").read_text(encoding="utf-8"))
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            found.setdefault(name, []).append(rest)
    return found


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
    return read


def test_the_image_has_all_that_an_installation_needs() -> None:
    said = containerfile()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    copied = {name for line in said["COPY"] for name in line.split()[:-1]}
    assert {"pyproject.toml", "src", project["readme"], *project["license-files"]} <= copied
    assert all((ROOT / name).exists() for name in copied)
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in let_in if line.startswith("!")} == copied
    (extra,) = re.findall(r'"\.\[(\w+)\]"', " ".join(said["RUN"]))
    assert extra in project["optional-dependencies"]
    lowest, highest = re.findall(r"3\.\d+", project["requires-python"])
    (python,) = re.findall(r"python:(3\.\d+)", said["FROM"][0])
    assert int(lowest[2:]) <= int(python[2:]) < int(highest[2:])
    assert said["USER"] == ["stoppress"]


def test_the_image_runs_what_there_is_where_it_is() -> None:
    said, settings = containerfile(), Settings()
    assert said["ENTRYPOINT"] == ['["stoppress"]']
    assert set(re.findall(r'"(\w+)"', said["CMD"][0])) <= set(command.commands)  # type: ignore[attr-defined]
    assert f"http://127.0.0.1:{settings.port}{LIVE}" in said["HEALTHCHECK"][0]
    assert said["EXPOSE"] == [str(settings.port)]
    assert f"STOPPRESS_INSTANCE={INSTANCE}" in said["ENV"][0]
    assert said["VOLUME"] == [str(INSTANCE)]


def test_the_services_get_settings_that_exist_and_hold() -> None:
    services = compose()["services"]
    for name in ("app", "tools"):
        given = {key: str(value) for key, value in services[name]["environment"].items()}
        assert set(given) <= KNOWN
        given["STOPPRESS_DATABASE_URL"] = re.sub(r"\$\{[^}]*\}", "secret", given["STOPPRESS_DATABASE_URL"])
        settings = parse({}, given, "compose.yaml")
        assert settings.trusted_proxies == ["127.0.0.1"]
        assert settings.database_url.endswith(f"@database/{services['database']['environment']['POSTGRES_DB']}")
        assert services[name]["build"]["dockerfile"] == "deploy/Containerfile"
    assert "database" in services


def test_the_commands_that_the_files_name_are_there() -> None:
    said: list[list[str]] = []
    for name in ("compose.yaml", "Containerfile", "stoppress.service"):
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        said += [shlex.split(line) for line in re.findall(r"compose run --rm tools (.+)", text)]
        said += [shlex.split(line) for line in re.findall(r"^Exec\w+=\S*/stoppress (.+)", text, re.MULTILINE)]
    assert len(said) > 3
    for words in said:
        # As the command line itself reads them: an unknown option, or too many words, fails.
        outer = command.make_context("stoppress", list(words), resilient_parsing=False)
        name, *rest = [*outer._protected_args, *outer.args]
        inner = command.commands[name]  # type: ignore[attr-defined]
        inner.make_context(name, rest, parent=outer)


def test_backups_are_made_by_programs_of_the_server_s_version() -> None:
    (server,) = re.findall(r"postgres:(\d+)$", compose()["services"]["database"]["image"])
    assert f"postgresql-client-{server} " in " ".join(containerfile()["RUN"])


def test_the_web_server_sees_what_readers_get_and_nothing_else() -> None:
    services = compose()["services"]
    here = Instance(root=INSTANCE, settings=Settings())
    shown = [volume for volume in services["web"]["volumes"] if "/paper/" in volume]
    assert {volume.split(":")[1] for volume in shown} == {str(here.store), str(here.static), str(here.media)}
    assert all(volume.endswith(":ro") for volume in shown)
    caddy = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    assert f"root {here.data}" in caddy
    # Both are in one network, so what the Caddyfile says of Stop Press holds.
    assert services["app"]["network_mode"] == "service:web"
    assert f"reverse_proxy {Settings().host}:{Settings().port}" in caddy
    assert "8000" not in str(services["web"]["ports"])
