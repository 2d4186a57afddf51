"""Regions: what is in a picture and where, from workers who each marked some of it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
from typing_extensions import override

from crowdlab.aggregation.answers import Answers, decoded, is_number
from crowdlab.aggregation.consensus import Consensus, ValueMethod
from crowdlab.aggregation.detection import Detections, Sighting, detect
from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.matching import match
from crowdlab.aggregation.one_coin import OneCoin
from crowdlab.aggregation.priors import positive
from crowdlab.errors import BadVotes

__all__ = ["RegionMethod", "Shape", "numbers"]

Shape = npt.NDArray[np.float64]

# How near a perfect worker's shapes may come, as a distance from similarity 1.
LEAST = 1e-3


def _share(_: Any, attribute: "attrs.Attribute[float]", value: float) -> None:
    if not 0 < value <= 1:
        raise ValueError(f"{attribute.name} is {value}; it must be above 0, 1 at most")


@attrs.frozen
class _Mark:
    """A region that a worker marked: a class and the corners of a shape."""

    cls: str
    corners: tuple[tuple[float, ...], ...]

    @property
    def shape(self) -> Shape:
        return np.array(self.corners)


@attrs.frozen(eq=False)
class _Marks:
    """Every region of every answer, and the candidates that they are marks of.

    Attributes:
        answer: the row of the answers that a mark is from (marks,).
        thing: the candidate that a mark is of (marks,).
        task: the task of each candidate (things,).
    """

    shapes: list[Shape]
    classes: npt.NDArray[np.str_]
    answer: npt.NDArray[np.intp]
    worker: npt.NDArray[np.integer]
    thing: npt.NDArray[np.intp]
    task: npt.NDArray[np.intp]

    def by_thing(self) -> list[npt.NDArray[np.intp]]:
        """The marks of each candidate."""
        order = np.argsort(self.thing, kind="stable")
        starts = np.cumsum(np.bincount(self.thing, minlength=len(self.task)))[:-1]
        return np.split(order, starts) if len(self.task) else []


@attrs.frozen(eq=False)
class _Drawing:
    """The candidates' shapes, averaged.

    Attributes:
        closeness: how near each mark is to its candidate's shape (marks,).
    """

    shapes: list[Shape]
    closeness: Floats
    iterations: int
    converged: bool


@attrs.define(kw_only=True, eq=False)
class RegionMethod(ValueMethod):
    r"""Marks that overlap are one candidate; workers vote on it, and average its shape.

    A label lists the regions of a picture, or is empty: ``[{"kind": "box", "cls":
    "cat", "bbox": [left, top, width, height]}]``; the class may be left out, and JSON
    text is read too. Marks of different workers are matched by how much they overlap.
    To have marked a candidate is a yes, to have left it out a no: whether it is there
    is decided as ``two-coin`` does, with each worker's rates of misses and ghosts.
    Shapes are averaged, each worker by the precision of their drawing, and classes are
    voted on with ``one-coin``.

    ``labels_`` has a row for each task: the regions as a list, and the confidence that
    each is there and has its class, and that no other is. ``parts_`` has a row for each
    candidate: ``task, label, present, confidence, class_confidence, overlap, n_votes``,
    ``overlap`` being that of its marks with it. ``workers_`` has ``quality,
    localization, misses, ghosts, n``: the share of candidates judged rightly, the mean
    overlap of marks with what was found, the share of things missed, and the marks of
    nothing per answer. The first two are NaN where there was nothing to judge.

    S. Branson, G. Van Horn and P. Perona. Lean crowdsourcing: combining humans and
    machines in an online system. CVPR (2017). https://doi.org/10.1109/CVPR.2017.647

    Attributes:
        overlap: marks that overlap less, on average, are of different things.
        prior_right: votes that the learning of rates starts from; ``prior_wrong``
            likewise.
        prior_class: candidates of the average kind, credited to every task.
        prior_votes: marks of the crowd's average precision, credited to every worker.
    """

    kind: ClassVar[str]

    overlap: float = attrs.field(default=0.5, validator=_share)
    prior_right: float = attrs.field(default=4.0, validator=positive)
    prior_wrong: float = attrs.field(default=1.0, validator=positive)
    prior_class: float = attrs.field(default=2.0, validator=positive)
    prior_votes: float = attrs.field(default=5.0, validator=positive)

    @abstractmethod
    def corners(self, region: Mapping[str, Any]) -> Sequence[Sequence[float]]:
        """Reads the corners of a region, or raises ``BadVotes``."""

    @abstractmethod
    def similarity(self, shapes: Sequence[Shape], others: Sequence[Shape]) -> Floats:
        """How alike shapes are, from 0 to 1 (shapes, others)."""

    @abstractmethod
    def average(self, shapes: Sequence[Shape], weights: Floats) -> Shape:
        """The shape that shapes of these weights agree on."""

    @abstractmethod
    def written(self, shape: Shape) -> dict[str, Any]:
        """The shape as the fields of a region."""

    @override
    def infer(self, answers: object) -> Consensus:
        read = Answers.of(answers, self._read)
        marks = self._match(read)
        found = self._detect(read, marks)
        drawing = self._draw(marks, len(read.workers))
        parts = self._parts(read, marks, found, drawing)
        return Consensus(
            self.name,
            _labels(read, marks, parts),
            _workers(read, marks, found, drawing),
            parts,
            {
                "iterations": max(found.iterations, drawing.iterations),
                "converged": found.converged and drawing.converged,
            },
        )

    def _parts(
        self,
        answers: Answers[list[_Mark]],
        marks: _Marks,
        found: Detections,
        drawing: _Drawing,
    ) -> pd.DataFrame:
        classes, class_confidence = _vote_on_classes(marks)
        regions = [
            {"kind": self.kind, "cls": cls, **self.written(shape)}
            for cls, shape in zip(classes, drawing.shapes, strict=True)
        ]
        present = found.belief >= 1 / 2
        n_things = len(marks.task)
        return pd.DataFrame(
            {
                "task": answers.tasks.take(marks.task),
                "label": regions,
                "present": present,
                "confidence": np.where(present, found.belief, 1 - found.belief),
                "class_confidence": class_confidence,
                "overlap": _means(drawing.closeness, marks.thing, n_things),
                "n_votes": np.bincount(marks.thing, minlength=n_things),
            }
        )

    def _read(self, label: object) -> list[_Mark]:
        regions = decoded(label)
        if not isinstance(regions, list | tuple):
            raise BadVotes(f"{label!r} is no list of regions")
        return [self._mark(number, region) for number, region in enumerate(regions, 1)]

    def _mark(self, number: int, region: object) -> _Mark:
        if not isinstance(region, Mapping):
            raise BadVotes(f"region {number} is {region!r}, no mapping")
        if region.get("kind", self.kind) != self.kind:
            raise BadVotes(f"region {number} is a {region['kind']}, no {self.kind}")
        try:
            corners = self.corners(region)
        except BadVotes as error:
            raise BadVotes(f"region {number}: {error}") from None
        return _Mark(str(region.get("cls", "")), tuple(map(tuple, corners)))

    def _match(self, answers: Answers[list[_Mark]]) -> _Marks:
        """The marks of all answers, by task, and what is a mark of what."""
        by_task = [_drawn(answers, rows) for rows in answers.rows_by_task()]
        marks = [pair for drawn in by_task for pair in drawn]
        answer = np.array([row for _, row in marks], dtype=np.intp)
        things = [self._things(drawn) for drawn in by_task]
        sizes = np.array([int(of.max(initial=-1)) + 1 for of in things])
        before = np.cumsum(sizes) - sizes
        return _Marks(
            [mark.shape for mark, _ in marks],
            np.array([mark.cls for mark, _ in marks], dtype=np.str_),
            answer,
            answers.worker[answer],
            np.concatenate([of + n for of, n in zip(things, before, strict=True)]),
            np.repeat(np.arange(len(sizes)), sizes),
        )

    def _things(self, drawn: list[tuple[_Mark, int]]) -> npt.NDArray[np.intp]:
        """What each mark of a task is a mark of, from 0."""
        if not drawn:
            return np.empty(0, dtype=np.intp)
        shapes = [mark.shape for mark, _ in drawn]
        rows = np.array([row for _, row in drawn])
        return match(self.similarity(shapes, shapes), rows, self.overlap)

    def _detect(self, answers: Answers[list[_Mark]], marks: _Marks) -> Detections:
        """Whether each candidate is there: every answer to its task is a vote."""
        rows = answers.rows_by_task()
        asked = [
            (thing, row) for thing, task in enumerate(marks.task) for row in rows[task]
        ]
        thing, row = np.array(asked, dtype=np.intp).reshape(-1, 2).T
        n_rows = len(answers)
        drawn = np.isin(thing * n_rows + row, marks.thing * n_rows + marks.answer)
        return detect(
            Sighting(
                thing,
                answers.worker[row],
                drawn.astype(np.float64),
                marks.task,
                len(answers.workers),
            ),
            prior_right=self.prior_right,
            prior_wrong=self.prior_wrong,
            prior_group=self.prior_class,
            max_iterations=self.max_iterations,
            tolerance=self.tolerance,
        )

    def _draw(self, marks: _Marks, n_workers: int) -> _Drawing:
        """Averages shapes by the workers' precision, and precision by the shapes."""
        spread = np.ones(n_workers)
        members, moved, passes = marks.by_thing(), np.inf, 0
        shapes: list[Shape] = []
        closeness = np.ones(len(marks.thing))
        while passes < self.max_iterations and moved >= self.tolerance:
            weight = 1 / np.square(spread)[marks.worker]
            shapes = [
                self.average([marks.shapes[mark] for mark in of], weight[of])
                for of in members
            ]
            for of, shape in zip(members, shapes, strict=True):
                drawn = [marks.shapes[mark] for mark in of]
                closeness[of] = self.similarity(drawn, [shape])[:, 0]
            last, spread = spread, self._spread(marks, weight, closeness, n_workers)
            moved, passes = float(np.abs(spread - last).max()), passes + 1
        return _Drawing(shapes, closeness, passes, moved < self.tolerance)

    def _spread(
        self, marks: _Marks, weight: Floats, closeness: Floats, n_workers: int
    ) -> Floats:
        """How far off each worker draws, shrunk to the crowd (workers,)."""
        squares = np.square(1 - closeness)
        of_thing = np.bincount(marks.thing, weight, len(marks.task))
        # A mark pulls the shape towards itself: what is left of it is its due.
        freedom = 1 - weight / of_thing[marks.thing]
        crowd = squares.sum() / max(freedom.sum(), 1)
        far = np.bincount(marks.worker, squares, n_workers) + self.prior_votes * crowd
        due = np.bincount(marks.worker, freedom, n_workers) + self.prior_votes
        return np.asarray(np.maximum(np.sqrt(far / due), LEAST))


