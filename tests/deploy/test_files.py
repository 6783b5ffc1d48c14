"""The files in ``deploy/`` say what the code says, and the programs that read them understand them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse

from stoppress.comments import urls as comments
from stoppress.core.filetypes import PICTURES
from stoppress.core.policy import PUBLIC_POLICY
from stoppress.pagestore.layout import PAGE_SUFFIXES, PENDING, TOMBSTONE
from stoppress.pagestore.serve.pages import FOREVER, REVALIDATE, STATUS_OF_PAGE

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
PROXIES = ["nginx.conf", "Caddyfile"]
LEAST_EXPOSED = "20"
"""What systemd gives the service at most, in tenths: from 0 for locked up to 100 for root."""


def text_of(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_sends_what_the_front_sends(name: str) -> None:
    text = text_of(name)
    for said in (PUBLIC_POLICY, FOREVER.decode(), REVALIDATE.decode(), "strict-origin-when-cross-origin", "nosniff"):
        assert said in text


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_looks_where_the_store_has_its_pages(name: str) -> None:
    (tried,) = re.findall(r"try_files (\S+ \S+ .*index\S+ \S+)", text_of(name))
    assert re.findall(r"index(\.\w+)", tried) == list(PAGE_SUFFIXES)
    hidden = text_of(name)
    assert f"|{TOMBSTONE[1:]}|{PENDING[1:]}" in hidden


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_shows_the_pictures_that_the_front_shows(name: str) -> None:
    (alternatives,) = re.findall(r"\\\.\((png\S*avif)\)", text_of(name))
    pattern = re.compile(rf"\.({alternatives})")
    assert all(pattern.fullmatch(suffix) for suffix in PICTURES)
    assert len(alternatives.replace("jpe?g", "jpg|jpeg").split("|")) == len(PICTURES)


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_leaves_the_pages_for_errors_to_the_front(name: str) -> None:
    (codes,) = re.findall(r"\^/\(([\w|-]+)\)\\\.html\$", text_of(name))
    assert sorted(codes.split("|")) == sorted(page[1:].removesuffix(".html") for page in STATUS_OF_PAGE)


def test_nginx_logs_no_link_that_speaks_for_somebody() -> None:
    text = text_of("nginx.conf")
    (logged,) = re.findall(r"map \$uri \$stoppress_logged \{(.*?)\n\}", text, re.DOTALL)
    shortened = [re.compile(one) for one in re.findall(r'"~(\S+)"', logged)]
    (form,) = re.findall(r"log_format stoppress '(.*)'", text)
    assert "$stoppress_logged" in form
    assert not re.search(r"\$(request|request_uri|uri|args|query_string|http_referer)\b", form)
    names = [one.name for one in comments.urlpatterns if "token" in one.pattern.converters]
    assert len(names) > 4
    paths = [reverse(f"comments:{name}", args=["made-of:what:is-signed"]) for name in names]
    for path in (*paths, reverse("wagtailadmin_password_reset_confirm", args=["MQ", "c0ffee-made-of"])):
        assert any("made-of" not in found[1] for one in shortened if (found := one.match(path))), path
    assert text.count("access_log ") == text.count("server {") == 2


def test_systemd_takes_the_service_and_finds_it_locked_up(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here (apt-get install systemd)")
    unit = tmp_path / "stoppress.service"
    unit.write_text(
        text_of("stoppress.service").replace("/opt/stoppress/bin/stoppress", sys.executable), encoding="utf-8"
    )
    for check in (["verify"], ["security", "--offline=true", f"--threshold={LEAST_EXPOSED}", "--no-pager"]):
        done = subprocess.run(["systemd-analyze", *check, str(unit)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Unknown" not in done.stderr
        assert "stoppress.service" not in done.stderr


def test_caddy_takes_its_file(tmp_path: Path) -> None:
    if shutil.which("caddy") is None:
        pytest.skip("no caddy here (apt-get install caddy)")
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "input is not formatted" not in done.stderr
