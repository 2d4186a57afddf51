"""The receipt of agreement."""

import json

import pytest

from crowdlab.quality import agreement
from tests.quality.published import FOUR_OBSERVERS, PATIENTS


def test_all_numbers_at_once() -> None:
    """The receipt holds alpha with its interval, kappa, agreement and the counts."""
    found = agreement(PATIENTS)

    assert round(found.fleiss_kappa, 3) == 0.430
    assert round(found.observed_agreement, 4) == 0.5556
    assert found.alpha_low < found.alpha < found.alpha_high
    assert (found.n_tasks, found.n_workers, found.n_answers) == (30, 6, 180)
    assert "alpha=0.433" in repr(found)


def test_the_level_is_alphas() -> None:
    """The level changes alpha, not what is compared for equality."""
    nominal, interval = (
        agreement(FOUR_OBSERVERS, name) for name in ("nominal", "interval")
    )

    assert round(interval.alpha, 3) == 0.849
    assert nominal.fleiss_kappa == interval.fleiss_kappa


def test_the_undefined_is_null() -> None:
    """In JSON there is no nan."""
    told = agreement([("a", 1, "x"), ("a", 2, "x")]).to_json()

    assert told["alpha"] is None
    assert told["observed_agreement"] == pytest.approx(1)
    json.dumps(told, allow_nan=False)
