"""The requester's desk, by hand: who gets in, what is told, what is done."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from crowdlab.marketplace import ManualClock, Marketplace, Requester
from crowdlab.server import find_origins, open_markets
from tests.server.conftest import KEYS, Server, start
from tests.server.desks import ANSWERERS, Desk, answer_all, hit_ids, publish_texts

HOME = "/desk/production"
TEXTS = f"{HOME}/batches/texts"


@attrs.frozen
class Place:
    """A server with work on it, Ana's and Bob's desks, and the market behind."""

    server: Server
    market: Marketplace
    ana: Requester
    clock: ManualClock
    desk: Desk
    other: Desk
    assignments: list[str]

    def status(self, assignment_id: str) -> str:
        """What a worker sees of their answer."""
        return self.market.work(
            self.market.worker_of(assignment_id), assignment_id
        ).status

    def hit(self, hit_id: str) -> dict[str, Any]:
        """A HIT, by the API."""
        found: dict[str, Any] = self.ana.call("GetHIT", {"HITId": hit_id})["HIT"]
        return found


#: On a file, and on a server.
BOTH = pytest.mark.parametrize("place", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def place(
    request: pytest.FixtureRequest, clock: ManualClock, tmp_path: Path
) -> Iterator[Place]:
    """Four texts that three workers judged, on either store."""
    kind = getattr(request, "param", "memory")
    stores: Mapping[str, Callable[[], Any]] = {
        "memory": lambda: None,
        "sqlite": lambda: tmp_path / "market.db",
    }
    store = stores.get(kind, lambda: request.getfixturevalue("store"))()
    with open_markets(store, clock) as markets, start(markets, keys=KEYS) as port:
        server = Server(
            f"http://127.0.0.1:{port}", markets, find_origins("127.0.0.1", port)
        )
        market = markets.production
        ana = market.requester("ana")
        publish_texts(tmp_path, ana)
        clock.advance(60)
        done = answer_all(market, ana, clock)
        yield Place(
            server,
            market,
            ana,
            clock,
            Desk.sit_down(server, "AKIAANA", "sesame"),
            Desk.sit_down(server, "AKIABOB", "open"),
            done,
        )


def test_only_keys_open_the_desk(locked: Server) -> None:
    """Nobody gets in without an access key and its own secret."""
    for given in (("AKIAANA", "open"), ("AKIAANA", ""), ("AKIAEVE", ""), ("", "")):
        desk = Desk.sit_down(locked, *given)
        answer = desk.get(HOME)
        assert (answer.status, answer.headers["location"]) == (
            303,
            f"/desk/sign-in?next={HOME}",
        )
    assert Desk(locked).get(f"{HOME}.json").status == 401
    assert Desk.sit_down(locked, "AKIAANA", "sesame").get(HOME).status == 200


def test_guessing_takes_long(locked: Server, clock: ManualClock) -> None:
    """After ten wrong secrets the right one has to wait, and then is taken."""
    for _ in range(10):
        Desk.sit_down(locked, "AKIAANA", "wrong")
    desk = Desk(locked)
    fields = {"access_key": "AKIAANA", "secret": "sesame"}

    assert desk.post("/desk/sign-in", fields, page="/desk/sign-in").status == 429
    clock.advance(901)
    assert desk.post("/desk/sign-in", fields, page="/desk/sign-in").status == 303


def test_a_session_ends(locked: Server, clock: ManualClock) -> None:
    """After twelve hours, and after signing out, the cookie opens nothing."""
    desk = Desk.sit_down(locked, "AKIAANA", "sesame")
    clock.advance(12 * 3600 - 60)
    old = desk.cookie
    assert desk.get(HOME).status == 200
    clock.advance(61)

    assert Desk(locked, old).get(HOME).status == 303
    left = Desk.sit_down(locked, "AKIAANA", "sesame")
    left.post("/desk/sign-out", {}, page=HOME)
    assert left.get(HOME).status == 303


@pytest.mark.parametrize("place_of_change", [15, -1])
def test_a_forged_cookie_is_nobodys(locked: Server, place_of_change: int) -> None:
    """A cookie that was changed, anywhere, is no session."""
    desk = Desk.sit_down(locked, "AKIAANA", "sesame")
    letters = list(desk.cookie)
    letters[place_of_change] = "A" if letters[place_of_change] != "A" else "B"

    assert Desk(locked, "".join(letters)).get(HOME).status == 303


def test_signing_in_leads_nowhere_else(locked: Server) -> None:
    """A link to the desk cannot send a requester on to another site."""
    desk = Desk(locked)
    fields = {"access_key": "AKIAANA", "secret": "sesame", "next": "//evil.example.org"}

    answer = desk.post("/desk/sign-in", fields, page="/desk/sign-in")

    assert answer.headers["location"] == HOME


def test_without_keys_it_is_open_and_says_so(server: Server) -> None:
    """On a server of one's own machine everybody is the requester, and reads it."""
    page = Desk(server).get(HOME)

    assert (page.status, "has no access keys" in page.text) == (200, True)


