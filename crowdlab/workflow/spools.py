"""Tasks that wait in a file until all of them are made."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import attrs

from crowdlab.model import Task

__all__ = ["spooled"]

Origin = tuple[str, Task]


@contextmanager
def spooled(tasks: Iterable[Origin]) -> Iterator[Iterator[Origin]]:
    """The same tasks, each made before the first is given; none stays in memory.

    Reading the images of thousands takes minutes, in which nobody is to wait for the
    ledger.

    Example:
        >>> with spooled([("row 1", Task("0", "a", {"n": 1}))]) as tasks:
        ...     list(tasks)
        [('row 1', Task(task_id='0', name='a', input={'n': 1}))]
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        for origin, task in tasks:
            line = json.dumps([origin, *attrs.astuple(task, recurse=False)])
            file.write(f"{line}\n")
        file.seek(0)
        yield ((origin, Task(*rest)) for origin, *rest in map(json.loads, file))
