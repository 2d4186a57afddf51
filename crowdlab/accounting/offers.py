"""What it costs to train on a GPU: bought or rented, for some hours, within a budget."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from crowdlab.accounting.gpus import GPU, HOURS_PER_MONTH
from crowdlab.accounting.training import Model
from crowdlab.money import round_to_cents

__all__ = ["ELECTRICITY", "Offer", "find_offers"]

#: Dollars for a kilowatt-hour, where nothing else is said.
ELECTRICITY = Decimal("0.15")

TENTH = Decimal("0.1")


@attrs.frozen(kw_only=True)
class Offer:
    """One way to have a GPU.

    Attributes:
        term: ``buy``, or how the cloud is paid.
        price: dollars to buy it, or for one hour or month of it.
        hourly: dollars an hour: the rent, or the current of what was bought.
        cost: dollars for the hours that were asked for; a purchase with its current.
        hours: how many hours the budget pays for.
        largest_batch: the most examples in a step that fit, of the model asked about.
    """

    gpu: GPU
    term: str
    price: Decimal
    hourly: Decimal | None
    cost: Decimal | None = None
    hours: Decimal | None = None
    largest_batch: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Its figures; money as text."""
        figures = {
            "name": self.gpu.name,
            "kind": self.gpu.kind,
            "memory_gb": str(self.gpu.memory_gb),
            "term": self.term,
            "price": str(self.price),
            "unit": self.gpu.unit,
            "hourly": self.hourly,
            "cost": self.cost,
            "hours": self.hours,
            "largest_batch": self.largest_batch,
            "date": self.gpu.date,
            "source": self.gpu.source,
        }
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in figures.items()
        }


def find_offers(
    gpus: Iterable[GPU],
    *,
    fits: int = 0,
    hours: Decimal | None = None,
    budget: Decimal | None = None,
    electricity: Decimal = ELECTRICITY,
    model: Model | None = None,
) -> list[Offer]:
    """The ways to have a GPU that holds so many bytes, cheapest first.

    Args:
        gpus: those to choose from.
        fits: the bytes it must hold.
        hours: of training; gives each offer its cost.
        budget: dollars; offers that cost more are left out: for the hours, where they
            are told, else to buy, or for the first hour or month of a rent.
        electricity: dollars for a kilowatt-hour.
        model: gives each offer the largest batch that fits.

    Example:
        >>> from crowdlab.accounting.gpus import list_gpus
        >>> offers = find_offers(
        ...     list_gpus(), fits=11_600_000_000, hours=Decimal(10), budget=Decimal(50)
        ... )
        >>> offers[0].gpu.name, offers[0].term, offers[0].cost
        ('Google Cloud Tesla T4', 'preemptible', Decimal('1.10'))
    """
    found = [
        _judged(offer, hours, budget, model)
        for gpu in gpus
        if gpu.capacity >= max(fits, 1)
        for offer in _offers(gpu, electricity)
    ]
    affordable = [offer for offer in found if _is_within(offer, budget)]
    return sorted(affordable, key=lambda offer: (_first_cost(offer), offer.gpu.name))


def _offers(gpu: GPU, electricity: Decimal) -> Iterator[Offer]:
    current = gpu.electricity(Decimal(1), electricity)
    if gpu.price_usd is not None:
        yield Offer(gpu=gpu, term="buy", price=gpu.price_usd.most, hourly=current)
    for term, price in gpu.rents.items():
        hourly = price / HOURS_PER_MONTH if gpu.unit == "month" else price
        yield Offer(gpu=gpu, term=term, price=price, hourly=hourly)


def _judged(
    offer: Offer, hours: Decimal | None, budget: Decimal | None, model: Model | None
) -> Offer:
    batch = model.largest_batch(offer.gpu.capacity) if model else None
    return attrs.evolve(
        offer,
        cost=None if hours is None else _cost(offer, hours),
        hours=None if budget is None else _hours(offer, budget),
        largest_batch=batch,
        hourly=None if offer.hourly is None else _to_mills(offer.hourly),
    )


def _cost(offer: Offer, hours: Decimal) -> Decimal:
    if offer.term == "buy":
        return round_to_cents(offer.price + (offer.hourly or 0) * hours)
    return round_to_cents(offer.gpu.rent(offer.term, hours))


def _hours(offer: Offer, budget: Decimal) -> Decimal | None:
    """The hours that the budget pays for; none where what is bought takes no current."""
    left = budget - (offer.price if offer.term == "buy" else 0)
    if left < 0:
        return Decimal(0)
    if offer.gpu.unit == "month":
        return left // offer.price * HOURS_PER_MONTH
    return (left / offer.hourly).quantize(TENTH) if offer.hourly else None


def _is_within(offer: Offer, budget: Decimal | None) -> bool:
    return budget is None or _first_cost(offer) <= budget


def _first_cost(offer: Offer) -> Decimal:
    return offer.price if offer.cost is None else offer.cost


def _to_mills(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.0001"))
