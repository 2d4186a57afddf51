"""What somebody may try who means no good, and what comes of it."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from crowdlab.marketplace import ManualClock
from crowdlab.server import make_app, open_markets, running
from crowdlab.server.origins import Origins
from crowdlab.server.people import passwords
from crowdlab.server.sign_in import worker_id_of
from tests.server.conftest import Open, Publish, Server
from tests.server.doorstep import SECRET, Browser

FORM = {"password": SECRET, "again": SECRET}


def at_once(n: int, act: Any) -> list[Any]:
    """What comes of doing the same n times at the same moment."""
    barrier = threading.Barrier(n)

    def wait(number: int) -> Any:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(n) as threads:
        return list(threads.map(wait, range(n)))


def test_guessing_in_parallel_is_no_quicker(opened: Open) -> None:
    """Of many requests at the same moment ten are looked at, as of many in turn."""
    server = opened("open")
    Browser(server).register()
    guessers = [Browser(server) for _ in range(30)]
    for guesser in guessers:
        guesser.get("/sign-in")

    answers = at_once(
        30, lambda n: guessers[n].post("/sign-in", name="Ana", password=f"wrong {n}")
    )

    assert sorted(answer.status for answer in answers) == [422] * 10 + [429] * 20


def test_an_invitation_lets_in_one_of_many(opened: Open) -> None:
    """Who follows the same link at the same moment is too late, but for one."""
    server = opened("invitation")
    path = f"/invite/{server.markets.people.invitations.make()}"
    guests = [Browser(server) for _ in range(8)]
    for guest in guests:
        guest.get(path)

    at_once(8, lambda n: guests[n].post(path, name=f"Guest {n}", **FORM))

    assert sum(guest.is_in() for guest in guests) == 1


def test_a_link_renews_a_password_once(opened: Open) -> None:
    """Of two who use it at the same moment the password is one's, who is in."""
    server = opened("open")
    Browser(server).register()
    worker_id = server.markets.people.sign_in("Ana", SECRET, "")
    path = f"/invite/{server.markets.people.invitations.make(worker_id=worker_id)}"
    guests = [Browser(server) for _ in range(8)]
    for guest in guests:
        guest.get(path)
    words = [f"open sesame {n}" for n in range(8)]

    at_once(8, lambda n: guests[n].post(path, password=words[n], again=words[n]))

    (inside,) = [n for n in range(8) if guests[n].is_in()]
    assert Browser(server).sign_in("Ana", words[inside]).status == 303


def test_a_session_that_was_planted_is_worth_nothing(opened: Open) -> None:
    """The cookie that a browser had before signing in is nobody's afterwards."""
    server = opened("open")
    victim, attacker = Browser(server), Browser(server)
    attacker.get("/sign-in")
    victim.cookie = attacker.cookie
    victim.register()

    assert victim.is_in()
    assert victim.cookie != attacker.cookie
    assert not attacker.is_in()


def test_signing_out_kills_the_cookie(opened: Open) -> None:
    """A copy of it opens nothing any more."""
    server = opened("open")
    browser, thief = Browser(server), Browser(server)
    browser.register()
    thief.cookie = browser.cookie
    browser.get("/account")
    browser.post("/sign-out")

    assert not thief.is_in()


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example.org",
        "//evil.example.org",
        "/\\evil.example.org",
        "\\\\evil.example.org",
        "javascript:alert(1)",
        "/\t/evil.example.org",
        "/\n/evil.example.org",
        " //evil.example.org",
    ],
)
def test_nobody_is_sent_elsewhere(opened: Open, wanted: str) -> None:
    """Wherever a link to sign in says to go on, it is a page of the site."""
    server = opened("open")
    Browser(server).register()
    browser = Browser(server)
    browser.get("/sign-in")

    answer = browser.post("/sign-in", name="Ana", password=SECRET, next=wanted)
    place = answer.headers["location"]

    assert answer.status == 303
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\", "/\t", "/\n"))


@pytest.mark.parametrize("path", ["/production", "/sandbox", "/desk"])
def test_the_host_of_a_request_is_no_address(clock: ManualClock, path: str) -> None:
    """What a request calls the server never becomes where a browser is sent."""

    def app(_port: int) -> Any:
        home = "https://crowd.example.org"
        return make_app(markets, Origins(home, home))

    with open_markets(None, clock) as markets, running(app) as port:
        server = Server(
            f"http://127.0.0.1:{port}", markets, Origins("http://a", "http://a")
        )
        answer = server.ask("GET", path, headers={"Host": "evil.example.org"})

    assert (answer.status, answer.headers["location"]) == (307, f"{path}/")


