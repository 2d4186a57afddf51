"""Each task gets its HIT once, whatever is killed in between."""

import contextlib
import datetime as dt
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowdlab.accounting import MTURK, NO_FEES
from crowdlab.errors import BadInput, BudgetExceeded, MTurkError
from crowdlab.lab import Lab
from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.mturk import pages
from crowdlab.templates import load_template
from crowdlab.workflow import plans

Row = dict[str, object]
DAY = 24 * 3600


class Unplugged(Exception):
    """The process ends here."""


class Frayed:
    """A marketplace behind a wire that breaks at a chosen call, before or after it.

    It has no groups: like AWS, it does each call on its own.
    """

    def __init__(
        self, marketplace: Marketplace, *, breaks: int, answered: bool
    ) -> None:
        self.marketplace, self.breaks, self.answered = marketplace, breaks, answered

    def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
        """The marketplace's answer, as long as the wire holds."""
        self.breaks -= operation == "CreateHITWithHITType"
        breaks_now = self.breaks == 0
        if breaks_now:
            self.breaks = -1
        if breaks_now and not self.answered:
            raise Unplugged
        answer = self.marketplace.call(operation, params)
        if breaks_now:
            raise Unplugged
        return answer


def tokens(marketplace: Marketplace) -> Counter[str]:
    """How many HITs the marketplace has for each task."""
    return Counter(
        hit["RequesterAnnotation"]
        for page in pages(marketplace, "ListHITs", {}, "HITs")
        for hit in page
    )


def test_publishing_twice_creates_each_hit_once(
    lab: Lab, pets: str, marketplace: Marketplace
) -> None:
    """The first call creates the HITs, the second finds them there."""
    assert "Published(created=5, already=0, environment='local')" == repr(
        lab.publish(pets)
    )
    assert "Published(created=0, already=5, environment='local')" == repr(
        lab.publish(pets)
    )
    assert [1] * 5 == list(tokens(marketplace).values())


def test_a_hit_is_what_the_batch_says(
    lab: Lab, pets: str, marketplace: Marketplace
) -> None:
    """Reward, times, number of assignments and the page are on the marketplace."""
    lab.publish(pets)
    batch = lab.batches()[0]
    (hit,) = marketplace.call("ListHITs", {"MaxResults": 1})["HITs"]

    assert (str(batch.reward), 3) == (hit["Reward"], hit["MaxAssignments"])
    assert batch.duration_seconds == hit["AssignmentDurationInSeconds"]
    assert batch.auto_approval_seconds == hit["AutoApprovalDelayInSeconds"]
    assert (
        hit["CreationTime"] + dt.timedelta(seconds=batch.lifetime_seconds)
        == (hit["Expiration"])
    )
    assert "The e is blue." in hit["Question"]


def test_a_performed_plan_is_empty(lab: Lab, pets: str) -> None:
    """What is planned is what has no HIT, and after publishing that is nothing."""
    record = lab._find(pets)
    planned = [len(actions) for actions in plans(lab._ledger, record)]
    lab.publish(pets)

    assert [5] == planned
    assert [] == list(plans(lab._ledger, record))


def test_the_tokens_of_a_batch_are_its_own(
    tmp_path: Path, rows: list[Row], marketplace: Marketplace
) -> None:
    """The same batch in another ledger has other HITs on the same marketplace."""
    for name in ("one.db", "other.db"):
        with Lab(tmp_path / name, endpoint=marketplace) as lab:
            lab.create(
                "pets", template="text-classification", inputs=rows, reward="0.05"
            )
            assert 5 == lab.publish("pets").created

    assert 10 == len(tokens(marketplace))


def test_progress_is_told(lab: Lab, rows: list[Row]) -> None:
    """A caller hears how many tasks have their HIT."""
    many = [{**rows[0], "task": str(n), "text": f"No. {n}"} for n in range(450)]
    lab.create("many", template="text-classification", inputs=many, reward="0.05")
    heard: list[tuple[int, int]] = []
    lab.publish("many", progress=lambda done, total: heard.append((done, total)))

    assert [(0, 450), (200, 450), (400, 450), (450, 450)] == heard


@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("late", [0, 2 * DAY])
def test_a_broken_wire_is_reconciled(
    tmp_path: Path,
    rows: list[Row],
    marketplace: Marketplace,
    clock: ManualClock,
    *,
    answered: bool,
    late: int,
) -> None:
    """A HIT whose answer got lost is found again, also after its token died."""
    wire = Frayed(marketplace, breaks=3, answered=answered)
    with Lab(tmp_path / "ledger.db", endpoint=wire) as lab:
        lab.create("pets", template="text-classification", inputs=rows, reward="0.05")
        with pytest.raises(Unplugged):
            lab.publish("pets")
        clock.advance(late)
        published = lab.publish("pets")

    assert 5 == published.created + published.already
    assert 2 + answered == published.already
    assert [1] * 5 == list(tokens(marketplace).values())


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(1, 7), st.booleans()), max_size=4))
def test_a_plan_ends_empty_wherever_it_is_broken(
    breaks: list[tuple[int, bool]],
) -> None:
    """After any interruptions, publishing again leaves nothing to do, and no double."""
    rows = [{"text": f"No. {n}", "hypothesis": "It is one."} for n in range(6)]
    with Marketplace() as marketplace:
        wire = Frayed(marketplace, breaks=-1, answered=True)
        with Lab(None, endpoint=wire) as lab:
            lab.create(
                "pets", template="text-classification", inputs=rows, reward="0.01"
            )
            for wire.breaks, wire.answered in breaks:
                with contextlib.suppress(Unplugged):
                    lab.publish("pets")
            wire.breaks = -1
            lab.publish("pets")

            assert [] == list(plans(lab._ledger, lab._find("pets")))
            assert [1] * 6 == list(tokens(marketplace).values())


