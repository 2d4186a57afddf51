"""What is exported: tasks, and what is said of them."""

from collections.abc import Iterable, Sequence

import attrs
import pandas as pd

from crowdlab.errors import BadInput
from crowdlab.model import Task

__all__ = ["Labelled"]


def _has_columns(_: object, __: object, table: pd.DataFrame) -> None:
    for column in ("task", "label"):
        if column not in table:
            known = ", ".join(map(str, table.columns))
            raise BadInput(f"the labels have no column {column!r}; they have: {known}")


@attrs.frozen(eq=False, repr=False)
class Labelled:
    """Tasks, and what is said of them.

    Attributes:
        tasks: the tasks that the labels may be of, and others.
        table: a row for each label: columns task and label, and perhaps confidence,
            n_votes or worker.

    Example:
        >>> table = pd.DataFrame({"task": ["a"], "label": ["cat"]})
        >>> Labelled([Task("0", "a", {})], table)
        Labelled(1 labels of 1 tasks)
    """

    tasks: Sequence[Task]
    table: pd.DataFrame = attrs.field(validator=_has_columns)

    def __repr__(self) -> str:
        return f"Labelled({len(self.table):,} labels of {len(self.tasks):,} tasks)"

    def each(self) -> Iterable[tuple[Task, object]]:
        """Each task that has a label, with it.

        Raises:
            BadInput: for a label of no task, and for a task with two labels.
        """
        by_name = {task.name: task for task in self.tasks}
        twice = self.table["task"][self.table["task"].duplicated()]
        if len(twice):
            raise BadInput(
                f"task {twice.iloc[0]!r} has two labels, and the format holds one of"
                " each; aggregate them, or take those of one worker"
            )
        for name, label in zip(self.table["task"], self.table["label"], strict=True):
            if name not in by_name:
                raise BadInput(f"there is no task {name!r} with its input")
            yield by_name[name], label
