"""Bonuses are paid once, the books are what happened, and an audit finds the rest."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crowdlab.accounting import NO_FEES
from crowdlab.errors import BadRow, BudgetExceeded, MTurkError, NotFound
from crowdlab.lab import Lab
from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.workflow import bonuses as paying
from tests.lab.conftest import Work

THANKS = "Thank you."


@pytest.fixture
def done(lab: Lab, pets: str, work: Work) -> list[str]:
    """Fifteen answers of twenty seconds each, collected and not decided."""
    lab.publish(pets)
    assignments = work(lab, pets, seconds=20)
    lab.collect(pets)
    return assignments


def payments(marketplace: Marketplace, assignment_id: str) -> list[tuple[str, str]]:
    """The bonuses that the marketplace paid for an assignment."""
    answer = marketplace.call("ListBonusPayments", {"AssignmentId": assignment_id})
    return [(each["BonusAmount"], each["Reason"]) for each in answer["BonusPayments"]]


def test_a_bonus_is_paid_once(
    lab: Lab, pets: str, done: list[str], marketplace: Marketplace
) -> None:
    """The second time the same list pays nothing; the account moved by bonus and fee."""
    before = marketplace.balance
    wanted = {done[0]: "0.25", done[1]: "0.02"}
    first = lab.bonus(pets, wanted, reason=THANKS)
    second = lab.bonus(pets, wanted, reason=THANKS)

    assert (
        "BonusesPaid(paid=2, already=0, bonuses=$0.27, fees=$0.06, environment='local')"
        == repr(first)
    )
    assert (0, 2) == (second.paid, second.already)
    assert Decimal("0.33") == before - marketplace.balance
    assert [("0.25", THANKS)] == payments(marketplace, done[0])


def test_another_reason_is_another_bonus(
    lab: Lab, pets: str, done: list[str], marketplace: Marketplace
) -> None:
    """The same amount for the same answer is paid again for something else."""
    rows = [
        {"assignment_id": done[0], "amount": "0.10", "reason": reason}
        for reason in ("Quick.", "Careful.")
    ]
    lab.bonus(pets, rows)

    assert [("0.10", "Quick."), ("0.10", "Careful.")] == payments(marketplace, done[0])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"assignment_id": "NONE"}, "row 2, field 'assignment_id': 'NONE' is absent"),
        ({"amount": "0"}, "row 2, field 'amount': a bonus is at least 0.01"),
        ({"amount": "0.005"}, "row 2, field 'amount': .* fraction of a cent"),
        ({"amount": 0.05}, "row 2, field 'amount': .* write it as the text"),
        ({"amount": "-1"}, "row 2, field 'amount': .* negative"),
        ({"reason": " "}, "row 2, field 'reason': a worker is told"),
        ({"reason": "x" * 4097}, "row 2, field 'reason': a worker is told"),
        ({}, "row 2: the same bonus as row 1"),
    ],
)
def test_a_list_with_a_fault_pays_nothing(
    lab: Lab,
    pets: str,
    done: list[str],
    marketplace: Marketplace,
    *,
    change: dict[str, object],
    reason: str,
) -> None:
    """The row that is wrong is named, and the sound rows are not paid either."""
    row = {"assignment_id": done[0], "amount": "0.10", "reason": THANKS}

    with pytest.raises(BadRow, match=reason):
        lab.bonus(pets, [row, row | change])
    assert [] == payments(marketplace, done[0])
    assert 0 == lab.bonus(pets, []).paid


def test_the_budget_counts_bonuses(
    lab: Lab, rows: list[dict[str, object]], work: Work, marketplace: Marketplace
) -> None:
    """A bonus that could break the budget is refused; rejected work makes room for it."""
    lab.create(
        "tight",
        template="text-classification",
        inputs=rows,
        reward="0.05",
        assignments=3,
        budget="1.00",
    )
    lab.publish("tight")
    done = work(lab, "tight")
    lab.collect("tight")
    bonus = {done[0]: "0.10"}
    with pytest.raises(BudgetExceeded, match=r"\$1\.02, and the budget is \$1\.00"):
        lab.bonus("tight", bonus, reason=THANKS)
    assert [] == payments(marketplace, done[0])
    lab.review("tight", reject=done[1:2], feedback="Empty.")

    assert 1 == lab.bonus("tight", bonus, reason=THANKS).paid


class Unplugged(Exception):
    """The process ends here."""


class Frayed:
    """A marketplace whose wire breaks once, around the sending of a bonus."""

    def __init__(self, marketplace: Marketplace, breaks: int, *, after: bool) -> None:
        self.marketplace, self.breaks, self.after = marketplace, breaks, after

    def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
        """The marketplace's answer, as long as the wire holds."""
        self.breaks -= operation == "SendBonus"
        if not self.breaks and not self.after:
            self._break()
        answer = self.marketplace.call(operation, params)
        if not self.breaks:
            self._break()
        return answer

    def _break(self) -> None:
        self.breaks = -1
        raise Unplugged


