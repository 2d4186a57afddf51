"""GPUs: cards and boards to buy, and those that clouds rent out."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import attrs

from crowdlab.accounting.tables import Range, Row, read_table, shipped

__all__ = ["GPU", "TERMS", "list_gpus", "read_gpus"]

GIGABYTE = 10**9
#: A month of a cloud's bill.
HOURS_PER_MONTH = Decimal(730)

#: The ways to pay a cloud, by the column of their prices.
TERMS = {
    "on_demand_usd": "on demand",
    "preemptible_usd": "preemptible",
    "commitment_1y_usd": "1 year",
    "commitment_3y_usd": "3 years",
}


@attrs.frozen
class GPU:
    """One thing to train on, with its prices.

    Attributes:
        kind: ``card``, ``board`` or ``cloud``.
        memory_gb: as its maker prints it.
        watts: what it takes at most.
        price_usd: to buy it.
        rents: dollars for each term, by ``hour`` or ``month``.
        date: when its prices were valid.
        source: where its figures are from.
        facts: everything else the table says, as printed.
    """

    name: str
    kind: str
    memory_gb: Range | None
    watts: Range | None
    price_usd: Range | None
    rents: dict[str, Decimal] = attrs.field(factory=dict)
    unit: str = ""
    date: str = ""
    source: str = ""
    facts: dict[str, str] = attrs.field(factory=dict, repr=False)

    @property
    def capacity(self) -> int:
        """The bytes it holds.

        A gigabyte counts 10^9 here; makers mean 2^30, and the 7 % between them go to
        the driver, the library's context and holes between the pieces.
        """
        return int(self.memory_gb.most * GIGABYTE) if self.memory_gb else 0

    def electricity(self, hours: Decimal, usd_per_kwh: Decimal) -> Decimal | None:
        """Dollars for the current it takes at most, in so many hours."""
        if self.watts is None:
            return None
        return self.watts.most / 1000 * hours * usd_per_kwh

    def rent(self, term: str, hours: Decimal) -> Decimal:
        """Dollars to rent it for so many hours; of a monthly price, for whole months."""
        if self.unit == "month":
            months = (hours / HOURS_PER_MONTH).to_integral_value(ROUND_CEILING)
            return self.rents[term] * months
        return self.rents[term] * hours


def list_gpus(*files: str | Path) -> list[GPU]:
    """The GPUs that come with crowdlab, and those in files of your own.

    Example:
        >>> [gpu.name for gpu in list_gpus() if gpu.capacity >= 48 * 10**9]
        ['A100 80GB SXM', 'H100 SXM']
    """
    ours = (shipped(name) for name in ("cards", "boards", "clouds"))
    return [gpu for path in (*ours, *files) for gpu in read_gpus(path)]


def read_gpus(path: str | Path) -> Iterator[GPU]:
    """The GPUs in a CSV file.

    Columns: ``memory_gb``, and ``name`` for what is bought, with ``watts`` and
    ``price_usd``; or ``provider``, ``gpu`` and ``unit`` for what is rented, with a
    price for each of ``TERMS``.

    Raises:
        BadInput: naming file, row and column of what cannot be read.
    """
    for row in read_table(path, needs=("memory_gb",)):
        yield _rented(row) if "provider" in row.cells else _bought(row)


def _bought(row: Row) -> GPU:
    return GPU(
        name=row.text("name"),
        kind="board" if "size_mm" in row.cells else "card",
        memory_gb=row.range("memory_gb"),
        watts=row.range("watts"),
        price_usd=row.range("price_usd"),
        date=row.text("date"),
        source=row.text("source"),
        facts=dict(row.cells),
    )


def _rented(row: Row) -> GPU:
    prices = {term: row.number(column) for column, term in TERMS.items()}
    return GPU(
        name=f"{row.text('provider')} {row.text('gpu')}",
        kind="cloud",
        memory_gb=row.range("memory_gb"),
        watts=None,
        price_usd=None,
        rents={term: usd for term, usd in prices.items() if usd is not None},
        unit=row.text("unit"),
        date=row.text("date"),
        source=row.text("source"),
        facts=dict(row.cells),
    )
