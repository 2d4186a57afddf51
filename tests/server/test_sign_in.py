"""Getting into the site and out again, by HTTP."""

import http.client
import re
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from crowdlab.marketplace import ManualClock
from crowdlab.server import find_origins, open_markets, running
from crowdlab.server.people import LIFETIME
from crowdlab.server.sign_in import address_of
from tests.server.conftest import Open, Server, start
from tests.server.doorstep import SECRET, Browser

TEXT = "We keep your <b>answers</b>."


def test_registering_and_signing_in(opened: Open) -> None:
    """Who registers is in; later name and password do it, in any browser."""
    server = opened("open")
    first, later = Browser(server), Browser(server)

    assert first.register().status == 303
    assert first.is_in()
    assert not later.is_in()
    assert later.sign_in("ana").status == 303
    assert later.is_in()
    assert "Ana" in later.get("/account").text


def test_a_worker_is_let_in_on_both_markets(opened: Open) -> None:
    """The id that a new person gets is a worker's in production and in the sandbox."""
    browser = Browser(opened("open"))
    browser.register()

    assert browser.get("/sandbox/").status == 200
    worker_id = re.search(r"<dd>(A[A-Z0-9]{13})</dd>", browser.get("/account").text)
    assert worker_id is not None
    for market in browser.server.markets.by_environment.values():
        assert market.queue(worker_id[1]) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"password": "short", "again": "short"},
        {"again": "open sesama"},
        {"agreed": ""},
    ],
)
def test_a_wrong_form_lets_nobody_in(opened: Open, fields: dict[str, str]) -> None:
    """What is wrong is said, what was typed is kept but for the password."""
    browser = Browser(opened("open", TEXT))
    answer = browser.register(**fields)

    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert SECRET not in answer.text
    assert not browser.is_in()
    assert (
        browser.server.markets.production.search(
            browser.server.markets.production.register()
        )
        == []
    )


@pytest.mark.parametrize("registration", ["invitation", "closed", "names"])
def test_a_site_that_is_not_open_lets_nobody_register(
    opened: Open, registration: str
) -> None:
    """Neither the form nor what it would post is there."""
    browser = Browser(opened(registration))

    assert browser.get("/register").status == 404
    browser.get("/sign-in")
    assert browser.post("/register", name="Ana", password=SECRET).status == 409
    assert not browser.is_in()


@pytest.mark.parametrize("registration", ["invitation", "closed"])
def test_a_name_alone_opens_nothing(opened: Open, registration: str) -> None:
    """Where there are passwords, nobody gets in without."""
    browser = Browser(opened(registration))

    assert browser.sign_in("Ana", "").status == 422
    assert browser.sign_in("A2C3EXAMPLE", "").status == 422
    assert not browser.is_in()


def test_an_invitation_lets_one_in(opened: Open) -> None:
    """A link is a form to register; the second who follows it is told it was used."""
    server = opened("invitation")
    path = f"/invite/{server.markets.people.invitations.make()}"
    first, second = Browser(server), Browser(server)
    second.get(path)

    assert first.register(path).status == 303
    assert first.is_in()
    assert second.post(path, name="Bob", password=SECRET, again=SECRET).status == 409
    assert "was used" in second.get(path).text
    assert not second.is_in()


def test_a_lost_password_is_renewed_by_a_link(opened: Open) -> None:
    """Whoever runs the site makes it; the old password and old sessions are void."""
    server = opened("open")
    browser = Browser(server)
    browser.register()
    worker_id = server.markets.people.sign_in("Ana", SECRET, "")
    code = server.markets.people.invitations.make(worker_id=worker_id)
    other = Browser(server)
    page = other.get(f"/invite/{code}")
    assert "Ana" in page.text
    again = {"password": "close sesame", "again": "close sesame"}
    assert other.post(f"/invite/{code}", **again).status == 303

    assert other.is_in()
    assert not browser.is_in()
    assert browser.sign_in().status == 422
    assert other.get(f"/invite/{code}").status == 404


def test_guessing_is_answered_with_a_wait(opened: Open) -> None:
    """After ten wrong passwords the site says to wait, whatever is typed."""
    browser = Browser(opened("open"))
    browser.register()
    statuses = [browser.sign_in("Ana", "wrong").status for _ in range(11)]

    assert statuses == [422] * 10 + [429]
    assert browser.sign_in().status == 429


def test_a_session_expires(opened: Open, clock: ManualClock) -> None:
    """After its time the worker is asked to sign in again, and comes back where they were."""
    browser = Browser(opened("open"))
    browser.register()
    clock.advance(LIFETIME)
    away = browser.get("/production/earnings")

    assert (away.status, away.headers["location"]) == (
        303,
        "/sign-in?next=/production/earnings",
    )


def test_signing_out_ends_the_session(opened: Open) -> None:
    """A cookie that was kept is good for nothing afterwards."""
    browser = Browser(opened("open"))
    browser.register()
    browser.get("/production/")
    kept = browser.cookie
    browser.post("/sign-out")
    browser.cookie = kept

    assert not browser.is_in()


