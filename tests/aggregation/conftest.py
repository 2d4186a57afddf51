"""Real crowds to aggregate."""

from pathlib import Path

import attrs
import pandas as pd
import pytest

from crowdlab import samples

DATA = Path(__file__).parent / "data"


@attrs.frozen
class Recorded:
    """A published data set: what a crowd said, and what is true."""

    name: str
    answers: pd.DataFrame
    truth: "pd.Series[str]"


def _recorded(name: str) -> Recorded:
    folder = samples.rte().folder if name == "rte" else DATA / name
    truth = pd.read_csv(folder / "truth.csv", dtype=str).set_index("task")["label"]
    return Recorded(name, pd.read_csv(folder / "answers.csv", dtype=str), truth)


@pytest.fixture(scope="session", params=["barzan", "rte", "temp", "wsd"])
def recorded(request: pytest.FixtureRequest) -> Recorded:
    """One published data set after the other."""
    return _recorded(request.param)