def test_an_open_desk_has_no_other_names(clock: ManualClock) -> None:
    """A page that reaches this machine under a name of its own sees nothing."""
    with open_markets(None, clock) as markets, start(markets) as port:
        server = Server("", markets, find_origins("127.0.0.1", port))
        server = attrs.evolve(server, url=f"http://127.0.0.1:{port}")
        answer = server.ask("GET", HOME, headers={"Host": "evil.example.org"})
    assert answer.status in {307, 404}


@BOTH
def test_figures_are_those_of_the_api(place: Place) -> None:
    """Counts and money on the desk are what GetHIT and GetAccountBalance say."""
    first, second, third = place.assignments[:3]
    place.ana.call("ApproveAssignment", {"AssignmentId": first})
    place.ana.call(
        "RejectAssignment", {"AssignmentId": second, "RequesterFeedback": "No."}
    )
    place.ana.call(
        "SendBonus",
        {
            "WorkerId": place.market.worker_of(third),
            "AssignmentId": third,
            "BonusAmount": "0.30",
            "Reason": "Thanks",
        },
    )
    shown = place.desk.json(HOME)
    (group,) = shown["groups"]
    hits = [place.hit(hit_id) for hit_id in hit_ids(place.ana).values()]
    account = {name: Decimal(amount) for name, amount in shown["account"].items()}

    balance = place.ana.call("GetAccountBalance", {})["AvailableBalance"]
    assert shown["account"]["balance"] == balance
    assert account["balance"] == account["deposited"] - sum(
        account[name] for name in ("reserved", "rewards", "fees", "bonuses")
    )
    for name in ("reserved", "rewards", "fees", "bonuses"):
        assert shown["account"][name] == group[name]
    assert group["available"] == sum(h["NumberOfAssignmentsAvailable"] for h in hits)
    assert group["accepted"] == sum(h["NumberOfAssignmentsPending"] for h in hits)
    done = sum(hit["NumberOfAssignmentsCompleted"] for hit in hits)
    assert (group["approved"], group["rejected"]) == (1, 1)
    assert (group["approved"] + group["rejected"], group["submitted"]) == (done, 10)


@BOTH
def test_a_group_shows_pace_and_agreement(place: Place) -> None:
    """Time, wage and agreement are made of the answers and their telemetry."""
    figures = place.desk.json(TEXTS)

    assert (figures["n_read"], figures["is_read"]) == (12, True)
    assert figures["pace"] == {"active": 20.0, "waited": 30, "wage": "9.00"}
    assert figures["agreement"]["measure"] == "alpha"
    assert -1 <= figures["agreement"]["value"] <= 1
    assert figures["progress"]["per_hour"] == pytest.approx(12 * 3600 / 420)


def test_each_answer_is_read_once(place: Place) -> None:
    """However often one looks, and whatever comes meanwhile, nothing counts twice."""
    place.desk.json(TEXTS)
    place.desk.post(f"{TEXTS}/add", {"number": "1", "once": "x"})
    answer_all(place.market, place.ana, place.clock, workers=ANSWERERS[3:4])
    looks = [place.desk.json(TEXTS) for _ in range(2)]

    assert [(look["n_read"], look["done"]) for look in looks] == [(16, 16)] * 2
    rows = place.desk.json(f"{TEXTS}/workers")["workers"]
    assert [row["figures"]["n"] for row in rows] == [4, 4, 4, 4]


