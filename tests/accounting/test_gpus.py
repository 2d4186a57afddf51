"""GPUs, their prices, and what training on them costs."""

from decimal import Decimal
from pathlib import Path

import pytest

from crowdlab.accounting import (
    GPU,
    Model,
    find_offers,
    list_gpus,
    parse_bytes,
    read_gpus,
    show_bytes,
)
from crowdlab.errors import BadInput

GB = 10**9


def named(name: str) -> GPU:
    """The GPU of that name."""
    return next(gpu for gpu in list_gpus() if gpu.name == name)


def test_the_lectures_cards() -> None:
    """The lecture's six cards and eight boards are there, with its figures."""
    of_lecture = [gpu for gpu in list_gpus() if gpu.source == "lecture"]
    kinds = [gpu.kind for gpu in of_lecture]
    card = named("GTX 1080 Ti")

    assert [kinds.count(kind) for kind in ("card", "board", "cloud")] == [6, 8, 4]
    assert card.facts["cuda_cores"] == "3584"
    assert str(card.watts) == "215"
    assert str(card.price_usd) == "650"
    assert str(named("Jetson Xavier").price_usd) == "900-1000"


@pytest.mark.parametrize(
    ("unit", "prices"),
    [
        ("hour", ["0.35", "0.11", "0.220", "0.160"]),
        ("month", ["178.85", "80.30", "160.600", "116.800"]),
    ],
)
def test_the_lectures_cloud(unit: str, prices: list[str]) -> None:
    """A T4's prices are there in all four terms, by the hour and by the month."""
    t4s = [gpu for gpu in list_gpus() if gpu.name == "Google Cloud Tesla T4"]
    (found,) = [gpu for gpu in t4s if gpu.unit == unit]

    assert [str(price) for price in found.rents.values()] == prices
    assert list(found.rents) == ["on demand", "preemptible", "1 year", "3 years"]


def test_rows_are_dated() -> None:
    """Every row says when it was true and where it is from."""
    assert all(gpu.date and gpu.source for gpu in list_gpus())


def test_what_fits() -> None:
    """Only what holds the bytes is offered, the cheapest first."""
    offers = find_offers(list_gpus(), fits=int(11.6 * GB))
    costs = [offer.price for offer in offers]

    assert "GTX 1080 Ti" not in {offer.gpu.name for offer in offers}
    assert "TITAN RTX" in {offer.gpu.name for offer in offers}
    assert costs == sorted(costs)


def test_a_budget() -> None:
    """A budget leaves out what costs more, and says the hours it pays for."""
    offers = find_offers(list_gpus(), fits=int(11.6 * GB), budget=Decimal(50))

    assert {offer.gpu.name for offer in offers} == {"Google Cloud Tesla T4"}
    assert offers[0].hours == Decimal("454.5")


def test_a_budget_for_hours() -> None:
    """With hours, what counts is what all of them cost."""
    rented = find_offers([named("Google Cloud Tesla T4")], hours=Decimal(1000))
    cheap = find_offers(
        [named("Google Cloud Tesla T4")], hours=Decimal(1000), budget=Decimal(200)
    )

    assert [str(offer.cost) for offer in rented] == [
        "110.00",
        "160.00",
        "220.00",
        "350.00",
    ]
    assert [offer.term for offer in cheap] == ["preemptible", "3 years"]


def test_months_are_whole() -> None:
    """A monthly price is paid for whole months."""
    month = next(gpu for gpu in list_gpus() if gpu.unit == "month")

    assert month.rent("on demand", Decimal(1)) == Decimal("178.85")
    assert month.rent("on demand", Decimal(731)) == Decimal("357.70")


def test_electricity() -> None:
    """What is bought takes current: 280 watts for ten hours are 2.8 kilowatt-hours."""
    (offer,) = find_offers(
        [named("TITAN RTX")], hours=Decimal(10), electricity=Decimal("0.20")
    )

    assert offer.cost == Decimal("2500.56")


def test_batches() -> None:
    """An offer says the largest batch of a model that fits."""
    model = Model(parameters=0, activations=10**6, input_bytes=0, batch_size=1)

    (offer,) = find_offers([named("RTX 3060")], model=model)

    assert offer.largest_batch == 12 * GB // (8 * 10**6)


def test_gpus_of_ones_own(tmp_path: Path) -> None:
    """A table of one's own is read beside ours."""
    path = tmp_path / "mine.csv"
    path.write_text("name,memory_gb,price_usd\nHomemade,96,1\n")

    offers = find_offers(list_gpus(path), fits=90 * GB)

    assert [offer.gpu.name for offer in offers] == ["Homemade"]
    assert offers[0].hourly is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name\nx\n", "there is no column 'memory_gb'"),
        ("name,memory_gb\nx,lots\n", "row 1, memory_gb: 'lots' is no number"),
    ],
)
def test_bad_tables(tmp_path: Path, text: str, reason: str) -> None:
    """A table that cannot be read is refused by file, row and column."""
    path = tmp_path / "mine.csv"
    path.write_text(text)

    with pytest.raises(BadInput, match=f"mine.csv.*{reason}"):
        list(read_gpus(path))


@pytest.mark.parametrize("text", ["", "GB", "1..2GB", "-1GB", "1 EB", "."])
def test_no_sizes(text: str) -> None:
    """What is no size is refused."""
    with pytest.raises(BadInput, match="is no size; write it like"):
        parse_bytes(text)


def test_sizes_are_shown() -> None:
    """A size is shown to four digits, in units of thousands."""
    shown = [show_bytes(n) for n in (0, 999, 1000, 25_560_000, 10**13)]

    assert shown == ["0 B", "999 B", "1.000 kB", "25.56 MB", "10.00 TB"]
