"""Workers without people."""

import pytest

from crowdlab.errors import BadInput, NotFound
from crowdlab.marketplace import Marketplace
from crowdlab.marketplace.crowd import (
    Job,
    ReplayedCrowd,
    SimulatedCrowd,
    read_composition,
    work,
)
from tests.marketplace.steps import hit_parameters

CHOICES = ("a", "b", "c", "d")


def job(n_open: int = 3, n_things: int = 1) -> Job:
    things = [(f"t{n}", CHOICES) for n in range(n_things)]
    return Job("3HIT", n_open, things, dict)


def share_right(kind: str) -> float:
    """How often a worker of that kind gives the true label of 2,000 things."""
    truth = {f"t{n}": "a" for n in range(2000)}
    crowd = SimulatedCrowd({kind: 1}, truth=truth, seed=3)
    ((_, said),) = crowd.judge(job(1, 2000))
    right: int = sum(label == "a" for label in said.values())
    return right / 2000


def test_answers_go_through_the_marketplace() -> None:
    """A crowd registers, accepts and submits as anybody does."""
    market = Marketplace(seed=1)
    hit = market.call("CreateHIT", hit_parameters(MaxAssignments=2))["HIT"]
    jobs = [Job(hit["HITId"], 2, [("t", ("yes", "no"))], dict)]
    crowd = ReplayedCrowd([("t", "w1", "yes"), ("t", "w2", "no")])

    assert sum(work(market, jobs, crowd)) == 2

    found = market.call("ListAssignmentsForHIT", {"HITId": hit["HITId"]})
    assert [a["WorkerId"] for a in found["Assignments"]] == ["AW1", "AW2"]
    assert "<FreeText>yes</FreeText>" in found["Assignments"][0]["Answer"]


def test_no_more_answers_than_assignments() -> None:
    """A HIT of three assignments gets three answers, of three workers."""
    crowd = SimulatedCrowd({"diligent": 9})
    who = [worker for worker, _ in crowd.judge(job(3))]

    assert len(set(who)) == 3


def test_small_crowd() -> None:
    """Two workers give two answers, however many are wanted."""
    assert len(list(SimulatedCrowd({"sloppy": 2}).judge(job(5)))) == 2


def test_kinds_differ() -> None:
    """Diligent workers are mostly right, sloppy ones less, spammers guess."""
    assert share_right("diligent") > 0.9
    assert 0.5 < share_right("sloppy") < 0.85
    assert share_right("spammer") == pytest.approx(0.25, abs=0.04)


def test_same_seed_same_crowd() -> None:
    """A seeded crowd says the same again."""
    said = [list(SimulatedCrowd({"sloppy": 3}, seed=s).judge(job())) for s in (5, 5, 6)]

    assert said[0] == said[1] != said[2]


def test_names_of_recorded_workers() -> None:
    """Recorded names become worker ids that can be told apart and traced back."""
    names = ["w1", "W1", "a b", "AREAL1", "ñ"]
    crowd = ReplayedCrowd([("t", name, "x") for name in names])
    ids = [worker for worker, _ in crowd.judge(Job("3H", 9, [("t", ("x",))], dict))]

    assert len(set(ids)) == 5
    assert all(worker.isascii() and worker.isalnum() for worker in ids)
    assert [crowd.names[worker] for worker in ids] == names
    assert ids[3] == "AREAL1"


def test_recorded_twice() -> None:
    """A recording in which a worker answers a task twice is refused."""
    with pytest.raises(BadInput, match="'w1' answers 't' twice"):
        ReplayedCrowd([("t", "w1", "x"), ("t", "w1", "y")])


def test_unknown_kind() -> None:
    """An unknown kind of worker is answered with the choices."""
    with pytest.raises(NotFound, match="diligent, sloppy, spammer"):
        SimulatedCrowd({"lazy": 1})


@pytest.mark.parametrize("composition", [{}, {"diligent": 0}, {"sloppy": -1}])
def test_empty_crowd(composition: dict[str, int]) -> None:
    """A crowd without workers is refused."""
    with pytest.raises(BadInput):
        SimulatedCrowd(composition)


@pytest.mark.parametrize("text", ["", "diligent", "diligent=x", "diligent=6;sloppy=2"])
def test_bad_composition(text: str) -> None:
    """A composition that cannot be read shows how one is written."""
    with pytest.raises(BadInput, match="diligent=6,sloppy=2"):
        read_composition(text)
