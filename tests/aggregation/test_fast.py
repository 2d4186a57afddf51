"""The sums in machine code are the same sums."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from crowdlab.aggregation import (
    Aggregation,
    DawidSkene,
    Votes,
    aggregate,
    fast,
    methods,
)
from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.engine import Chunk, Floats, Parameters, e_step, shares

NEVER, ALWAYS = math.inf, 0.0

IMPORTS_NOTHING = """
import sys
from crowdlab.aggregation import aggregate
aggregate([("a", 1, "x"), ("a", 2, "y")], "dawid-skene")
assert not {"numba", "llvmlite"} & set(sys.modules), "numba was imported"
"""

COMPILES = """
import numpy as np
from crowdlab.aggregation import compiled
codes = np.zeros(3, dtype=np.int32)
for said in (codes - 1, codes[:0]):
    compiled.is_undisputed(codes[: len(said)], codes[: len(said)], said.copy())
compiled.add_ballots(codes, codes, np.zeros((1, 1)))
"""


def _crowd(seed: int = 0, n_answers: int = 900) -> dict[str, Codes]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(4, size=60)
    task = rng.integers(60, size=n_answers)
    guess = rng.integers(4, size=n_answers)
    label = np.where(rng.random(n_answers) < 0.6, truth[task], guess)
    worker = rng.integers(20, size=n_answers)
    columns = {"task": task, "worker": worker, "label": label}
    return {name: column.astype(np.int32) for name, column in columns.items()}


def _belief(found: Aggregation) -> Floats:
    return np.asarray(found.belief, dtype=np.float64)


@pytest.fixture(params=[NEVER, ALWAYS], ids=["numpy", "numba"])
def kernel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to add up, one after the other."""
    monkeypatch.setattr(fast, "WORTHWHILE", request.param)


@pytest.mark.parametrize("method", methods.names())
def test_both_kernels_find_the_same(  # type: ignore[no-untyped-def]
    recorded, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On published crowds labels are the same, and all numbers to nine digits."""
    found = []
    for least in (NEVER, ALWAYS):
        monkeypatch.setattr(fast, "WORTHWHILE", least)
        found.append(aggregate(recorded.answers, method))

    expected, actual = found
    assert expected.labels["label"].tolist() == actual.labels["label"].tolist()
    np.testing.assert_allclose(_belief(actual), _belief(expected), rtol=0, atol=1e-9)
    np.testing.assert_allclose(
        actual.workers["quality"].to_numpy(),
        expected.workers["quality"].to_numpy(),
        rtol=0,
        atol=1e-9,
    )


@pytest.mark.parametrize("method", methods.names())
def test_both_kernels_know_the_gold(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known labels are certain, whoever adds up, and teach the same of the rest."""
    gold, found = {0: 3, 7: 1, 59: 0}, []
    for least in (NEVER, ALWAYS):
        monkeypatch.setattr(fast, "WORTHWHILE", least)
        found.append(aggregate(_crowd(), method, gold=gold, max_iterations=20))

    expected, actual = found
    np.testing.assert_allclose(_belief(actual), _belief(expected), rtol=0, atol=1e-9)
    known = actual.probability_of(list(gold), list(gold.values()))
    np.testing.assert_allclose(known, 1, rtol=1e-15)


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("n_answers", [900, 9_000])
def test_the_order_of_rows_does_not_touch_a_bit(n_answers: int) -> None:
    """Votes are sorted before they are added up, few of a task or many."""
    columns = _crowd(n_answers=n_answers)
    order = np.random.default_rng(1).permutation(n_answers)

    first = aggregate(columns, "dawid-skene")
    other = aggregate({name: c[order] for name, c in columns.items()}, "dawid-skene")

    np.testing.assert_array_equal(_belief(first), _belief(other))


@pytest.mark.usefixtures("kernel")
@pytest.mark.parametrize("threads", [2, 3, 50])
def test_threads_share_the_work(threads: int) -> None:
    """Parts read at a time give what the whole gives, and the same from run to run."""
    one = DawidSkene(tolerance=0, max_iterations=30).fit(_crowd())
    some = [
        DawidSkene(tolerance=0, max_iterations=30, threads=threads).fit(_crowd())
        for _ in range(2)
    ]

    expected, first, second = (_belief(each.result_) for each in (one, *some))
    np.testing.assert_allclose(first, expected, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(first, second)


@pytest.mark.usefixtures("kernel")
def test_unlikely_states_are_not_lost() -> None:
    """Odds beyond what a float can tell are 0, and rows sum to 1 to the last digit."""
    chunk = Chunk.of(Votes.of([("a", 1, 0), ("a", 2, 1), ("b", 2, 0)]))
    table = np.array([[0, -500], [0, -2000], [-1e-3, -1]], dtype=float)

    belief, statistics = e_step(chunk, Parameters(np.log([0.5, 0.5]), table))

    odds = math.exp(-501 + 1e-3)
    expected = np.array([[1, odds], [1, 0]])
    np.testing.assert_allclose(belief, expected, rtol=1e-12)
    assert statistics.evidence == pytest.approx(2 * np.log(0.5) - 1e-3)


def test_powers_are_those_of_the_library() -> None:
    """The exponential differs from numpy's by two units in the last place at most."""
    from crowdlab.aggregation import compiled  # noqa: PLC0415 - imports numba

    exponents: Floats = np.concatenate([-np.logspace(-12, 2.8, 5000), [0, -1e4]])
    values, powers = exponents.copy(), np.empty_like(exponents)

    compiled._exponentiate(values, powers, powers.view(np.int64))

    np.testing.assert_array_max_ulp(values, np.exp(exponents), 2)


def test_without_numba_numpy_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numba is not installed, nothing is missing but speed."""
    monkeypatch.setattr(fast, "find_spec", lambda _: None)
    fast._kernels.cache_clear()
    try:
        assert fast.compiled(10**9) is None
    finally:
        fast._kernels.cache_clear()


def test_few_votes_compile_nothing() -> None:
    """Neither the import nor a small aggregation loads a compiler."""
    subprocess.run([sys.executable, "-c", IMPORTS_NOTHING], check=True)


def test_the_first_call_tells_that_it_compiles(tmp_path: Path) -> None:
    """One line, once: a later process finds the machine code on disk."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    first, second = (
        subprocess.run(
            [sys.executable, "-c", COMPILES],
            check=True,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        ).stderr.splitlines()
        for _ in range(2)
    )

    assert 1 == len(first)
    assert f"compiling for speed: once on this machine, kept in {tmp_path}" in first[0]
    assert [] == second


@pytest.mark.usefixtures("kernel")
def test_shares_are_those_of_the_votes() -> None:
    """A task's votes, two x and one y, are shares of two thirds and one third."""
    votes = Votes.of([("a", 1, "x"), ("a", 2, "x"), ("a", 2, "y"), ("b", 1, "y")])

    expected = np.array([[2 / 3, 1 / 3], [0, 1]])
    np.testing.assert_allclose(shares(Chunk.of(votes)), expected)