@BOTH
def test_workers_are_ranked_with_their_figures(place: Place) -> None:
    """Share, speed, pasted answers and decisions stand beside each worker."""
    rows = place.desk.json(f"{TEXTS}/workers")["workers"]

    assert {row["figures"]["worker"] for row in rows} == set(ANSWERERS[:3])
    for row in rows:
        figures = row["figures"]
        assert (figures["n"], figures["n_pasted"], figures["seconds"]) == (4, 4, 20.0)
        assert figures["share"] == pytest.approx(1 / 3)
        assert row["tally"]["submitted"] == 4


@BOTH
def test_workers_are_held_against_known_labels(place: Place) -> None:
    """Labels that the requester knows say at once how many each worker got right."""
    shares = {}
    for label in ("no", "yes"):
        lines = [f"text-{k},{label}" for k in range(4)]
        place.desk.post(f"{TEXTS}/known", {"labels": "\n".join(["task,label", *lines])})
        told = place.desk.json(f"{TEXTS}/workers")
        figures = [row["figures"] for row in told["workers"]]
        shares[label] = {each["worker"]: each["gold"] for each in figures}

        assert told["known"] == lines
        assert {each["n_gold"] for each in figures} == {4}

    # The first of them always says no.
    assert (shares["no"][ANSWERERS[0]], shares["yes"][ANSWERERS[0]]) == (1.0, 0.0)
    assert all(shares["no"][w] + shares["yes"][w] == 1 for w in ANSWERERS[:3])


def test_known_labels_come_back_as_they_were_told(place: Place) -> None:
    """Names with commas and quotes stand in the form as they can be sent again."""
    told = '"text, ""quoted""",no'
    place.desk.post(f"{TEXTS}/known", {"labels": told})
    again = place.desk.json(f"{TEXTS}/workers")["known"]
    place.desk.post(f"{TEXTS}/known", {"labels": again[0]})

    assert place.desk.json(f"{TEXTS}/workers")["known"] == again == [told]


def test_known_labels_are_lines_of_two(place: Place) -> None:
    """A line that is no task and label is named, and nothing is kept."""
    wrong = {"labels": "text-0,no\ntext-1", "back": f"{TEXTS}/workers"}
    refused = place.desk.post(f"{TEXTS}/known", wrong)

    note = refused.headers["set-cookie"].partition(";")[0]
    page = place.server.ask(
        "GET",
        f"{TEXTS}/workers",
        headers={"Cookie": f"{place.desk.cookie}; {note}"},
    )
    assert "Line 2 is no task and its label: text-1" in page.text
    assert place.desk.json(f"{TEXTS}/workers")["known"] == []


@BOTH
def test_another_requesters_things_are_not_there(place: Place) -> None:
    """Bob finds nothing of Ana's by name, and can do nothing to it."""
    hit_id = next(iter(hit_ids(place.ana).values()))
    assignment_id = place.assignments[0]
    type_id = place.hit(hit_id)["HITTypeId"]
    paths = [
        TEXTS,
        f"{TEXTS}/items",
        f"{TEXTS}/export/answers.csv",
        f"{HOME}/types/{type_id}",
        f"{HOME}/hits/{hit_id}",
        f"{HOME}/workers/{ANSWERERS[0]}",
    ]

    assert [place.other.get(path).status for path in paths] == [404] * len(paths)
    assert place.other.json(HOME)["groups"] == []
    acts: Mapping[str, Mapping[str, str]] = {
        f"{TEXTS}/approve": {},
        f"{TEXTS}/expire": {},
        f"{HOME}/hits/{hit_id}/expire": {},
    }
    for path, fields in acts.items():
        assert place.other.post(path, fields, page=HOME).status == 404
    place.other.post(
        f"{HOME}/decide", {"assignment": assignment_id, "verdict": "approve"}, page=HOME
    )
    assert place.status(assignment_id) == "Submitted"
    assert place.hit(hit_id)["HITStatus"] == "Reviewable"


def test_to_look_changes_nothing(place: Place) -> None:
    """No address that is only opened decides, pays, adds, ends or blocks."""
    hit_id = next(iter(hit_ids(place.ana).values()))
    before = place.hit(hit_id)
    for path in (
        f"{HOME}/decide?assignment={place.assignments[0]}&verdict=approve",
        f"{HOME}/hits/{hit_id}/add?number=1",
        f"{HOME}/hits/{hit_id}/expire",
        f"{TEXTS}/approve",
        f"{HOME}/workers/{ANSWERERS[0]}/block?reason=x",
    ):
        assert place.desk.get(path).status in {404, 405}

    assert place.hit(hit_id) == before
    assert place.status(place.assignments[0]) == "Submitted"


