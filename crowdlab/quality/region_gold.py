"""Workers on pictures in which everything is known: how much of it they mark rightly."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from crowdlab.aggregation import kinds
from crowdlab.aggregation.answers import Answers, decoded
from crowdlab.aggregation.matching import match
from crowdlab.aggregation.regions import RegionMethod
from crowdlab.errors import BadInput
from crowdlab.quality.gold import standing_table

__all__ = ["score_regions_on_gold"]

Region = Mapping[str, Any]


def score_regions_on_gold(
    answers: object,
    gold: Mapping[Any, Sequence[Region]],
    *,
    kind: str = "boxes",
    overlap: float = 0.5,
    required: float = 0.7,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """A row for each worker: ``worker, n_gold, n_right, share, low, high, standing``.

    On a gold picture a worker is asked about everything that is known to be there, and
    about what they marked besides. Right is what is known, marked with enough overlap
    (intersection over union), and of its class. Where nothing is there, to have marked
    nothing is right once. The rest is as in ``score_on_gold``.

    Args:
        answers: whatever ``Votes.of`` takes, each label a list of regions.
        gold: the regions that are there, by task.
        kind: ``boxes``, ``polygons`` or ``points``.
        overlap: from which on a mark is of a region.

    Raises:
        BadVotes: for what cannot be read.
        BadInput: where no gold task was answered, or a share is none.

    Example:
        >>> cat = {"cls": "cat", "bbox": [10, 10, 20, 20]}
        >>> near, far = [{**cat, "bbox": [11, 10, 20, 20]}], [{**cat, "bbox": [50, 10, 20, 20]}]
        >>> said = [("a", "Ann", near), ("a", "Bob", far)]
        >>> score_regions_on_gold(said, {"a": [cat]})[["worker", "n_gold", "n_right"]]
          worker  n_gold  n_right
        0    Ann       1        1
        1    Bob       2        0
    """
    method = _method(kind, overlap)
    read = Answers.of(answers, decoded)
    n_gold, n_right = np.zeros((2, len(read.workers)), dtype=np.intp)
    known = [task in gold for task in read.tasks]
    if not any(known):
        raise BadInput(f"none of the {len(gold):,} gold tasks was answered")
    for row, said in enumerate(read.said):
        if known[read.task[row]]:
            right, asked = _tally(method, said, gold[read.tasks[read.task[row]]])
            n_right[read.worker[row]] += right
            n_gold[read.worker[row]] += asked
    return standing_table(
        read.workers, n_gold, n_right, required=required, confidence=confidence
    )


def _method(kind: str, overlap: float) -> RegionMethod:
    known = kinds.find(kind)
    found = known.find(known.names()[0])
    if not issubclass(found, RegionMethod):
        raise BadInput(f"{kind} are no regions; boxes, polygons and points are")
    try:
        return found(overlap=overlap)
    except ValueError as error:
        raise BadInput(str(error)) from None


def _tally(
    method: RegionMethod, said: Sequence[Region], known: Sequence[Region]
) -> tuple[int, int]:
    """How many things were marked rightly, and how many there are or were marked."""
    regions = [*said, *known]
    if not regions:
        return 1, 1
    shapes = [np.array(method.corners(region)) for region in regions]
    source = np.repeat([0, 1], [len(said), len(known)])
    thing = match(method.similarity(shapes, shapes), source, method.overlap)
    classes = dict(zip(thing[len(said) :], known, strict=True))
    n_right = sum(
        n in classes and classes[n].get("cls") == region.get("cls")
        for n, region in zip(thing[: len(said)], said, strict=True)
    )
    return n_right, int(thing.max()) + 1