def _drawn(
    answers: Answers[list[_Mark]], rows: npt.NDArray[np.intp]
) -> list[tuple[_Mark, int]]:
    """The marks in these rows, sorted, so that the order of rows does not matter."""
    marks = [(mark, int(row)) for row in rows for mark in answers.said[row]]
    return sorted(marks, key=lambda pair: (pair[0].corners, pair[0].cls))


def _vote_on_classes(marks: _Marks) -> tuple[list[str], Floats]:
    """Each candidate's class, and its probability."""
    if not len(marks.thing):
        return [], np.empty(0)
    votes = {"task": marks.thing, "worker": marks.worker, "label": marks.classes}
    found = OneCoin().fit(votes).labels_
    return found["label"].tolist(), found["confidence"].to_numpy()


def _labels(
    answers: Answers[list[_Mark]], marks: _Marks, parts: pd.DataFrame
) -> pd.DataFrame:
    """The regions of each task; right where each candidate is judged rightly."""
    regions: list[list[Any]] = [[] for _ in answers.tasks]
    for place in np.flatnonzero(parts["present"]):
        regions[marks.task[place]].append(parts["label"][place])
    right = parts["confidence"] * parts["class_confidence"].where(parts["present"], 1.0)
    logs = np.log(np.maximum(right.to_numpy(np.float64), np.finfo(float).tiny))
    return pd.DataFrame(
        {
            "task": answers.tasks,
            "label": regions,
            "confidence": np.exp(np.bincount(marks.task, logs, len(regions))),
            "n_votes": answers.n_by_task,
        }
    )