@pytest.mark.parametrize("breaks", [1, 2, 5])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("hours", [1, 25])
def test_a_killed_payment_goes_on_where_it_was(
    tmp_path: Path,
    marketplace: Marketplace,
    clock: ManualClock,
    rows: list[dict[str, object]],
    work: Work,
    *,
    breaks: int,
    after: bool,
    hours: int,
) -> None:
    """Killed before or after any bonus, each is paid once, after a day of tokens too."""
    wire = Frayed(marketplace, breaks, after=after)
    with Lab(tmp_path / "ledger.db", endpoint=wire) as lab:
        lab.create("pets", template="text-classification", inputs=rows, reward="0.05")
        lab.publish("pets")
        done = work(lab, "pets")
        lab.collect("pets")
        wanted = dict.fromkeys(done[:5], "0.10")
        with pytest.raises(Unplugged):
            lab.bonus("pets", wanted, reason=THANKS)
        clock.advance(hours * 3600)
        lab.bonus("pets", wanted, reason=THANKS)

        assert [[("0.10", THANKS)]] * 5 == [payments(marketplace, a) for a in done[:5]]
        assert Decimal("0.50") == lab.report("pets").bonuses


def test_a_lost_answer_is_no_second_payment(
    lab: Lab, pets: str, done: list[str], marketplace: Marketplace
) -> None:
    """A request that was sent again because its answer got lost counts as paid."""
    send = marketplace.call

    def send_twice(operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        if operation == "SendBonus":
            send(operation, params)
        return send(operation, params)

    marketplace.call = send_twice  # type: ignore[method-assign]
    paid = lab.bonus(pets, {done[0]: "0.10"}, reason=THANKS)

    assert 1 == paid.paid
    assert [("0.10", THANKS)] == payments(marketplace, done[0])


def test_a_refusal_keeps_what_was_paid(
    lab: Lab, pets: str, done: list[str], marketplace: Marketplace
) -> None:
    """When the money runs out half-way, the bonuses before are noted, the rest waits."""
    marketplace.withdraw(marketplace.balance - Decimal("0.30"))
    wanted = dict.fromkeys(done[:4], "0.10")
    with pytest.raises(MTurkError, match="insufficient"):
        lab.bonus(pets, wanted, reason=THANKS)
    assert Decimal("0.20") == lab.report(pets).bonuses
    marketplace.deposit("5.00")
    rest = lab.bonus(pets, wanted, reason=THANKS)

    assert (2, 4) == (rest.paid, rest.already)
    assert [[("0.10", THANKS)]] * 4 == [payments(marketplace, a) for a in done[:4]]


def test_a_long_list_is_checked_as_one(
    lab: Lab, pets: str, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repetition is found across the parts in which a list is read."""
    monkeypatch.setattr(paying, "CHUNK", 1)
    row = {"assignment_id": done[0], "amount": "0.10", "reason": THANKS}

    with pytest.raises(BadRow, match="row 3: the same bonus as row 1"):
        lab.bonus(pets, [row, row | {"amount": "0.20"}, row])


@pytest.fixture
def campaign(lab: Lab, pets: str, work: Work, clock: ManualClock) -> str:
    """Ten answers of fifteen came: one rejected, nine approved, two with a bonus."""
    lab.publish(pets)
    done = work(lab, pets, workers=2, seconds=20)
    lab.collect(pets)
    lab.review(pets, reject=done[:1], feedback="Empty.")
    lab.review(pets)
    lab.bonus(pets, dict.fromkeys(done[1:3], "0.10"), reason=THANKS)
    lab.expire(pets)
    clock.advance(60)
    lab.collect(pets)
    lab.labels(pets, "majority-vote")
    return pets


def test_the_books_are_what_happened(
    lab: Lab, campaign: str, marketplace: Marketplace
) -> None:
    """Every cent of a campaign stands in the account where it belongs."""
    booked = lab.books(campaign)

    assert {
        "committed": "0.00",
        "submitted": "0.00",
        "approved": "0.45",
        "rejected": "0.06",
        "dead": "0.30",
        "fees": "0.13",
        "bonuses": "0.20",
        "paid": "0.78",
        "trial_balance": "0.00",
    } == {name: booked.to_json()[name] for name in SUMS}
    assert Decimal(10_000) - marketplace.balance == booked.paid + booked.dead
    assert -booked.paid == booked.books.balances["balance"]


SUMS = (
    "committed",
    "submitted",
    "approved",
    "rejected",
    "dead",
    "fees",
    "bonuses",
    "paid",
    "trial_balance",
)


@pytest.mark.parametrize("stage", ["created", "published", "answered", "done"])
def test_books_and_report_agree(
    lab: Lab, pets: str, work: Work, stage: str, request: pytest.FixtureRequest
) -> None:
    """The report counts, the books add up; at every stage both are the same."""
    if stage == "done":
        request.getfixturevalue("campaign")
    elif stage != "created":
        lab.publish(pets)
    if stage == "answered":
        work(lab, pets)
        lab.collect(pets)
    booked, report = lab.books(pets), lab.report(pets)

    assert (booked.fees, booked.bonuses, booked.paid) == (
        report.fees,
        report.bonuses,
        report.total,
    )
    assert booked.committed + booked.submitted == report.committed


def test_books_tell_what_each_cost(lab: Lab, campaign: str) -> None:
    """What was paid stands by task, by worker and by label, and comes to the whole."""
    booked = lab.books(campaign)
    sums = {
        column: sum(map(Decimal, booked.by(column)["paid"]))
        for column in ("task", "worker", "label", "hit")
    }

    assert dict.fromkeys(sums, booked.paid) == sums
    assert ["a", "b", "c", "d", "e"] == booked.by("task")["task"].tolist()
    assert booked.entries == len(booked.table) == len(booked.books.entries)


def test_work_that_is_taken_is_not_dead(
    lab: Lab, pets: str, marketplace: Marketplace, clock: ManualClock
) -> None:
    """What a worker holds when a HIT is taken off the market may still be sent."""
    lab.publish(pets)
    (hit_id, *_) = sorted(lab._ledger.hits.ids(lab._find(pets).key))
    worker = marketplace.register("AWORKER0")
    marketplace.accept(worker, hit_id)
    lab.expire(pets)
    lab.collect(pets)
    held = lab.books(pets)
    clock.advance(lab.batches()[0].duration_seconds + 1)
    lab.collect(pets)
    over = lab.books(pets)

    assert (Decimal("0.18"), Decimal("0.72")) == (held.committed, held.dead)
    assert (Decimal("0.00"), Decimal("0.90")) == (over.committed, over.dead)


def test_work_dies_at_the_end_of_its_lifetime(
    lab: Lab, pets: str, clock: ManualClock
) -> None:
    """A batch that nobody took off the market is over when its time is."""
    lab.publish(pets)
    clock.advance(lab.batches()[0].lifetime_seconds + 1)
    lab.collect(pets)

    assert Decimal("0.90") == lab.books(pets).dead


def test_wages_and_the_bonuses_that_mend_them(
    lab: Lab, pets: str, done: list[str], tmp_path: Path
) -> None:
    """Five cents in twenty seconds are nine dollars; topped up they are fifteen."""
    earned = lab.wages(pets, "15")
    earned.table.to_csv(tmp_path / "bonuses.csv", index=False)
    paid = lab.bonus(pets, tmp_path / "bonuses.csv")
    after = lab.wages(pets, "15")

    assert (15, 20.0, None) == (
        len(done),
        earned.elapsed_seconds,
        earned.active_seconds,
    )
    assert Decimal("9.00") == earned.lower_wage == earned.median_wage
    assert Decimal("0.09") == earned.fair_reward
    assert (3, earned.bonus_total) == (paid.paid, paid.bonuses + paid.fees)
    assert (0, Decimal("0.00")) == (after.bonuses, after.bonus_total)


def test_rejected_work_has_no_wage(lab: Lab, pets: str, done: list[str]) -> None:
    """Nobody is brought to a wage for answers that were rejected."""
    lab.review(pets, reject=done, feedback="Empty.")
    earned = lab.wages(pets, "15")

    assert (0, None, 0) == (earned.answers, earned.median_wage, earned.bonuses)


def test_an_unknown_clock_lists_the_known(lab: Lab, pets: str) -> None:
    """Time is counted in two ways, and in no other."""
    with pytest.raises(NotFound, match="'sun'; choose from: elapsed, active"):
        lab.wages(pets, clock="sun")


def test_a_clean_campaign_has_no_difference(
    lab: Lab, pets: str, work: Work, clock: ManualClock
) -> None:
    """Audited at every stage, a ledger and its marketplace agree to the cent."""
    audits = [lab.audit(pets)]
    lab.publish(pets)
    audits.append(lab.audit(pets))
    done = work(lab, pets, workers=2)
    lab.collect(pets)
    audits.append(lab.audit(pets))
    lab.review(pets, reject=done[:1], feedback="Empty.")
    lab.review(pets)
    lab.bonus(pets, {done[1]: "0.10"}, reason=THANKS)
    audits.append(lab.audit(pets))
    lab.expire(pets)
    clock.advance(60)
    lab.collect(pets)
    audits.append(lab.audit(pets))

    assert [()] * 5 == [audited.differences for audited in audits]
    assert [None, Decimal("-0.90")] == [audited.moved for audited in audits[:2]]
    assert (5, 10, 1) == (audits[-1].hits, audits[-1].answers, audits[-1].bonuses)


def test_what_is_deleted_is_no_difference(
    lab: Lab, pets: str, marketplace: Marketplace, clock: ManualClock
) -> None:
    """Money of dead work comes back when its HITs are deleted, as the books know."""
    lab.publish(pets)
    lab.audit(pets)
    lab.expire(pets)
    clock.advance(60)
    lab.collect(pets)
    for hit_id in lab._ledger.hits.ids(lab._find(pets).key):
        marketplace.call("DeleteHIT", {"HITId": hit_id})

    assert () == lab.audit(pets).differences


def tamper_approve(market: Marketplace, done: list[str]) -> None:
    """Approves an answer behind the ledger's back."""
    market.call("ApproveAssignment", {"AssignmentId": done[0]})


def tamper_reject(market: Marketplace, done: list[str]) -> None:
    """Rejects an answer behind the ledger's back."""
    told = {"AssignmentId": done[0], "RequesterFeedback": "No."}
    market.call("RejectAssignment", told)


def tamper_bonus(market: Marketplace, done: list[str]) -> None:
    """Pays a bonus behind the ledger's back."""
    worker = market.call("GetAssignment", {"AssignmentId": done[0]})["Assignment"]
    market.call(
        "SendBonus",
        {
            "AssignmentId": done[0],
            "WorkerId": worker["WorkerId"],
            "BonusAmount": "0.50",
            "Reason": "Psst.",
        },
    )


def tamper_account(market: Marketplace, _done: list[str]) -> None:
    """Takes money out of the account."""
    market.withdraw("7.00")


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (tamper_approve, ["{0}: Approved there and Submitted in the ledger 0.06"]),
        (
            tamper_reject,
            [
                "{0}: Rejected there and Submitted in the ledger 0.00",
                "local: the balance moved by 0.06, and by the books it is 0.00 -0.06",
            ],
        ),
        (
            tamper_bonus,
            [
                "{0}: a bonus unknown to the ledger: 'Psst.' 0.50",
                "local: the balance moved by -0.60, and by the books it is 0.00 0.60",
            ],
        ),
        (
            tamper_account,
            ["local: the balance moved by -7.00, and by the books it is 0.00 7.00"],
        ),
    ],
)
def test_every_tampering_is_named(
    lab: Lab,
    pets: str,
    done: list[str],
    marketplace: Marketplace,
    *,
    tamper: Any,
    named: list[str],
) -> None:
    """A difference says what, where and how much."""
    lab.audit(pets)
    tamper(marketplace, done)
    found = lab.audit(pets).differences

    assert [text.format(done[0]) for text in named] == [
        f"{each.where}: {each.what} {each.amount}" for each in found
    ]


