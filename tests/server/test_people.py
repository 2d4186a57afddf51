"""The people of a site: names, passwords, sessions, invitations, consent, limits."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from crowdlab.errors import BadInput, NotFound, WorkRefused
from crowdlab.marketplace import ManualClock
from crowdlab.server import Consent, Entry, People
from crowdlab.server.entry import find_entry
from crowdlab.server.people import LIFETIME, NEWCOMERS, read_consent

SECRET = "open sesame"  # noqa: S105 - everybody knows it
DAY = 86_400


@pytest.fixture(params=["sqlite", "postgresql"])
def people(
    request: pytest.FixtureRequest, clock: ManualClock, tmp_path: Path
) -> Iterator[People]:
    """Nobody yet, in each kind of store."""
    is_file = request.param == "sqlite"
    place = tmp_path / "people.db" if is_file else request.getfixturevalue("store")
    people = People(place, clock)
    yield people
    people.close()


def ana(people: People) -> str:
    """Somebody with a name and a password."""
    people.register("A1ANA", "Ana María", SECRET)
    return "A1ANA"


def refusal(people: People, name: str, password: str, address: str = "::1") -> str:
    """Why somebody is not let in."""
    with pytest.raises(WorkRefused) as error:
        people.sign_in(name, password, address)
    return error.value.reason


def test_a_name_and_its_password_belong_together(people: People) -> None:
    """The right pair gives the worker; case, blanks and spelling of the name do not count."""
    worker_id = ana(people)

    assert people.sign_in("Ana María", SECRET, "::1") == worker_id
    assert people.sign_in(" ana mari\u0301a", SECRET, "::1") == worker_id
    assert refusal(people, "Ana María", SECRET.upper()) == "wrong"
    assert refusal(people, "Bob", SECRET) == "wrong"


def test_who_has_no_password_cannot_sign_in(people: People) -> None:
    """Somebody who was let in otherwise is nobody who has an empty password."""
    people.admit("A1ANA")
    people.admit("A1ANA")

    assert not people.has_password("A1ANA")
    assert refusal(people, "", "") == "wrong"
    with pytest.raises(WorkRefused, match="not your password"):
        people.change_password("A1ANA", "", SECRET)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines", "ANA MARÍA"])
def test_some_names_cannot_be_had(people: People, name: str) -> None:
    """A name is one line, not long, and nobody else's."""
    ana(people)

    with pytest.raises(WorkRefused):
        people.register("A1BOB", name, SECRET)


@pytest.mark.parametrize("password", ["", "1234567", "x" * 201])
def test_a_password_is_neither_short_nor_endless(people: People, password: str) -> None:
    """Eight characters at least, and no novel for the hash to chew on."""
    with pytest.raises(WorkRefused, match="8 to 200"):
        people.register("A1ANA", "Ana", password)


def test_a_store_does_not_tell_secrets(tmp_path: Path, clock: ManualClock) -> None:
    """Neither password nor session nor invitation can be read in the file."""
    people = People(tmp_path / "people.db", clock)
    keys = [
        people.sessions.begin(ana(people)),
        people.invitations.make(),
        SECRET,
        "192.0.2.7",
    ]
    refusal(people, "Bob", "sesame", "192.0.2.7")
    people.close()

    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"$argon2id$" in kept
    assert [key for key in keys if key.encode() in kept] == []


def test_guessing_is_stopped(people: People, clock: ManualClock) -> None:
    """After ten wrong passwords even the right one waits; after a while it does not."""
    ana(people)
    for _ in range(10):
        assert refusal(people, "ana maría", "wrong wrong") == "wrong"

    assert refusal(people, "Ana María", SECRET, "192.0.2.1") == "too-many-attempts"
    clock.advance(900)
    assert people.sign_in("Ana María", SECRET, "::1")


def test_guessing_at_once_is_guessing(people: People) -> None:
    """Of many guesses at the same moment no more are looked at than of many in turn."""
    ana(people)
    with ThreadPoolExecutor(40) as threads:
        guesses = [
            threads.submit(refusal, people, "Ana María", "wrong wrong")
            for _ in range(40)
        ]
    reasons = [guess.result() for guess in guesses]

    assert reasons.count("wrong") == 10
    assert reasons.count("too-many-attempts") == 30


def test_a_right_password_is_no_guess(people: People) -> None:
    """Somebody may sign in as often as they like."""
    worker_id = ana(people)
    for _ in range(60):
        assert people.sign_in("Ana María", SECRET, "192.0.2.7") == worker_id

    assert refusal(people, "Ana María", "wrong wrong", "192.0.2.7") == "wrong"


def test_an_address_is_stopped(people: People) -> None:
    """Fifty wrong passwords from one address are enough, whosever they are."""
    for number in range(50):
        people.attempts.note(NEWCOMERS, "192.0.2.7")
        assert refusal(people, f"name {number}", "x", "192.0.2.7") == "wrong"

    assert refusal(people, "another", "x", "192.0.2.7") == "too-many-attempts"
    assert refusal(people, "another", "x", "192.0.2.8") == "wrong"


