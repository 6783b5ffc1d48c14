"""A publication behind the web servers of ``deploy/``: what readers and editors get, and what strangers don't."""

import re
import signal
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from stoppress.core.policy import PUBLIC_POLICY
from tests.journeys.server import serving, settle, work
from tests.journeys.web import Web, need
from tests.journeys.work import PASSWORD
from tests.tree import Tree, eventually, free_port

pytestmark = pytest.mark.journey


@pytest.fixture(params=["nginx", "caddy"])
def web(request: pytest.FixtureRequest, place: Path, tmp_path: Path) -> Iterator[tuple[Web, Tree]]:
    """The web server in front of a publication with a story that moved and one that is gone."""
    need(request.param, "openssl")
    port = free_port()
    with (place / "stoppress.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'base_url = "https://localhost:{port}"\ntrusted_proxies = ["127.0.0.0/8"]\n')
    work(place, "unsettle")
    with serving(place) as tree:
        one = Web(tmp_path / "web", place, port, tree.port)
        with one.running(request.param):
            settle(place)
            yield one, tree


def test_readers_and_editors_behind_a_web_server(web: tuple[Web, Tree]) -> None:
    site, tree = web
    store = site.root / "data/store/pages"

    page = site.get("/world/old-story-3/")
    assert (page.status, page.body) == (200, (store / "world/old-story-3/index.html").read_bytes())
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert page.headers["content-security-policy"] == PUBLIC_POLICY
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["strict-transport-security"]
    packed = site.get("/world/old-story-3/?utm_source=mail", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.body == (store / "world/old-story-3/index.html.gz").read_bytes()
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert site.get("/world/old-story-3/", if_none_match=page.headers["etag"]).status == 304
    assert site.get("/feed/").headers["content-type"] == "application/xml; charset=utf-8"
    assert site.get("/robots.txt").headers["content-type"] == "text/plain; charset=utf-8"

    moved = site.get("/world/old-story-2/")
    assert (moved.status, moved.headers["location"]) == (301, "/local/old-story-2/")
    gone = site.get("/world/old-story-1/")
    assert (gone.status, gone.body) == (410, (store / "410.html").read_bytes())
    assert site.get("/world").headers["location"] == "/world/"
    for unknown in ("/world/never/", "/404.html", "/world/index.html", "/world/index.html.gz", "//world/", "/.git/x"):
        answer = site.get(unknown)
        assert (answer.status, answer.body) == (404, (store / "404.html").read_bytes()), unknown
    assert site.get("/world/old-story-1/index.tombstone").status == 404
    assert site.get("/world/old-story-3/", "POST").status == 405
    assert answer.headers["content-security-policy"] == PUBLIC_POLICY  # once, though two servers took part

    script = re.search(rb'src="(/static/[^"]+\.js)"', page.body)
    assert script is not None
    island = site.get(script[1].decode(), accept_encoding="gzip")
    assert (island.status, island.headers["content-encoding"]) == (200, "gzip")
    assert island.headers["cache-control"] == "public, max-age=31536000, immutable"
    picture = re.search(rb'src="(/media/[^"]+)"', site.get("/world/seen-at-the-harbour/").body)
    assert picture is not None
    shown = site.get(picture[1].decode())
    assert (shown.status, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    (site.root / "data/media/notes.html").write_text("<script>", encoding="utf-8")
    for secret in (
        "/media/notes.html",
        "/media/../keys/secret_key",
        "/static/../keys/secret_key",
        "/media/nothing.png",
    ):
        assert site.get(secret).status in {400, 404}, secret

    editor_logs_in(site)

    tree.supervisor.send_signal(signal.SIGTERM)
    tree.supervisor.wait()
    assert site.get("/world/old-story-3/").body == page.body
    assert eventually(lambda: site.get("/world/never/").status >= 500, "nobody to answer the rest")


def editor_logs_in(site: Web) -> None:
    """With cookies that are for TLS only, so the desk must know that there is TLS."""
    form = site.get("/desk/login/")
    assert form.status == 200
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)[:1]
    cookie = SimpleCookie(form.headers["set-cookie"])["csrftoken"]
    assert cookie["secure"]
    fields = {"csrfmiddlewaretoken": token, "username": "chief", "password": PASSWORD, "next": "/desk/"}
    address = f"https://localhost:{site.port}"
    sent = {"cookie": f"csrftoken={cookie.value}", "content_type": "application/x-www-form-urlencoded"}
    refused = site.get("/desk/login/", "POST", urlencode(fields), **sent, referer="https://elsewhere.example/")
    assert refused.status == 403  # Django asks for the referrer only when it knows that there is TLS
    accepted = site.get("/desk/login/", "POST", urlencode(fields), **sent, referer=f"{address}/desk/login/")
    assert (accepted.status, accepted.headers["location"]) == (302, "/desk/")
    session = SimpleCookie(next(one for one in accepted.headers["set-cookie"].splitlines() if "sessionid" in one))
    assert site.get("/desk/", cookie=f"sessionid={session['sessionid'].value}").status == 200