def test_what_the_ledger_only_thinks_is_named(
    lab: Lab, pets: str, done: list[str]
) -> None:
    """A bonus and an answer that the marketplace does not have are told as such."""
    lab.bonus(pets, {done[0]: "0.10"}, reason=THANKS)
    with lab._ledger._database.transaction() as connection:
        connection.exec_driver_sql("UPDATE bonuses SET amount = 30")
        connection.exec_driver_sql(
            "UPDATE assignments SET assignment_id = 'GHOST' WHERE id = 15"
        )
    found = {each.what: each.amount for each in lab.audit(pets).differences}

    assert {
        "a bonus of the ledger that is not there: 'Thank you.'": Decimal("-0.30"),
        "a bonus unknown to the ledger: 'Thank you.'": Decimal("0.10"),
        "Submitted there and absent in the ledger": Decimal("0.00"),
        "absent there and Submitted in the ledger": Decimal("0.00"),
    } == found


def test_an_answer_that_was_not_collected_is_named(
    lab: Lab, pets: str, work: Work
) -> None:
    """What workers sent and the ledger does not have is there and absent here."""
    lab.publish(pets)
    (first, *_) = work(lab, pets, workers=1)

    assert first in {each.where for each in lab.audit(pets).differences}


def test_a_sandbox_moves_no_money(rows: list[dict[str, object]]) -> None:
    """Where nothing is charged, a balance that stands still is no difference."""
    with Marketplace(environment="sandbox") as market, Lab(None, market) as lab:
        lab.create("p", template="text-classification", inputs=rows, reward="0.05")
        audits = [lab.audit("p")]
        lab.publish("p")
        audits.append(lab.audit("p"))

        assert [(), ()] == [audited.differences for audited in audits]


def test_an_embedded_marketplace_tells_its_prices(tmp_path: Path) -> None:
    """A sandbox is free, and the estimate says so; a wish for other prices counts."""
    rows = [{"text": "It rains.", "hypothesis": "It is wet."}]
    for number, (fees, wanted) in enumerate([(None, "0.00"), ("mturk", "0.03")]):
        with (
            Marketplace(environment="sandbox") as market,
            Lab(tmp_path / f"{number}.db", market, fees=fees) as lab,
        ):
            lab.create("p", template="text-classification", inputs=rows, reward="0.05")

            assert wanted == lab.estimate("p").to_json()["fees"]
    with Lab(None, "memory", fees=NO_FEES) as lab:
        lab.create("p", template="text-classification", inputs=rows, reward="0.05")

        assert Decimal("0.15") == lab.estimate("p").total
