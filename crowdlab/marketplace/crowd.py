"""Workers without people: recorded answers given again, or a crowd that is simulated.

They work through the worker's side of the marketplace, as anybody does: they register,
accept and submit.
"""

import base64
import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

import attrs

from crowdlab.errors import BadAnswer, BadInput, NotFound
from crowdlab.marketplace.market import Marketplace

__all__ = [
    "BEHAVIOURS",
    "Behaviour",
    "Crowd",
    "Job",
    "ReplayedCrowd",
    "SimulatedCrowd",
    "read_composition",
    "work",
]

Judgements = Mapping[str, Any]

#: HITs that are answered in one transaction.
AT_ONCE = 100
_WORKER_ID = re.compile(r"A[A-Z0-9]{1,63}")


@attrs.frozen
class Job:
    """A HIT that waits for answers, and what a worker of flesh would see on its page.

    Attributes:
        n_open: how many assignments are left.
        things: what is to be judged, each with the labels to choose from; none, where
            a label is no choice out of a few.
        fill: turns judgements into the fields that the page's form would post.
    """

    hit_id: str
    n_open: int
    things: Sequence[tuple[str, Sequence[str]]]
    fill: Callable[[Judgements], Mapping[str, str]]


class Crowd(Protocol):
    """Whoever answers jobs."""

    def judge(self, job: Job) -> Iterable[tuple[str, Judgements]]:
        """Who judges the things of a job how, one worker at a time."""


def work(market: Marketplace, jobs: Iterable[Job], crowd: Crowd) -> Iterator[int]:
    """Lets a crowd do jobs, and gives the number of answers after each chunk."""
    known: set[str] = set()
    remaining = iter(jobs)
    while chunk := list(islice(remaining, AT_ONCE)):
        n_answers = 0
        with market.group():
            for job in chunk:
                for worker_id, judgements in crowd.judge(job):
                    if worker_id not in known:
                        known.add(market.register(worker_id))
                    assignment_id = market.accept(worker_id, job.hit_id)
                    market.submit(worker_id, assignment_id, job.fill(judgements))
                    n_answers += 1
        yield n_answers


class ReplayedCrowd:
    """Workers who say again what was recorded.

    Args:
        answers: rows of what was judged, by whom, and how.

    Attributes:
        names: the recorded name of each worker, by worker id.

    Example:
        >>> crowd = ReplayedCrowd([("25", "w1", "no"), ("25", "w2", "yes")])
        >>> job = Job("3HIT", 2, [("25", ("yes", "no"))], dict)
        >>> list(crowd.judge(job))
        [('AW1', {'25': 'no'}), ('AW2', {'25': 'yes'})]
    """

    def __init__(self, answers: Iterable[tuple[str, str, str]]) -> None:
        self.names: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._said: dict[str, dict[str, str]] = defaultdict(dict)
        for thing, name, label in answers:
            worker_id = self._ids.get(name) or self._name(name)
            if worker_id in self._said[thing]:
                raise BadInput(f"worker {name!r} answers {thing!r} twice")
            self._said[thing][worker_id] = label

    def judge(self, job: Job) -> Iterable[tuple[str, Judgements]]:
        """What each recorded worker said of the things of a job."""
        by_worker: dict[str, dict[str, str]] = defaultdict(dict)
        for thing, _ in job.things:
            for worker_id, label in self._said.get(thing, {}).items():
                by_worker[worker_id][thing] = label
        return list(by_worker.items())[: job.n_open]

    def _name(self, name: str) -> str:
        worker_id = _as_worker_id(name)
        if worker_id in self.names:
            worker_id = _digest(name)
        self._ids[name], self.names[worker_id] = worker_id, name
        return worker_id


@attrs.frozen
class Behaviour:
    """How a kind of worker judges.

    Attributes:
        low: the least share of things that such a worker looks at and gets right.
        high: the largest such share; what is left over is answered at random.
    """

    name: str
    low: float
    high: float


#: The kinds of workers that a simulated crowd may have.
BEHAVIOURS: Mapping[str, Behaviour] = {
    "diligent": Behaviour("diligent", 0.90, 0.98),
    "sloppy": Behaviour("sloppy", 0.40, 0.70),
    "spammer": Behaviour("spammer", 0.0, 0.0),
}