@pytest.mark.parametrize("token", ["", "0" * 32])
def test_an_action_without_its_token_does_nothing(place: Place, token: str) -> None:
    """Another site cannot act in a requester's name, though the cookie comes along."""
    fields = {"assignment": place.assignments[0], "verdict": "approve", "token": token}

    answer = place.server.post(f"{HOME}/decide", fields, Cookie=place.desk.cookie)

    assert answer.status == 403
    assert place.status(place.assignments[0]) == "Submitted"


def test_anothers_token_is_none(place: Place) -> None:
    """The token of one session is not that of another."""
    fields = {"token": place.other.token(HOME)}

    answer = place.server.post(f"{TEXTS}/approve", fields, Cookie=place.desk.cookie)

    assert answer.status == 403


@BOTH
def test_chosen_answers_are_decided(place: Place) -> None:
    """What was chosen is approved or rejected; who is rejected reads why."""
    one, other, third = place.assignments[:3]
    approve = {"assignment": [one, other], "verdict": "approve"}
    reject = {"assignment": third, "verdict": "reject", "reason": "<b>Read</b> it."}
    for fields in (approve, reject):
        assert place.desk.post(f"{HOME}/decide", fields).status == 303

    states = [place.status(each) for each in (one, other, third)]
    assert states == ["Approved", "Approved", "Rejected"]
    answer = place.ana.call("GetAssignment", {"AssignmentId": third})["Assignment"]
    assert answer["RequesterFeedback"] == "<b>Read</b> it."


def test_a_rejection_needs_a_reason(place: Place) -> None:
    """Without one nothing is rejected, and the next page says so."""
    fields = {"assignment": place.assignments[0], "verdict": "reject", "back": TEXTS}
    answer = place.desk.post(f"{HOME}/decide", fields)
    note = answer.headers["set-cookie"].partition(";")[0]
    page = place.server.ask(
        "GET", TEXTS, headers={"Cookie": f"{place.desk.cookie}; {note}"}
    )

    assert place.status(place.assignments[0]) == "Submitted"
    assert "Who is rejected is told why" in page.text


def test_a_rejection_can_be_taken_back(place: Place) -> None:
    """For thirty days, by approving after all; a mere approval does not do it."""
    chosen = {"assignment": place.assignments[0]}
    reject = {**chosen, "verdict": "reject", "reason": "No."}
    place.desk.post(f"{HOME}/decide", reject)
    place.desk.post(f"{HOME}/decide", {**chosen, "verdict": "approve"})
    assert place.status(place.assignments[0]) == "Rejected"

    place.desk.post(f"{HOME}/decide", {**chosen, "verdict": "override"})
    assert place.status(place.assignments[0]) == "Approved"


@BOTH
def test_all_that_waits_is_approved(place: Place) -> None:
    """One press approves every answer of the batch that nobody decided."""
    place.desk.post(f"{TEXTS}/approve", {})

    assert {place.status(each) for each in place.assignments} == {"Approved"}


def test_a_bonus_is_paid_once(place: Place) -> None:
    """The same form sent twice pays once; a new one pays again."""
    fields = {
        "assignment": place.assignments[0],
        "worker": ANSWERERS[0],
        "amount": "0.25",
        "reason": "Careful",
        "once": "bonus 0",
    }
    for once in ("bonus 0", "bonus 0", "bonus 1"):
        place.desk.post(f"{HOME}/bonus", {**fields, "once": once})

    paid = place.ana.call("ListBonusPayments", {"AssignmentId": place.assignments[0]})
    amounts = [bonus["BonusAmount"] for bonus in paid["BonusPayments"]]
    assert amounts == ["0.25", "0.25"]


def test_more_answers_are_asked_for_once(place: Place) -> None:
    """Every HIT of the batch grows, once for one form, and the money is reserved."""
    before = place.desk.json(TEXTS)["group"]["reserved"]
    for _ in range(2):
        place.desk.post(f"{TEXTS}/add", {"number": "2", "once": "x"})
    after = place.desk.json(TEXTS)["group"]

    assert {
        place.hit(hit)["MaxAssignments"] for hit in hit_ids(place.ana).values()
    } == {5}
    assert Decimal(after["reserved"]) - Decimal(before) == 8 * Decimal("0.06")