def test_a_refusal_keeps_what_was_created(
    lab: Lab, rows: list[Row], marketplace: Marketplace
) -> None:
    """When the money runs out, the HITs before are noted; with money it goes on."""
    lab.create(
        "rich",
        template="text-classification",
        inputs=rows,
        reward="1000",
        assignments=3,
    )
    with pytest.raises(MTurkError, match="insufficient funds"):
        lab.publish("rich")
    created = lab.status("rich").published
    marketplace.deposit("100000")

    assert 0 < created < 5
    assert 5 - created == lab.publish("rich").created
    assert [1] * 5 == list(tokens(marketplace).values())


def test_a_used_token_is_reconciled(
    lab: Lab, pets: str, marketplace: Marketplace
) -> None:
    """A marketplace that says the HIT exists already is believed, and it is noted."""
    record = lab._find(pets)
    ((first, *_),) = plans(lab._ledger, record)
    task = first.task.task
    kind = {"Title": "t", "Description": "d", "Reward": "0.05"}
    hit = marketplace.call(
        "CreateHIT",
        {
            **kind,
            "AssignmentDurationInSeconds": 60,
            "LifetimeInSeconds": 3600,
            "Question": load_template("text-classification").question(
                task.input, task_id=task.task_id, language="en"
            ),
            "UniqueRequestToken": first.token,
        },
    )["HIT"]
    lab.publish(pets)
    ids = lab._ledger.hits.ids(record.key)

    assert hit["HITId"] in ids
    assert 5 == len(ids)


def test_a_budget_counts_again_when_publishing(
    tmp_path: Path, rows: list[Row], marketplace: Marketplace
) -> None:
    """A batch that its budget covers under other prices is refused under these."""
    location = tmp_path / "ledger.db"
    with Lab(location, endpoint=marketplace, fees=NO_FEES) as lab:
        lab.create(
            "pets",
            template="text-classification",
            inputs=rows,
            reward="0.05",
            budget="0.75",
        )
    with (
        Lab(location, endpoint=marketplace, fees=MTURK) as lab,
        pytest.raises(BudgetExceeded, match=r"\$0\.90"),
    ):
        lab.publish("pets")
    assert not tokens(marketplace)


def test_a_batch_stays_in_its_environment(
    tmp_path: Path, lab: Lab, pets: str, marketplace: Marketplace
) -> None:
    """A batch that was created for one place is published nowhere else."""
    lab.close()
    with (
        Lab(tmp_path / "ledger.db", endpoint="memory") as elsewhere,
        pytest.raises(BadInput, match=r"created for 'local'.*works in 'memory'"),
    ):
        elsewhere.publish(pets)
    assert not tokens(marketplace)


def test_a_template_that_changed_is_refused(
    lab: Lab, rows: list[Row], tmp_path: Path
) -> None:
    """Tasks that were checked by one version of a page are not published by another."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for file in load_template("text-classification").folder.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    lab.create("pets", template=folder, inputs=rows, reward="0.05")
    manifest = folder / "template.toml"
    version = load_template(folder).version
    text = manifest.read_text("utf-8").replace(f'"{version}"', '"999"', 1)
    manifest.write_text(text, encoding="utf-8")

    with pytest.raises(BadInput, match="which is now 999"):
        lab.publish("pets")


# Loads everything once, then publishes in children that it kills one after the other:
# each after some chunks of work, whatever the speed of the machine, and at any moment.
KILLER = """
import os, random, signal, sqlite3, time
from crowdlab.lab import Lab
from crowdlab.workflow import publication

publication.CHUNK = 15
dice = random.Random(20)
for _ in range(20):
    hear, say = os.pipe()
    child = os.fork()
    if not child:
        Lab("ledger.db").publish("pets", progress=lambda *_: os.write(say, b"."))
        os._exit(0)
    os.close(say)
    for _ in range(dice.randint(1, 4)):
        os.read(hear, 1)
    time.sleep(dice.uniform(0, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(hear)
    ledger = sqlite3.connect("ledger.db")
    print(ledger.execute("SELECT count(*) FROM hits").fetchone()[0])
    ledger.close()
"""


def test_twenty_kills_cost_no_hit(
    tmp_path: Path, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A publishing process is killed twenty times at random, and then completes.

    Every task has exactly one HIT, on the marketplace and in the ledger.
    """
    n_tasks = 1300
    many = [{**rows[0], "task": str(n), "text": f"No. {n}"} for n in range(n_tasks)]
    monkeypatch.chdir(tmp_path)
    with Lab("ledger.db") as lab:
        lab.create("pets", template="text-classification", inputs=many, reward="0.01")
    stages = kill_twenty_times()
    with Lab("ledger.db") as lab:
        published = lab.publish("pets")
        hits = lab._ledger.hits.ids(lab._find("pets").key)
        counted = tokens(lab.marketplace)

    assert n_tasks == published.created + published.already
    assert n_tasks == len(counted) == counted.total() == len(hits)
    assert max(stages) < n_tasks, "the kills came too late"
    assert len(set(stages)) > 10, f"the kills did not come in the middle: {stages}"


def kill_twenty_times() -> list[int]:
    """Publishes here, with kills, and gives the number of HITs noted after each."""
    killer = subprocess.run(
        [sys.executable, "-c", KILLER],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        text=True,
        timeout=60,
    )
    return list(map(int, killer.stdout.split()))