def _workers(
    answers: Answers[list[_Mark]],
    marks: _Marks,
    found: Detections,
    drawing: _Drawing,
) -> pd.DataFrame:
    n_workers, belief = len(answers.workers), found.belief[marks.thing]
    real = belief >= 1 / 2
    ghosts = np.bincount(marks.worker, 1 - belief, n_workers)
    return pd.DataFrame(
        {
            "worker": answers.workers,
            "quality": found.quality,
            "localization": _means(
                drawing.closeness[real], marks.worker[real], n_workers
            ),
            "misses": found.false_negative,
            "ghosts": ghosts / answers.n_by_worker,
            "n": answers.n_by_worker,
        }
    )


def _means(values: Floats, places: npt.NDArray[np.integer], length: int) -> Floats:
    n_by_place = np.bincount(places, minlength=length)
    sums = np.bincount(places, values, length)
    empty = np.full(length, np.nan)
    return np.asarray(np.divide(sums, n_by_place, out=empty, where=n_by_place > 0))


def numbers(values: object, field: str, length: int) -> list[float]:
    """Reads a list of so many finite numbers from a region's field.

    Example:
        >>> numbers([1, 2], "points", 2)
        [1.0, 2.0]
    """
    listed = decoded(values)
    if (
        not isinstance(listed, list | tuple)
        or len(listed) != length
        or not all(map(is_number, listed))
    ):
        raise BadVotes(f"{field} is {values!r}, not a list of {length} numbers")
    return list(map(float, listed))