def test_what_the_api_refuses_is_refused_whole(place: Place) -> None:
    """Where one HIT of a batch cannot grow to ten, no HIT of it grows."""
    *small, large = sorted(hit_ids(place.ana).items())
    more = {"HITId": large[1], "NumberOfAdditionalAssignments": 5}
    place.ana.call("CreateAdditionalAssignmentsForHIT", more)

    answer = place.desk.post(f"{TEXTS}/add", {"number": "2", "once": "x"})

    assert answer.status == 303
    assert {place.hit(hit_id)["MaxAssignments"] for _, hit_id in small} == {3}
    assert place.hit(large[1])["MaxAssignments"] == 8


def test_hits_are_ended_and_prolonged(place: Place) -> None:
    """A batch leaves the market at once, and comes back for some hours."""
    hit_id = next(iter(hit_ids(place.ana).values()))
    place.desk.post(f"{TEXTS}/expire", {})
    assert place.hit(hit_id)["Expiration"].timestamp() == place.clock()

    place.desk.post(f"{TEXTS}/extend", {"hours": "5"})
    assert place.hit(hit_id)["Expiration"].timestamp() == place.clock() + 5 * 3600


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("add", {"number": "0"}),
        ("add", {"number": "many"}),
        ("extend", {"hours": "99999"}),
        ("extend", {}),
    ],
)
def test_numbers_have_to_be_some(
    place: Place, path: str, fields: dict[str, str]
) -> None:
    """What is no sensible number changes nothing and is said."""
    hit_id = next(iter(hit_ids(place.ana).values()))
    before = place.hit(hit_id)

    assert place.desk.post(f"{TEXTS}/{path}", fields).status == 303
    assert place.hit(hit_id) == before


def test_a_worker_is_blocked_written_to_and_let_in(place: Place) -> None:
    """Blocks and messages are the API's own, and shown on the worker's page."""
    worker = f"{HOME}/workers/{ANSWERERS[0]}"
    place.desk.post(
        f"{HOME}/decide", {"assignment": place.assignments[0], "verdict": "approve"}
    )
    place.desk.post(f"{worker}/message", {"subject": "Hello", "text": "Thank you."})
    place.desk.post(f"{worker}/block", {"reason": "Too fast"})

    assert place.desk.json(worker)["reason"] == "Too fast"
    assert place.market.messages(ANSWERERS[0])[0].text == "Thank you."
    place.desk.post(f"{worker}/unblock", {})
    assert place.ana.call("ListWorkerBlocks", {})["WorkerBlocks"] == []


@BOTH
def test_exports_hold_every_answer_under_pseudonyms(place: Place) -> None:
    """Lines and table tell the same answers; who gave them only if asked."""
    lines = place.desk.get(f"{TEXTS}/export/answers.jsonl").text.splitlines()
    rows = [json.loads(line) for line in lines]
    table = list(
        csv.DictReader(io.StringIO(place.desk.get(f"{TEXTS}/export/answers.csv").text))
    )
    named = place.desk.get(f"{TEXTS}/export/answers.csv?workers=ids").text

    assert [row["assignment_id"] for row in rows] == [r["assignment_id"] for r in table]
    assert sorted(row["assignment_id"] for row in rows) == sorted(place.assignments)
    assert {row["task"] for row in rows} == {f"text-{n}" for n in range(4)}
    assert len({row["worker"] for row in rows}) == 3
    assert not any(worker in str(rows) for worker in ANSWERERS)
    assert ANSWERERS[0] in named
    assert [json.loads(r["answer"]) for r in table] == [r["answer"] for r in rows]


@BOTH
def test_labels_are_made_of_what_was_not_rejected(place: Place) -> None:
    """Any method of the kind makes them; a rejected answer has no vote."""
    path = f"{TEXTS}/export/labels.csv?method=majority-vote"
    before = list(csv.DictReader(io.StringIO(place.desk.get(path).text)))
    place.ana.call(
        "RejectAssignment",
        {"AssignmentId": place.assignments[0], "RequesterFeedback": "No."},
    )
    after = list(csv.DictReader(io.StringIO(place.desk.get(path).text)))

    assert [row["task"] for row in before] == [f"text-{n}" for n in range(4)]
    assert {row["n_votes"] for row in before} == {"3"}
    assert [row["n_votes"] for row in after] == ["2", "3", "3", "3"]
    assert place.desk.get(f"{TEXTS}/export/labels.csv?method=x").status == 422


