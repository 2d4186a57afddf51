"""Answers whose labels are values of any kind: read once, each error with its row."""

import json
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from crowdlab.aggregation.codes import Codes, encode
from crowdlab.aggregation.votes import columns_of
from crowdlab.errors import BadVotes

__all__ = ["Answers", "decoded", "encoded", "is_number", "says_yes"]

T = TypeVar("T")

YES_OR_NO = {"yes": True, "no": False, "true": True, "false": False}


@attrs.frozen(eq=False, repr=False)
class Answers(Generic[T]):
    """Rows of answers: ``worker[i]`` says ``said[i]`` of ``task[i]``.

    Attributes:
        task: codes into ``tasks``; ``worker`` likewise.
        said: what each row says, as it was read.
        tasks: the distinct tasks, sorted; ``workers`` likewise.
    """

    task: Codes
    worker: Codes
    said: list[T]
    tasks: "pd.Index[Any]"
    workers: "pd.Index[Any]"

    @classmethod
    def of(cls, answers: object, read: Callable[[Any], T]) -> "Answers[T]":
        """The answers in whatever ``Votes.of`` takes, each label read by ``read``.

        Raises:
            BadVotes: naming row and field, for what ``read`` refuses.

        Example:
            >>> Answers.of([("a", "Ann", "1"), ("b", "Ann", "2")], int)
            Answers(2 by 1 workers on 2 tasks)
        """
        columns = columns_of(answers)
        if not len(columns["task"]):
            raise BadVotes("there are no answers to aggregate")
        (task, tasks), (worker, workers) = (
            encode(columns[name], name) for name in ("task", "worker")
        )
        labels = columns["label"].tolist()
        values = [_read(label, read, row) for row, label in enumerate(labels, 1)]
        return cls(task, worker, values, tasks, workers)

    def __len__(self) -> int:
        return len(self.said)

    def __repr__(self) -> str:
        return (
            f"Answers({len(self):,} by {len(self.workers):,} workers"
            f" on {len(self.tasks):,} tasks)"
        )

    @property
    def n_by_task(self) -> npt.NDArray[np.intp]:
        """How many answers each task has (tasks,)."""
        return np.bincount(self.task, minlength=len(self.tasks))

    @property
    def n_by_worker(self) -> npt.NDArray[np.intp]:
        """How many answers each worker gave (workers,)."""
        return np.bincount(self.worker, minlength=len(self.workers))

    def rows_by_task(self) -> list[npt.NDArray[np.intp]]:
        """The rows of each task, in the order of ``tasks``."""
        order = np.argsort(self.task, kind="stable")
        return np.split(order, np.cumsum(self.n_by_task)[:-1])


def _read(label: Any, read: Callable[[Any], T], row: int) -> T:
    try:
        return read(label)
    except ValueError as error:
        raise BadVotes(f"row {row}, field 'label': {error}") from None


def decoded(label: object) -> Any:
    """The label, which may be the text of a JSON document, as it is in a CSV file.

    Example:
        >>> decoded('["a", "b"]'), decoded(["a"])
        (['a', 'b'], ['a'])
    """
    if not isinstance(label, str):
        return label.tolist() if isinstance(label, np.ndarray) else label
    try:
        return json.loads(label)
    except json.JSONDecodeError as error:
        raise BadVotes(f"{label!r} is no JSON ({error})") from None


def encoded(label: object) -> str:
    """The label as a text: one that is none becomes a word, yes or no, or JSON.

    Example:
        >>> encoded("cat"), encoded(True), encoded(("a", "b"))
        ('cat', 'yes', '["a", "b"]')
    """
    if isinstance(label, str):
        return label
    if isinstance(label, bool | np.bool_):
        return "yes" if label else "no"
    return json.dumps(label, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """What JSON knows in place of an array or number of numpy's."""
    return value.tolist()


def is_number(value: object) -> bool:
    """Whether it is a number that one can calculate with.

    Example:
        >>> is_number(1.5), is_number(float("nan")), is_number(True)
        (True, False, False)
    """
    numeric = isinstance(value, int | float | np.integer | np.floating)
    return numeric and not isinstance(value, bool) and bool(np.isfinite(value))  # type: ignore[call-overload]


def says_yes(label: object) -> bool:
    """Reads a label that is yes or no: a truth value, or one of these words.

    Example:
        >>> says_yes("yes"), says_yes(False)
        (True, False)
    """
    if isinstance(label, bool | np.bool_):
        return bool(label)
    answer = YES_OR_NO.get(label.lower()) if isinstance(label, str) else None
    if answer is None:
        raise BadVotes(f"{label!r} is neither yes nor no")
    return answer
