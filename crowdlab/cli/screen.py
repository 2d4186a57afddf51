"""What the program shows: answers on stdout, everything else on stderr."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from crowdlab.workflow import Progress as Tell

__all__ = [
    "Answer",
    "bars",
    "called_as",
    "note",
    "progress",
    "show",
    "show_json",
    "to_text",
]


class Answer(Protocol):
    """What a verb gives back."""

    def to_json(self) -> dict[str, Any]:
        """Its fields for programs."""


def show(answer: Answer, *, as_json: bool, view: RenderableType | None = None) -> None:
    """Prints what a verb gave back: for programs, or for people."""
    if as_json:
        show_json(answer.to_json())
    elif view is not None:
        Console().print(view)
    else:
        print(answer)  # noqa: T201 - the one place where answers leave


def show_json(document: object) -> None:
    """Prints one JSON document."""
    print(to_text(document))  # noqa: T201 - as above


def to_text(document: object) -> str:
    """A JSON document as people can read it."""
    return json.dumps(document, ensure_ascii=False, indent=2)


def called_as() -> str:
    """How this program was called, to be copied by who reads it."""
    program = Path(sys.argv[0])
    return "python -m crowdlab" if program.stem == "__main__" else str(program)


def note(text: str) -> None:
    """Tells a person something that is not the answer."""
    Console(stderr=True).print(text, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def progress(what: str) -> Iterator[Tell]:
    """A bar on stderr while something goes on; call it with done and total."""
    with bars(what) as (tell,):
        yield tell


@contextmanager
def bars(*names: str) -> Iterator[list[Tell]]:
    """Several bars; those before the last show up when they are told something."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        yield [
            partial(
                _move,
                shown,
                shown.add_task(name, total=None, visible=name == names[-1]),
            )
            for name in names
        ]


def _move(shown: Progress, bar: TaskID, done: int, total: int) -> None:
    shown.update(bar, completed=done, total=total, visible=True)
