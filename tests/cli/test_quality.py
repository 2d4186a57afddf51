"""Commands that say how far to trust a crowd."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

VOTES = "task,worker,label\na,1,1\na,2,1\nb,1,2\nb,2,2\nc,1,3\nc,2,1\n"


def test_agreement(run: Run, tmp_path: Path) -> None:
    """Programs get every number by its name, and people one line."""
    (tmp_path / "votes.csv").write_text(VOTES)

    told = run("agreement", "votes.csv", "--json").json

    assert list(told) == [
        "alpha",
        "alpha_low",
        "alpha_high",
        "fleiss_kappa",
        "observed_agreement",
        "n_tasks",
        "n_workers",
        "n_answers",
    ]
    assert (told["n_tasks"], told["n_workers"], told["n_answers"]) == (3, 2, 6)
    assert told["observed_agreement"] == pytest.approx(2 / 3)
    assert told["alpha"] == pytest.approx(1 - 5 * 2 / 22)
    assert run("agreement", "votes.csv").out.startswith("Agreement(alpha=0.545, ")


def test_the_level_is_chosen(run: Run, tmp_path: Path) -> None:
    """The labels of a file are text, and numbers where the level needs them."""
    (tmp_path / "votes.csv").write_text(VOTES)

    nominal, interval = (
        run("agreement", "votes.csv", f"--level={level}", "--json").json["alpha"]
        for level in ("nominal", "interval")
    )

    assert nominal != interval
    assert run("agreement", "votes.csv", "--level=metric").status == 2


def test_the_order_is_given(run: Run, tmp_path: Path) -> None:
    """Words are put in an order by hand."""
    words = VOTES.replace(",1\n", ",low\n").replace(",2\n", ",fair\n")
    (tmp_path / "votes.csv").write_text(words.replace(",3\n", ",high\n"))

    ended = run("agreement", "votes.csv", "--level=ordinal", "--order=low|fair|high")
    refused = run("agreement", "votes.csv", "--level=ordinal")

    assert ended.status == 0
    assert refused.status == 1
    assert "votes.csv: label 'fair' is no number" in refused.err


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("task,label\na,x\n", "votes.csv: there is no column 'worker'"),
        ("task,worker,label\n", "votes.csv: there are no answers"),
        ("task,worker,label\na,1,x\n", "votes.csv: no task has two votes"),
        ("", "votes.csv: cannot be read"),
        (None, "No such file"),
    ],
)
def test_bad_answers(run: Run, tmp_path: Path, text: str | None, reason: str) -> None:
    """Answers that cannot be compared are refused with one line."""
    if text is not None:
        (tmp_path / "votes.csv").write_text(text)

    ended = run("agreement", "votes.csv")

    assert (ended.status, ended.out) == (1, "")
    assert reason in ended.err
