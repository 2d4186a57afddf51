"""Random lives of HITs on a marketplace, beside a tiny model of the same lives.

The model knows the rules of the requester guide's table, and nothing of the engine:
whatever both are told to do, both must do, or refuse, and then agree on every count,
state and cent. The marketplace's file is opened again, or found as a killed process
left it, between any two steps.
"""

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from crowdlab.errors import MTurkError, WorkRefused
from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.steps import hit_parameters

DAY = 86_400
START = 1_700_000_000
DURATION = 600
WORKERS = ("A1ANA", "A2BOB", "A3CYD")
REWARDS = (0, 5, 100)
MOST_HITS = 4
#: Before this many seconds have passed no HIT disposes of itself.
END = START + 100 * DAY
LEFT = ("Returned", "Abandoned")
OPEN = ("Accepted", "Submitted")
DECIDED = ("Approved", "Rejected")

Answer = dict[str, Any]


@attrs.define
class Work:
    """An assignment, as the model knows it."""

    worker: str
    deadline: int
    status: str = "Accepted"
    submitted: int = 0


@attrs.define
class Life:
    """A HIT, as the model knows it."""

    size: int
    reward: int
    fee: int
    delay: int
    expiration: int
    works: dict[str, Work] = attrs.field(factory=dict)
    is_reviewing: bool = False
    is_disposed: bool = False

    def n(self, *states: str) -> int:
        """How many assignments are in one of these states."""
        return sum(work.status in states for work in self.works.values())

    @property
    def left(self) -> int:
        """How many assignments nobody has."""
        return self.size - len(self.works) + self.n(*LEFT)

    def status(self, now: int) -> str:
        """The HIT's status: the derived rule."""
        if self.is_disposed:
            return "Disposed"
        is_over = now >= self.expiration or not self.left
        if self.n("Accepted"):
            return "Unassignable" if is_over else "Assignable"
        if not is_over:
            return "Assignable"
        return "Reviewing" if self.is_reviewing else "Reviewable"


@attrs.define
class Account:
    """The requester's cents."""

    deposited: int = 1_000_000
    reserved: int = 0
    rewards: int = 0
    fees: int = 0
    bonuses: int = 0

    @property
    def available(self) -> int:
        """What is neither spent nor set aside."""
        return self.deposited - self.reserved - self.rewards - self.fees - self.bonuses

    def pay(self, life: Life) -> None:
        """Pays for an assignment what was set aside for it."""
        self.reserved -= life.reward + life.fee
        self.rewards += life.reward
        self.fees += life.fee


