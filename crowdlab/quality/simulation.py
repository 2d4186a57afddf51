"""Crowds of known composition, and how well the signs find who is in them."""

from collections.abc import Mapping

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from crowdlab.errors import BadInput, NotFound
from crowdlab.quality.concerns import SIGNS

__all__ = ["KINDS", "Kind", "SimulatedAnswers", "score_signs", "simulate_answers"]

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Seconds that an answer usually takes.
USUAL = 12.0


@attrs.frozen
class Kind:
    """A kind of worker.

    Attributes:
        care: the least and the largest share of tasks that such a worker looks at.
        sign: the sign that they should give, or none.
        pace: their seconds, as a multiple of the usual.
    """

    care: tuple[float, float]
    sign: str = ""
    pace: float = 1.0


#: The kinds of workers that a simulated crowd may have.
KINDS: Mapping[str, Kind] = {
    "diligent": Kind((0.90, 0.98)),
    "sloppy": Kind((0.40, 0.70)),
    "random": Kind((0.0, 0.0), "spammer"),
    "uniform": Kind((0.0, 0.05), "uniform"),
    "contrary": Kind((0.80, 0.95), "contrary"),
    "copier": Kind((0.40, 0.70), "copies"),
    "hasty": Kind((0.40, 0.70), "hasty", pace=1 / 6),
    "patterned": Kind((0.0, 0.0), "pattern"),
}


@attrs.frozen(eq=False)
class SimulatedAnswers:
    """What a crowd of known composition said.

    Attributes:
        answers: rows of ``task, worker, label, seconds``, in the order of time.
        truth: the true label of each task.
        kinds: the kind of each worker.
    """

    answers: pd.DataFrame
    truth: "pd.Series[int]"
    kinds: "pd.Series[str]"


def simulate_answers(
    composition: Mapping[str, int],
    *,
    n_tasks: int = 300,
    n_labels: int = 2,
    n_votes: int = 5,
    seed: int = 0,
) -> SimulatedAnswers:
    """What a crowd would say, every task answered by as many workers, at random.

    Who looks at a task gives its true label (the contrary kind, the next one), and who
    does not gives any; but the uniform kind always gives the same, and the patterned
    kind one label after the other. Copiers have one sheet of answers, of which each
    gives 19 of 20.

    Args:
        composition: how many workers of each kind, such as ``{"diligent": 15}``.
        n_tasks: how many tasks there are.
        n_labels: among how many labels is chosen.
        n_votes: how many workers answer a task.
        seed: the same gives the same answers.

    Raises:
        NotFound: there is no such kind of worker.
        BadInput: there are fewer workers than votes on a task.

    Example:
        >>> found = simulate_answers({"diligent": 5, "random": 1}, n_tasks=4, n_votes=2)
        >>> len(found.answers), found.kinds["random-1"]
        (8, 'random')
    """
    for kind in composition:
        if kind not in KINDS:
            raise NotFound("kind of worker", kind, KINDS)
    kinds = {
        f"{kind}-{place}": kind
        for kind, number in composition.items()
        for place in range(1, number + 1)
    }
    if len(kinds) < n_votes:
        raise BadInput(f"{len(kinds)} workers cannot give {n_votes} votes on a task")
    rng = np.random.default_rng(seed)
    truth = rng.integers(n_labels, size=n_tasks)
    task, worker = _assign(n_tasks, n_votes, len(kinds), rng)
    names, kind_of = np.array(list(kinds)), np.array(list(kinds.values()))
    sheets = _fill(kind_of, truth, n_labels, rng)
    label = sheets[worker, task]
    turn = _turns(worker)
    is_patterned = kind_of[worker] == "patterned"
    label[is_patterned] = turn[is_patterned] % n_labels
    answers = pd.DataFrame(
        {
            "task": task,
            "worker": names[worker],
            "label": label,
            "seconds": _time(kind_of, worker, rng),
        }
    )
    return SimulatedAnswers(answers, pd.Series(truth), pd.Series(kinds))


def score_signs(ranking: pd.DataFrame, kinds: "pd.Series[str]") -> pd.DataFrame:
    """How many workers each sign names, and how many of the right ones.

    Args:
        ranking: as ``rank_by_concern`` gives it.
        kinds: the kind of each worker.

    Returns:
        A row for each sign, and one for any: ``sign, n_named, n_meant, precision,
        recall``. The precision is the share of named workers who are neither diligent
        nor sloppy; the recall, that of the workers who should give this sign.
    """
    signs = ranking.set_index("worker")["signs"].str.split(", ")
    meant = kinds[signs.index].map(lambda kind: KINDS[kind].sign)
    rows = [
        _score(
            sign,
            signs.map(lambda named, sign=sign: sign in named),
            meant,
            meant == sign,
        )
        for sign in SIGNS
    ]
    rows.append(_score("any", signs.map(any), meant, meant != ""))
    return pd.DataFrame(rows)


def _score(
    sign: str,
    is_named: "pd.Series[bool]",
    meant: "pd.Series[str]",
    is_meant: "pd.Series[bool]",
) -> dict[str, object]:
    n_named, n_meant = int(is_named.sum()), int(is_meant.sum())
    n_found, n_careless = (
        int((is_named & is_meant).sum()),
        int((is_named & (meant != "")).sum()),
    )
    return {
        "sign": sign,
        "n_named": n_named,
        "n_meant": n_meant,
        "precision": n_careless / n_named if n_named else np.nan,
        "recall": n_found / n_meant if n_meant else np.nan,
    }


def _assign(
    n_tasks: int, n_votes: int, n_workers: int, rng: np.random.Generator
) -> tuple[Codes, Codes]:
    task = np.repeat(np.arange(n_tasks), n_votes)
    worker = rng.random((n_tasks, n_workers)).argsort(axis=1)[:, :n_votes]
    return task, worker.ravel()


def _fill(
    kind_of: "npt.NDArray[np.str_]",
    truth: Codes,
    n_labels: int,
    rng: np.random.Generator,
) -> Codes:
    """What each worker would say of each task (workers, tasks)."""
    shape = len(kind_of), len(truth)
    low, high = np.array([KINDS[kind].care for kind in kind_of]).T
    looks = rng.random(shape) < rng.uniform(low, high)[:, np.newaxis]
    seen = np.broadcast_to(truth, shape).copy()
    seen[kind_of == "contrary"] += 1
    unseen = rng.integers(n_labels, size=shape)
    favourite = rng.integers(n_labels, size=(len(kind_of), 1))
    is_uniform = (kind_of == "uniform")[:, np.newaxis]
    sheets = np.where(looks, seen % n_labels, np.where(is_uniform, favourite, unseen))
    copiers = np.flatnonzero(kind_of == "copier")
    own = rng.random((len(copiers), len(truth))) < 0.05  # noqa: PLR2004 - 1 of 20
    sheets[copiers] = np.where(own, sheets[copiers], sheets[copiers[:1]])
    return sheets


def _turns(worker: Codes) -> Codes:
    """The how-manieth answer of its worker each is, from 0."""
    turns = pd.Series(worker).groupby(worker).cumcount()
    return turns.to_numpy().astype(np.int64)


def _time(
    kind_of: "npt.NDArray[np.str_]", worker: Codes, rng: np.random.Generator
) -> Floats:
    pace = np.array([KINDS[kind].pace for kind in kind_of])
    by_worker = USUAL * pace * rng.lognormal(0, 0.3, size=len(pace))
    seconds: Floats = by_worker[worker] * rng.lognormal(0, 0.5, size=len(worker))
    return seconds.round(1)