def test_a_session_ends_by_itself(people: People, clock: ManualClock) -> None:
    """It lasts its time, and not a second longer."""
    key = people.sessions.begin(ana(people), "production/panel")
    clock.advance(LIFETIME - 1)

    guest = people.sessions.find(key)
    assert guest is not None
    assert (guest.worker_id, guest.scope) == ("A1ANA", "production/panel")
    clock.advance(1)
    assert people.sessions.find(key) is None
    assert people.sessions.find("") is None


def test_sessions_are_ended(people: People) -> None:
    """One alone, or all of somebody's; those of others go on."""
    people.register("A1BOB", "Bob", SECRET)
    first, second = (people.sessions.begin(ana_) for ana_ in [ana(people), "A1ANA"])
    other = people.sessions.begin("A1BOB")
    people.sessions.end(first)
    assert (people.sessions.find(first), bool(people.sessions.find(second))) == (
        None,
        True,
    )
    people.sessions.end_all("A1ANA")

    assert people.sessions.find(second) is None
    assert people.sessions.find(other)


def test_a_new_password_ends_sessions(people: People) -> None:
    """Who changes the password throws out whoever knew the old one."""
    key = people.sessions.begin(ana(people))
    people.change_password("A1ANA", SECRET, "close sesame")

    assert people.sessions.find(key) is None
    assert refusal(people, "Ana María", SECRET) == "wrong"
    assert people.sign_in("Ana María", "close sesame", "::1") == "A1ANA"


def test_an_invitation_is_good_once(people: People) -> None:
    """It lets in one, or as many as it says, and then nobody."""
    once, twice = people.invitations.make(), people.invitations.make(uses=2)
    people.register("A1ANA", "Ana", SECRET, once)
    with pytest.raises(WorkRefused, match="was used"):
        people.register("A1BOB", "Bob", SECRET, once)
    people.register("A1BOB", "Bob", SECRET, twice)

    assert people.invitations.find(twice).worker_id == ""
    people.invitations.use(twice)
    with pytest.raises(WorkRefused, match="was used"):
        people.invitations.find(twice)


def test_a_used_invitation_renews_no_password(people: People) -> None:
    """Who comes second with a link changes nothing; a bad password does not use it up."""
    worker_id = ana(people)
    code = people.invitations.make(worker_id=worker_id)
    with pytest.raises(WorkRefused, match="8 to 200"):
        people.renew_password(worker_id, "short", code)
    people.renew_password(worker_id, "close sesame", code)

    with pytest.raises(WorkRefused, match="was used"):
        people.renew_password(worker_id, "my own sesame", code)
    assert people.sign_in("Ana María", "close sesame", "::1") == worker_id


def test_an_invitation_grows_old(people: People, clock: ManualClock) -> None:
    """After its days it is good for nothing; what nobody made never was."""
    code = people.invitations.make(days=2)
    clock.advance(2 * DAY)

    for bad in (code, "made-up"):
        with pytest.raises(WorkRefused):
            people.invitations.find(bad)


@pytest.mark.parametrize("wish", [{"uses": 0}, {"days": 0}, {"days": 4000}])
def test_a_useless_invitation_is_refused(people: People, wish: dict[str, Any]) -> None:
    """One for nobody, or for no time, is a mistake."""
    with pytest.raises(BadInput):
        people.invitations.make(**wish)


def test_a_lost_password_is_renewed(people: People) -> None:
    """An invitation may be for somebody who is here; it names them."""
    code = people.invitations.make(worker_id=ana(people))

    assert people.invitations.find(code).name == "Ana María"
    with pytest.raises(NotFound):
        people.invitations.make(worker_id="A1NOBODY")


def test_consent_is_kept_with_its_text(people: People) -> None:
    """Agreeing to one version is not agreeing to the next."""
    old, new = Consent("We keep answers."), Consent("We keep answers for ten years.")
    key = people.sessions.begin(ana(people))
    people.agree("A1ANA", old)
    people.agree("A1ANA", old)

    agreed = [
        guest.has_agreed
        for version in (old.version, new.version, "")
        if (guest := people.sessions.find(key, version))
    ]
    assert agreed == [True, False, True]


def test_a_consent_text_is_read(tmp_path: Path) -> None:
    """A file of text; an empty one, or none, is refused."""
    (tmp_path / "text").write_text(" We keep answers.\n")
    (tmp_path / "empty").write_text("\n")

    assert read_consent(tmp_path / "text") == Consent("We keep answers.")
    for name in ("empty", "missing"):
        with pytest.raises(BadInput, match=name):
            read_consent(tmp_path / name)


def test_a_site_is_as_open_as_is_safe() -> None:
    """Without passwords only where nobody else comes; elsewhere by invitation."""
    assert find_entry(None, None, is_private=True) == Entry("names")
    assert find_entry(None, None, is_private=False) == Entry("invitation")
    assert find_entry("open", None, is_private=False).has_passwords
    with pytest.raises(BadInput, match="without passwords"):
        find_entry("names", None, is_private=False)
    with pytest.raises(BadInput, match="names, open, invitation, closed"):
        Entry("anybody")