def fee_on(reward: int, size: int) -> int:
    """A fifth, or two of a large HIT, half a cent up; a cent at least."""
    share = reward * (20 if size < 10 else 40)
    return max(1, (share + 50) // 100)


def dollars(amount: int) -> str:
    """Cents as the API writes them."""
    return str(Decimal(amount) / 100)


class Lives(RuleBasedStateMachine):
    """A market and its model, told the same."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.folder = Path(tempfile.mkdtemp())
        self.clock = ManualClock(START)
        self.market = self.open()
        for worker in WORKERS:
            self.market.register(worker)
        self.account = Account()
        self.lives: dict[str, Life] = {}

    def open(self) -> Marketplace:
        """The marketplace of the file."""
        return Marketplace(self.folder / "market.db", self.clock, seed=7)

    def teardown(self) -> None:
        """Closes and removes what was opened."""
        self.market.close()
        shutil.rmtree(self.root)

    @property
    def now(self) -> int:
        """The time."""
        return int(self.clock())

    def attempt(self, is_legal: bool, act: Callable[[], Any]) -> Any:
        """Lets the market do something that it must do, or must refuse."""
        try:
            result = act()
        except (MTurkError, WorkRefused):
            assert not is_legal, "refused what is legal"
            return None
        assert is_legal, "did what is not legal"
        return result

    def call(self, is_legal: bool, operation: str, **given: Any) -> Any:
        """Lets the requester ask for something."""
        return self.attempt(is_legal, lambda: self.market.call(operation, given))

    # What a rule is about is chosen by number, so that every example fits every state.

    def hit(self, number: int) -> tuple[str, Life]:
        """One of the HITs."""
        name = list(self.lives)[number % len(self.lives)]
        return name, self.lives[name]

    def work(self, number: int) -> tuple[str, Work, Life]:
        """One of the assignments; with most numbers one that is still undecided."""
        works = [
            (n, w, life) for life in self.lives.values() for n, w in life.works.items()
        ]
        open_works = [each for each in works if each[1].status in OPEN]
        chosen = open_works if open_works and number % 4 else works
        return chosen[number % len(chosen)]

    def settle(self) -> None:
        """A HIT that no longer waits for its review is not under review either."""
        for life in self.lives.values():
            if life.status(self.now) not in {"Reviewable", "Reviewing"}:
                life.is_reviewing = False

    number = st.integers(0, 11)
    any_hit = precondition(lambda self: self.lives)
    any_work = precondition(lambda self: any(x.works for x in self.lives.values()))

    @precondition(lambda self: len(self.lives) < MOST_HITS)
    @rule(
        size=st.sampled_from([1, 2, 3, 9, 10]),
        reward=st.sampled_from(REWARDS),
        lifetime=st.sampled_from([60, 3600, 30 * DAY]),
        delay=st.sampled_from([0, 3600, 20 * DAY]),
    )
    def create(self, size: int, reward: int, lifetime: int, delay: int) -> None:
        """A new HIT sets aside what it may cost, if the balance covers it."""
        fee = fee_on(reward, size)
        cost = size * (reward + fee)
        made = self.call(
            cost <= self.account.available,
            "CreateHIT",
            **hit_parameters(
                Title=f"Nr. {len(self.lives)}",
                Reward=f"{reward // 100}.{reward % 100:02}",
                MaxAssignments=size,
                LifetimeInSeconds=lifetime,
                AutoApprovalDelayInSeconds=delay,
                AssignmentDurationInSeconds=DURATION,
            ),
        )
        if made:
            self.account.reserved += cost
            life = Life(size, reward, fee, delay, self.now + lifetime)
            self.lives[made["HIT"]["HITId"]] = life

    @any_hit
    @rule(number=number, worker=st.sampled_from(WORKERS))
    def accept(self, number: int, worker: str) -> None:
        """A worker takes an assignment, one of each HIT at a time and for good."""
        name, life = self.hit(number)
        is_taken = any(
            work.worker == worker and work.status not in LEFT
            for work in life.works.values()
        )
        can = life.status(self.now) == "Assignable" and life.left and not is_taken
        made = self.attempt(bool(can), lambda: self.market.accept(worker, name))
        if made:
            life.works[made] = Work(worker, self.now + DURATION)

    @any_hit
    @rule(number=number, worker=st.sampled_from(WORKERS))
    def do(self, number: int, worker: str) -> None:
        """A worker takes an assignment, and submits whatever is undecided first."""
        self.accept(number, worker)
        if any(life.works for life in self.lives.values()):
            self.submit(number)

    @any_work
    @rule(number=number)
    def submit(self, number: int) -> None:
        """A worker submits; a second time changes nothing."""
        name, work, life = self.work(number)
        first = self.attempt(
            work.status not in LEFT,
            lambda: self.market.submit(work.worker, name, {"answer": "yes"}),
        )
        assert first in {None, work.status == "Accepted"}
        if work.status == "Accepted":
            work.status, work.submitted = "Submitted", self.now
            self.pass_time(life)

    @any_work
    @rule(number=number)
    def give_back(self, number: int) -> None:
        """A worker returns what is not submitted."""
        name, work, _ = self.work(number)
        can = work.status == "Accepted"
        self.attempt(can, lambda: self.market.return_(work.worker, name))
        if can:
            work.status = "Returned"

    @any_work
    @rule(number=number, override=st.booleans())
    def approve(self, number: int, override: bool) -> None:
        """What is submitted is paid, what was rejected too if that is overridden."""
        name, work, life = self.work(number)
        cost = life.reward + life.fee
        can_override = (
            work.status == "Rejected"
            and override
            and not life.is_disposed
            and self.now <= work.submitted + 30 * DAY
            and cost <= self.account.available
        )
        can = work.status == "Submitted" or can_override
        self.call(
            can, "ApproveAssignment", AssignmentId=name, OverrideRejection=override
        )
        if can:
            self.account.reserved += cost if can_override else 0
            self.account.pay(life)
            work.status = "Approved"

    @any_work
    @rule(number=number)
    def reject(self, number: int) -> None:
        """What is submitted may be rejected, which frees its money."""
        name, work, life = self.work(number)
        can = work.status == "Submitted"
        self.call(can, "RejectAssignment", AssignmentId=name, RequesterFeedback="no")
        if can:
            work.status = "Rejected"
            self.account.reserved -= life.reward + life.fee

    @any_work
    @rule(number=number, cents=st.sampled_from([1, 250, 500_000]))
    def reward(self, number: int, cents: int) -> None:
        """Whoever submitted may have a bonus, if the balance covers it."""
        name, work, _ = self.work(number)
        fee = fee_on(cents, 1)
        has_submitted = work.status in {"Submitted", *DECIDED}
        can = has_submitted and cents + fee <= self.account.available
        self.call(
            can,
            "SendBonus",
            WorkerId=work.worker,
            AssignmentId=name,
            BonusAmount=f"{cents // 100}.{cents % 100:02}",
            Reason="well done",
        )
        if can:
            self.account.bonuses += cents
            self.account.fees += fee

    @any_hit
    @rule(number=number, more=st.sampled_from([1, 2, 8]))
    def extend(self, number: int, more: int) -> None:
        """A HIT grows, but a small one not to ten."""
        name, life = self.hit(number)
        cost = more * (life.reward + life.fee)
        grows_up = life.size < 10 <= life.size + more
        can = not life.is_disposed and not grows_up and cost <= self.account.available
        self.call(
            can,
            "CreateAdditionalAssignmentsForHIT",
            HITId=name,
            NumberOfAdditionalAssignments=more,
        )
        if can:
            life.size += more
            self.account.reserved += cost

    @any_hit
    @rule(number=number)
    def expire(self, number: int) -> None:
        """A HIT's time ends now."""
        name, life = self.hit(number)
        can = not life.is_disposed
        self.call(can, "UpdateExpirationForHIT", HITId=name, ExpireAt=0)
        if can:
            life.expiration = min(life.expiration, self.now)

    @any_hit
    @rule(number=number, seconds=st.sampled_from([-60, 59, 61, DAY + 1]))
    def prolong(self, number: int, seconds: int) -> None:
        """A HIT gets more time, a minute at least."""
        name, life = self.hit(number)
        wanted = max(self.now, life.expiration) + seconds
        if wanted <= self.now:
            return
        can = not life.is_disposed and seconds >= 60
        self.call(can, "UpdateExpirationForHIT", HITId=name, ExpireAt=wanted)
        if can:
            life.expiration = wanted

    @any_hit
    @rule(number=number, revert=st.booleans())
    def review(self, number: int, revert: bool) -> None:
        """A HIT goes from Reviewable to Reviewing and back."""
        name, life = self.hit(number)
        needed = "Reviewing" if revert else "Reviewable"
        can = life.status(self.now) == needed
        self.call(can, "UpdateHITReviewStatus", HITId=name, Revert=revert)
        if can:
            life.is_reviewing = not revert

    @any_hit
    @rule(number=number)
    def delete(self, number: int) -> None:
        """A HIT whose work is decided goes, and frees what is left of its money."""
        name, life = self.hit(number)
        waits = life.status(self.now) in {"Reviewable", "Reviewing"}
        can = waits and not life.n("Submitted")
        self.call(can, "DeleteHIT", HITId=name)
        if can:
            undecided = life.size - life.n(*DECIDED)
            self.account.reserved -= undecided * (life.reward + life.fee)
            life.is_disposed = True

    @precondition(lambda self: self.now < END)
    @rule(seconds=st.sampled_from([1, 60, DURATION, 3600, DAY, 16 * DAY]))
    def wait(self, seconds: int) -> None:
        """Time passes: work is abandoned, or approved."""
        self.clock.advance(seconds)
        for life in self.lives.values():
            self.pass_time(life)

    def pass_time(self, life: Life) -> None:
        """Lets happen to a HIT what was due by now."""
        for work in life.works.values():
            if work.status == "Accepted" and work.deadline <= self.now:
                work.status = "Abandoned"
            if work.status == "Submitted" and work.submitted + life.delay <= self.now:
                work.status = "Approved"
                self.account.pay(life)

    @rule()
    def reopen(self) -> None:
        """The file is closed and opened again."""
        self.market.close()
        self.market = self.open()

    @rule()
    def kill(self) -> None:
        """The process dies: what it has written is found, what it had open is not."""
        left = Path(tempfile.mkdtemp(dir=self.root))
        for file in self.folder.glob("market.db*"):
            shutil.copy(file, left)
        self.market.close()
        self.folder = left
        self.market = self.open()

    @any_hit
    @rule(number=number)
    def kill_halfway(self, number: int) -> None:
        """What dies in the midst of a group of calls leaves nothing of them."""
        name, _ = self.hit(number)
        with suppress(KeyboardInterrupt, MTurkError), self.market.group():
            self.market.call("CreateHIT", hit_parameters(MaxAssignments=9))
            self.market.call("UpdateExpirationForHIT", {"HITId": name, "ExpireAt": 0})
            raise KeyboardInterrupt

    @invariant()
    def lives_agree(self) -> None:
        """Every HIT has the state and the counts of the model, and they add up."""
        self.settle()
        for name, life in self.lives.items():
            hit = self.market.call("GetHIT", {"HITId": name})["HIT"]
            assert hit["HITStatus"] == life.status(self.now)
            available = hit["NumberOfAssignmentsAvailable"]
            pending = hit["NumberOfAssignmentsPending"]
            completed = hit["NumberOfAssignmentsCompleted"]
            assert available == life.left
            assert pending == life.n("Accepted")
            assert completed == life.n(*DECIDED)
            waiting = life.n("Submitted")
            assert available + pending + waiting + completed == hit["MaxAssignments"]
            assert hit["MaxAssignments"] == life.size
            assert int(hit["Expiration"].timestamp()) == life.expiration

    @invariant()
    def works_agree(self) -> None:
        """The requester sees every assignment that was submitted, in its state."""
        for name, life in self.lives.items():
            listed = self.market.call(
                "ListAssignmentsForHIT", {"HITId": name, "MaxResults": 100}
            )["Assignments"]
            states = {work["AssignmentId"]: work["AssignmentStatus"] for work in listed}
            assert states == {
                known: work.status
                for known, work in life.works.items()
                if work.status not in {"Accepted", *LEFT}
            }

    @invariant()
    def nobody_has_two(self) -> None:
        """No worker has two live assignments of one HIT."""
        rows = self.read("SELECT hit, worker, status FROM assignments")
        live = Counter(
            (hit, worker) for hit, worker, state in rows if state not in LEFT
        )
        assert max(live.values(), default=1) == 1

    @invariant()
    def money_is_conserved(self) -> None:
        """The books are the model's: what was deposited is somewhere."""
        columns = "deposited, reserved, rewards, fees, bonuses"
        (books,) = self.read(f"SELECT {columns} FROM requesters")  # noqa: S608 - ours
        assert books == attrs.astuple(self.account)
        shown = self.market.call("GetAccountBalance", {})["AvailableBalance"]
        assert Decimal(shown) * 100 == self.account.available
        assert min(books) >= 0

    def read(self, query: str) -> list[tuple[Any, ...]]:
        """What stands in the file, for whoever else opens it."""
        connection = sqlite3.connect(self.folder / "market.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=60, stateful_step_count=40)
