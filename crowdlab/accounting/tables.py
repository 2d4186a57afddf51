"""Tables of figures that others published, and those that users add."""

import csv
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

import attrs

from crowdlab.errors import BadInput

__all__ = ["Range", "Row", "read_table", "shipped"]

T = TypeVar("T")


@attrs.frozen
class Range:
    """A figure, or the two ends of what was printed: ``900-1000``.

    Example:
        >>> Range.of("900-1000").most, str(Range.of("900-1000")), str(Range.of("24"))
        (Decimal('1000'), '900-1000', '24')
    """

    least: Decimal
    most: Decimal

    @classmethod
    def of(cls, text: str) -> "Range":
        """The range that a text says."""
        least, _, most = text.partition("-")
        return cls(Decimal(least), Decimal(most or least))

    def __str__(self) -> str:
        return (
            f"{self.least}" if self.least == self.most else f"{self.least}-{self.most}"
        )


@attrs.frozen
class Row:
    """One row of a table: its cells, and where it stands."""

    origin: str
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """A cell's text; empty where the table does not have it."""
        return (self.cells.get(column) or "").strip()

    def number(self, column: str) -> Decimal | None:
        """A cell's number, if it has one."""
        return self._read(column, Decimal)

    def range(self, column: str) -> Range | None:
        """A cell's number or range, if it has one."""
        return self._read(column, Range.of)

    def _read(self, column: str, read: Callable[[str], T]) -> T | None:
        text = self.text(column)
        try:
            return read(text) if text else None
        except InvalidOperation:
            raise BadInput(f"{self.origin}, {column}: {text!r} is no number") from None


def shipped(name: str) -> Path:
    """The table of that name that comes with crowdlab."""
    return Path(__file__).parent / "data" / f"{name}.csv"


def read_table(path: str | Path, *, needs: tuple[str, ...]) -> Iterator[Row]:
    """The rows of a CSV file.

    Raises:
        BadInput: naming the file and a column that it lacks.
    """
    with Path(path).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for column in needs:
            if column not in (reader.fieldnames or ()):
                raise BadInput(f"{path}: there is no column {column!r}")
        for n, cells in enumerate(reader, start=1):
            yield Row(f"{path}, row {n}", cells)
