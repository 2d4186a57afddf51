"""Sets: which tiles of a grid are meant, from workers who each selected some."""

from typing import Any, ClassVar

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
from typing_extensions import override

from crowdlab.aggregation.answers import Answers, says_yes
from crowdlab.aggregation.codes import encode
from crowdlab.aggregation.consensus import Consensus, ValueMethod
from crowdlab.aggregation.detection import Detections, Sighting, detect
from crowdlab.aggregation.priors import positive
from crowdlab.errors import BadVotes

__all__ = ["BestOf", "TwoCoin"]


@attrs.define(kw_only=True, eq=False)
class TwoCoin(ValueMethod):
    r"""Every tile is in the set or not, and workers err differently on the two.

    A worker says yes to a tile of the set with probability :math:`1 - \beta_w`, and to
    another with :math:`\alpha_w`: false negatives and false positives have rates of
    their own, drawn from Beta distributions of the crowd that are learned from all
    workers. How many tiles are in a set is learned for each set, and shrunk to the
    average. A task is called ``set/tile`` and its label is yes or no, as the votes of
    an image selection are.

    ``labels_`` has a row for each set: ``task``, the tiles as a tuple, the confidence
    that every tile of the set is judged rightly, and how many workers judged it.
    ``parts_`` has a row for each tile: ``task, tile, label, confidence, n_votes``.
    ``workers_`` has ``quality, false_positive, false_negative, n``.

    V. C. Raykar et al. Learning from crowds. Journal of Machine Learning Research 11
    (2010). https://jmlr.org/papers/v11/raykar10a.html

    Attributes:
        prior_right: right votes that the learning of the crowd's Beta distributions
            starts from; ``prior_wrong`` likewise.
        prior_class: tiles of the average kind, credited to every set.

    Example:
        >>> votes = [("s/1", w, "yes") for w in "ABC"] + [("s/2", w, "no") for w in "ABC"]
        >>> TwoCoin().fit(votes).labels_
          task label  confidence  n_votes
        0    s  (1,)         1.0        3
    """

    name: ClassVar[str] = "two-coin"
    part: ClassVar[str] = "tile"

    prior_right: float = attrs.field(default=4.0, validator=positive)
    prior_wrong: float = attrs.field(default=1.0, validator=positive)
    prior_class: float = attrs.field(default=2.0, validator=positive)

    @override
    def infer(self, answers: object) -> Consensus:
        read = Answers.of(answers, says_yes)
        whole, part, group, names = _split(read, self.part)
        sighting = Sighting(
            read.task,
            read.worker,
            np.array(read.said, dtype=np.float64),
            group,
            len(read.workers),
        )
        found = detect(
            sighting,
            prior_right=self.prior_right,
            prior_wrong=self.prior_wrong,
            prior_group=self.prior_class,
            max_iterations=self.max_iterations,
            tolerance=self.tolerance,
        )
        parts = self._parts(whole, part, found, sighting)
        n_votes = _n_judges(read, group)
        return Consensus(
            self.name,
            self._labels(parts, group, names).assign(n_votes=n_votes),
            _workers(read, found),
            parts,
            {"iterations": found.iterations, "converged": found.converged},
        )

    def _parts(
        self,
        whole: list[str],
        part: list[str],
        found: Detections,
        sighting: Sighting,
    ) -> pd.DataFrame:
        is_in = found.belief >= 1 / 2
        return pd.DataFrame(
            {
                "task": whole,
                self.part: part,
                "label": is_in,
                "confidence": np.where(is_in, found.belief, 1 - found.belief),
                "n_votes": sighting.n_by_thing.astype(np.int64),
            }
        )

    def _labels(
        self,
        parts: pd.DataFrame,
        group: npt.NDArray[np.integer],
        names: "pd.Index[Any]",
    ) -> pd.DataFrame:
        """The tiles of each set; it is right where all of its tiles are."""
        selected: list[list[str]] = [[] for _ in names]
        for place in np.flatnonzero(parts["label"]):
            selected[group[place]].append(parts[self.part][place])
        with np.errstate(divide="ignore"):
            logs = np.log(parts["confidence"].to_numpy())
        confidence = np.exp(np.bincount(group, logs, len(names)))
        label = [tuple(tiles) for tiles in selected]
        return pd.DataFrame({"task": names, "label": label, "confidence": confidence})


@attrs.define(kw_only=True, eq=False)
class BestOf(TwoCoin):
    """Chooses the best of several texts by the votes of those who verified them.

    A task is called ``task/candidate``; its label says whether the candidate is good.
    Workers have the two coins of ``two-coin``: some pass everything, some nothing.
    ``labels_`` has each task's best candidate, the first of equals in sorted order, and
    as confidence the probability that it is good; ``parts_`` has all candidates.

    V. C. Raykar et al. Learning from crowds. Journal of Machine Learning Research 11
    (2010). https://jmlr.org/papers/v11/raykar10a.html

    Example:
        >>> votes = [("t/a", w, "yes") for w in "123"] + [("t/b", w, "no") for w in "123"]
        >>> BestOf().fit(votes).labels_
          task label  confidence  n_votes
        0    t     a         1.0        3
    """

    name: ClassVar[str] = "best-of"
    part: ClassVar[str] = "candidate"

    @override
    def _labels(
        self,
        parts: pd.DataFrame,
        group: npt.NDArray[np.integer],
        names: "pd.Index[Any]",
    ) -> pd.DataFrame:
        is_good = parts["label"].to_numpy()
        confidence = parts["confidence"].to_numpy()
        belief = np.where(is_good, confidence, 1 - confidence)
        order = np.lexsort((np.arange(len(group)), -belief.round(12), group))
        first = order[np.searchsorted(group[order], np.arange(len(names)))]
        label = parts[self.part].to_numpy()[first]
        return pd.DataFrame(
            {"task": names, "label": label, "confidence": belief[first]}
        )


def _split(
    answers: Answers[bool], part: str
) -> tuple[list[str], list[str], npt.NDArray[np.integer], "pd.Index[Any]"]:
    """Each thing's whole and part, the code of its whole, and the wholes."""
    pieces = [str(thing).rpartition("/") for thing in answers.tasks]
    for code, (whole, _, name) in enumerate(pieces):
        if not whole or not name:
            row = int(np.argmax(answers.task == code)) + 1
            raise BadVotes(
                f"row {row}, field 'task': {answers.tasks[code]!r} names no {part};"
                f" it should read task/{part}"
            )
    wholes = [whole for whole, _, _ in pieces]
    group, names = encode(pd.Series(wholes), "task")
    return wholes, [name for _, _, name in pieces], group, names


def _n_judges(
    answers: Answers[bool], group: npt.NDArray[np.integer]
) -> npt.NDArray[np.intp]:
    """How many workers judged each whole (groups,)."""
    pairs = group[answers.task].astype(np.int64) * len(answers.workers) + answers.worker
    return np.bincount(np.unique(pairs) // len(answers.workers))


def _workers(answers: Answers[bool], found: Detections) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "worker": answers.workers,
            "quality": found.quality,
            "false_positive": found.false_positive,
            "false_negative": found.false_negative,
            "n": answers.n_by_worker,
        }
    )