@BOTH
def test_lists_are_walked_to_the_end(place: Place, tmp_path: Path) -> None:
    """A batch larger than a page is walked item by item, each answer once."""
    publish_texts(tmp_path, place.ana, name="many", n=60, assignments=1)
    many = f"{HOME}/batches/many"
    done = answer_all(
        place.market,
        place.ana,
        place.clock,
        batch="many",
        workers=ANSWERERS[:1],
    )
    for what, key in (("items", "hit_id"), ("answers", "assignment_id")):
        seen: list[str] = []
        after: str | None = ""
        while after is not None:
            page = json.loads(place.desk.get(f"{many}/{what}.json?after={after}").body)
            seen += [row[key] for row in page[what]]
            after = page["next"]
        wanted = (
            done if what == "answers" else list(hit_ids(place.ana, "many").values())
        )
        assert len(seen) == 60
        assert sorted(seen) == sorted(wanted)


def test_only_what_changed_is_sent(place: Place) -> None:
    """A browser that says what it has gets the parts that differ, and no others."""
    first = json.loads(place.desk.get(TEXTS, X_Live="none=0").body)
    known = " ".join(f"{name}={part['mark']}" for name, part in first["parts"].items())
    again = json.loads(place.desk.get(TEXTS, X_Live=known).body)
    place.desk.post(f"{TEXTS}/approve", {})
    later = json.loads(place.desk.get(TEXTS, X_Live=known).body)

    assert list(first["parts"]) == ["figures"] == list(later["parts"])
    assert again["parts"] == {}


def test_hits_of_other_programs_stand_by_type(place: Place) -> None:
    """Whatever names no batch is found under its HIT type, its fields as they came."""
    question = (
        '<ExternalQuestion xmlns="http://mechanicalturk.amazonaws.com/'
        'AWSMechanicalTurkDataSchemas/2006-07-14/ExternalQuestion.xsd">'
        "<ExternalURL>https://example.org/t</ExternalURL><FrameHeight>0</FrameHeight>"
        "</ExternalQuestion>"
    )
    hit = place.ana.call(
        "CreateHIT",
        {
            "Title": "Pets",
            "Description": "Say it.",
            "Reward": "0.01",
            "AssignmentDurationInSeconds": 600,
            "LifetimeInSeconds": 600,
            "Question": question,
            "RequesterAnnotation": "mine " * 9,
        },
    )["HIT"]
    worker = ANSWERERS[0]
    assignment_id = place.market.accept(worker, hit["HITId"])
    place.market.submit(worker, assignment_id, {"animal": "cat"})
    group = f"{HOME}/types/{hit['HITTypeId']}"

    assert place.desk.json(group)["group"]["submitted"] == 1
    (answer,) = place.desk.json(f"{HOME}/hits/{hit['HITId']}")["answers"]
    assert (answer["answer"], answer["summary"]) == ({"animal": "cat"}, "animal: cat")
    assert place.desk.json(TEXTS)["group"]["n_hits"] == 4


@pytest.mark.parametrize("name", ["a/b", "50%", "x.json", "ü ñ", "?&#"])
def test_any_name_of_a_batch_can_be_opened(
    place: Place, tmp_path: Path, name: str
) -> None:
    """Whatever a batch is called, its link on the first page leads to it."""
    publish_texts(tmp_path, place.ana, name=name, n=1)
    page = place.desk.get(HOME).text
    links = [part.split('"')[0] for part in page.split('<a href="')[1:]]
    answers = [
        place.desk.get(f"{link}.json")
        for link in links
        if re.search("/batches/[^/]+$", link)
    ]

    names = [json.loads(a.body)["group"]["place"]["name"] for a in answers]
    assert names == [name, "texts"]


def test_the_sandbox_is_apart(place: Place) -> None:
    """The desk of the sandbox shows the sandbox's own, and says that it is one."""
    page = place.desk.get("/desk/sandbox")

    assert "This is the sandbox" in page.text
    assert place.desk.json("/desk/sandbox")["groups"] == []
    assert place.desk.get("/desk/elsewhere").status == 404