def test_names_that_are_there_and_names_that_are_not_take_alike(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password is compared either way, so the time tells nobody who is known."""
    server = opened("open")
    Browser(server).register()
    hasher, compared = passwords._hasher, []

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            compared.append(kept.rpartition("$")[0].rpartition("$")[0])
            return hasher.verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    for name in ("Ana", "Nobody"):
        assert Browser(server).sign_in(name, "wrong wrong").status == 422

    # The same parameters of the same algorithm.
    assert len(compared) == 2
    assert compared[0] == compared[1]


def test_hashing_holds_nobody_up(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed in threads, never where all requests are served."""
    hasher, places = passwords._hasher, []

    def note() -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            places.append("thread")
        else:
            places.append("loop")

    class Noting:
        def hash(self, password: str) -> str:
            note()
            return hasher.hash(password)

        def verify(self, kept: str, password: str) -> bool:
            note()
            return hasher.verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Noting())
    browser = Browser(opened("open"))
    browser.register()
    browser.sign_in()
    browser.get("/account")
    browser.post("/account/password", password=SECRET, new="x" * 9, again="x" * 9)

    assert places == ["thread"] * 4


@pytest.mark.parametrize("newest", ["9" * 30, "9" * 5000, "-1", "1e9", "x"])
def test_a_number_that_is_none_breaks_nothing(opened: Open, newest: str) -> None:
    """However many digits a form brings, the answer is a page."""
    browser = Browser(opened("open"))
    browser.register()
    browser.get("/account")

    assert browser.post("/production/messages/read", newest=newest).status == 303


def test_half_a_character_breaks_nothing(opened: Open) -> None:
    """A form may name an encoding that brings what no text can hold."""
    browser = Browser(opened("open"))
    browser.get("/sign-in")
    parts = {"token": browser.token, "name": "+2AA-", "password": "+2AA-"}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    kind = "multipart/form-data; boundary=x; charset=utf-7"
    headers = {"Content-Type": kind, "Cookie": browser.cookie}

    assert (
        browser.server.ask("POST", "/sign-in", f"{body}--x--\r\n", headers).status
        == 422
    )


def test_nobody_sees_the_work_of_others(server: Server, publish: Publish) -> None:
    """An assignment is shown to who accepted it; to others it is not there."""
    market, hit_id = server.markets.production, publish()
    ana, bob = Browser(server), Browser(server)
    for browser, name in ((ana, "ana"), (bob, "bob")):
        browser.sign_in(name, "")
        browser.get("/production/")
    ana.post(f"/production/hits/{hit_id}/accept")
    (work,) = market.queue(worker_id_of("ana"))
    place = f"/production/assignments/{work.assignment_id}"

    assert ana.get(place).status == 200
    assert bob.get(place).status == 404
    assert bob.post(f"{place}/return").status == 409
    assert bob.post(f"{place}/skip").status == 409
    assert ana.get(place).status == 200


def test_a_panel_gives_no_more_than_it_asks(server: Server, publish: Publish) -> None:
    """Nobody hoards: what is in hand counts, also of what is accepted at once."""
    hits = [publish() for _ in range(4)]
    panel = server.markets.production.requester("requester").open_panel(
        hits[0], completion_url="https://a.example", completion_code="C1", most=2
    )
    person = Browser(server)
    person.get(f"/production/join/{panel.name}?PROLIFIC_PID=5f00aa")
    person.post(f"/production/join/{panel.name}", participant="5f00aa")
    home = person.get(f"/production/join/{panel.name}")

    answers = at_once(
        4,
        lambda n: person.server.post(
            f"/production/hits/{hits[n]}/accept",
            {"token": person.token},
            Cookie=person.cookie,
        ),
    )
    following = person.post(f"/production/groups/{panel.group_id}/next")

    assert home.status == 200
    assert sorted(answer.status for answer in answers) == [303, 303, 409, 409]
    assert following.headers["location"] == f"/production/join/{panel.name}"
    taken = server.markets.production.requester("requester").participants(panel.name)
    assert [each.n_submitted for each in taken] == [0]