def test_signing_out_everywhere(opened: Open) -> None:
    """One press ends the sessions of all browsers."""
    server = opened("open")
    first, second = Browser(server), Browser(server)
    first.register()
    second.sign_in()
    first.get("/account")
    first.post("/account/sign-out")

    assert (first.is_in(), second.is_in()) == (False, False)


def test_changing_the_password(opened: Open) -> None:
    """It takes the old one; this browser stays signed in, the others do not."""
    server = opened("open")
    first, second = Browser(server), Browser(server)
    first.register()
    second.sign_in()
    first.get("/account")
    new = {"new": "close sesame", "again": "close sesame"}
    wrong = first.post("/account/password", password=SECRET.upper(), **new)
    differing = first.post("/account/password", password=SECRET, **new | {"again": ""})
    done = first.post("/account/password", password=SECRET, **new)

    assert [wrong.status, differing.status, done.status] == [422, 422, 303]
    assert "password is changed" in first.get("/account?changed").text
    assert (first.is_in(), second.is_in()) == (True, False)
    assert second.sign_in("Ana", "close sesame").status == 303


def test_consent_comes_first(opened: Open) -> None:
    """A text is agreed to when registering, and again when it changes, by everybody."""
    old = opened("open", TEXT)
    browser = Browser(old)
    assert "&lt;b&gt;answers" in browser.get("/register").text
    browser.register()
    assert browser.is_in()
    browser.server = opened("open", "Another text.")
    away = browser.get("/production/")
    assert away.headers["location"] == "/consent?next=/production/"
    assert "Another text." in browser.get("/consent").text
    refused = browser.post("/production/hits/3X/accept")
    assert refused.headers["location"].startswith("/consent")
    assert browser.post("/consent", next="/production/", agreed="yes").status == 303

    assert browser.is_in()
    browser.server = old
    assert browser.is_in()


def test_consent_is_asked_of_names_too(opened: Open) -> None:
    """Where there are no passwords, the text is agreed to all the same."""
    browser = Browser(opened("names", TEXT))
    browser.sign_in("ana", "")

    assert browser.get("/production/").headers["location"].startswith("/consent")


def test_the_cookie_is_the_sites_alone(opened: Open) -> None:
    """Scripts cannot read it, other sites' forms do not carry it, it ends some day."""
    browser = Browser(opened("open"))
    cookie = browser.register().headers["set-cookie"].lower()

    assert cookie.startswith("crowdlab=")
    for word in ("httponly", "samesite=lax", f"max-age={LIFETIME}", "path=/"):
        assert word in cookie


def test_over_https_no_subdomain_sets_the_cookie(clock: ManualClock) -> None:
    """A task page on a subdomain could; the name of the cookie forbids it."""
    with (
        open_markets(None, clock) as markets,
        start(markets, site="https://crowd.example.org") as port,
    ):
        server = Server(f"http://127.0.0.1:{port}", markets, find_origins("a", port))
        answer = server.ask("GET", "/sign-in", headers={"Host": "crowd.example.org"})

    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-crowdlab=")
    assert "secure" in cookie


PATHS: list[tuple[str, dict[str, Any]]] = [
    ("/register", {"name": "Bob", "password": SECRET, "again": SECRET}),
    ("/sign-in", {"name": "Ana", "password": SECRET}),
    ("/consent", {}),
    ("/account/password", {"password": SECRET, "new": "x" * 9, "again": "x" * 9}),
    ("/account/sign-out", {}),
    ("/sign-out", {}),
    ("/production/messages/read", {"newest": "1"}),
    ("/production/groups/3X/next", {}),
    ("/production/hits/3X/report", {"reason": "broken"}),
    ("/production/assignments/3X/skip", {}),
    ("/production/qualifications/3X/request", {}),
    ("/production/join/x", {"participant": "p"}),
]


@pytest.mark.parametrize(("path", "fields"), PATHS)
def test_every_post_carries_a_token(
    opened: Open, path: str, fields: dict[str, str]
) -> None:
    """Without the token of the same browser's page nothing is done."""
    browser = Browser(opened("open"))
    browser.register()
    browser.get("/account")

    for token in ("", "0" * 32, Browser(browser.server).get("/sign-in").text[:32]):
        assert browser.post(path, **fields, token=token).status == 403
    assert browser.is_in()


@pytest.mark.parametrize(
    ("proxy", "told", "address"),
    [
        (None, "192.0.2.7", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.9, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", "2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("127.0.0.1", "::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_a_proxy_says_where_requests_come_from(
    proxy: str | None, told: str, address: str
) -> None:
    """Its word counts where it is named; anybody else's, and a client's, does not.

    Of IPv6 one client has more addresses than could be counted, so networks are.
    """

    def say(request: Request) -> PlainTextResponse:
        return PlainTextResponse(address_of(request))

    app = Starlette(routes=[Route("/", say)])
    with running(lambda _: app, proxy=proxy) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/", headers={"X-Forwarded-For": told})
        said = connection.getresponse().read()
        connection.close()

    assert said.decode() == address