class SimulatedCrowd:
    """A crowd of stated composition, seeded.

    A worker of care ``c`` gives the true label with probability ``c`` and otherwise
    picks one at random. Where there is nothing to pick from, as where a text is asked
    for, they say what is true of something else, if the page lets them.

    Args:
        composition: how many workers of each kind, such as ``{"diligent": 6}``.
        truth: the true label of each thing; where it has none, one is drawn.
        seed: makes it repeatable.

    Attributes:
        kinds: the kind of each worker, by worker id.
        care: the care of each worker, by worker id.

    Raises:
        NotFound: there is no such kind of worker.
        BadInput: there are no workers, or fewer than none of a kind.
    """

    def __init__(
        self,
        composition: Mapping[str, int],
        *,
        truth: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> None:
        self._truth = dict(truth or {})
        self._open = list[Any]()
        self._random = random.Random(seed)  # noqa: S311 - a simulation, not a secret
        self.kinds: dict[str, str] = {}
        self.care: dict[str, float] = {}
        for kind, number in composition.items():
            self._hire(kind, number)
        if not self.kinds:
            raise BadInput("a crowd needs at least one worker")

    def judge(self, job: Job) -> Iterable[tuple[str, Judgements]]:
        """What so many workers as there are assignments say, each drawn at random.

        Raises:
            BadInput: a label has to be made up, and no true one is known.
        """
        present = sorted(self.kinds)
        number = min(job.n_open, len(present))
        for worker_id in self._random.sample(present, number):
            said = {t: self._label(worker_id, t, some) for t, some in job.things}
            yield worker_id, self._sayable(job, said)

    def _hire(self, kind: str, number: int) -> None:
        if kind not in BEHAVIOURS:
            raise NotFound("kind of worker", kind, BEHAVIOURS)
        if number < 0:
            raise BadInput(f"{kind}: {number} workers are fewer than none")
        behaviour = BEHAVIOURS[kind]
        for place in range(1, number + 1):
            worker_id = f"A{kind.upper()}{place:03}"
            self.kinds[worker_id] = kind
            self.care[worker_id] = self._random.uniform(behaviour.low, behaviour.high)

    def _label(self, worker_id: str, thing: str, choices: Sequence[str]) -> Any:
        true = self._truth.get(thing)
        if true is None:
            true = self._truth[thing] = self._drawn(thing, choices)
        if not choices and true not in self._open:
            self._open.append(true)
        if self._random.random() < self.care[worker_id]:
            return true
        return self._random.choice(choices or self._open)

    def _drawn(self, thing: str, choices: Sequence[str]) -> str:
        if not choices:
            raise BadInput(
                f"nothing is known of {thing!r}, and simulated workers cannot make it"
                " up: give its label as truth when you create the batch, as gold in the"
                " task, or let recorded answers be replayed"
            )
        return self._random.choice(choices)

    def _sayable(self, job: Job, said: Judgements) -> Judgements:
        """What was said, or else the truth, where the page would refuse that."""
        if all(choices for _, choices in job.things):
            return said
        try:
            job.fill(said)
        except BadAnswer:
            open_things = [thing for thing, choices in job.things if not choices]
            return {**said, **{thing: self._truth[thing] for thing in open_things}}
        return said


def read_composition(text: str) -> dict[str, int]:
    """A crowd's composition as people write it.

    Raises:
        BadInput: it is not written so.

    Example:
        >>> read_composition("diligent=6, sloppy=2")
        {'diligent': 6, 'sloppy': 2}
    """
    composition: dict[str, int] = {}
    for part in text.split(","):
        kind, equals, number = part.strip().partition("=")
        if not equals or not number.strip().isdigit():
            raise BadInput(
                f"crowd: {text!r} is not written like 'diligent=6,sloppy=2,spammer=1'"
            )
        composition[kind.strip()] = int(number)
    return composition


def _as_worker_id(name: str) -> str:
    if _WORKER_ID.fullmatch(name):
        return name
    candidate = "A" + name.upper()
    return candidate if _WORKER_ID.fullmatch(candidate) else _digest(name)


def _digest(name: str) -> str:
    raw = hashlib.blake2b(name.encode(), digest_size=10).digest()
    return "A" + base64.b32encode(raw).decode().rstrip("=")
