"""Commands about the machines that labels are for."""

from pathlib import Path

from tests.cli.conftest import Run

LECTURE = ("--parameters=100e6", "--activations=10e6", "--batch-size=128")


def test_memory(run: Run) -> None:
    """The lecture's example, for programs and for people."""
    told = run("memory", *LECTURE, "--input-bytes=1e6", "--json").json
    shown = run("memory", *LECTURE, "--input-bytes=1e6").out

    assert list(told)[:6] == [
        "parameters",
        "optimizer",
        "activations",
        "input",
        "workspace",
        "total",
    ]
    assert told["total"] == 11_568_000_000
    assert told["inference"]["total"] == 401_000_000
    assert "11.57 GB" in shown
    assert "401.0 MB" in shown


def test_memory_of_a_known_model(run: Run) -> None:
    """A model's name stands for its figures; the rest is as told."""
    plain = run("memory", "--model=resnet-50", "--batch-size=64", "--json").json
    mixed = run(
        "memory",
        "--model=resnet-50",
        "--batch-size=64",
        "--precision=bf16-mixed",
        "--json",
    ).json

    assert mixed["activations"] * 2 == plain["activations"]


def test_compression_is_told(run: Run) -> None:
    """What makes the finished model smaller is told in a line each."""
    shown = run("memory", "--model=resnet-50", "--sparsity=0.9", "--stored-as=int8").out

    assert "precision: 25.56 MB of parameters, saves 76.68 MB" in shown
    assert "together: " in shown


def test_what_is_missing(run: Run) -> None:
    """What is missing is named."""
    ended = run("memory", "--parameters=100e6")

    assert ended.status == 1
    assert "--activations is missing; or name a --model" in ended.err


def test_gpus(run: Run) -> None:
    """What fits and is within the budget, for programs and for people."""
    told = run("gpus", "--fits=11.6GB", "--budget=50", "--json").json
    shown = run("gpus", "--fits=11.6GB", "--budget=50").out

    assert {offer["name"] for offer in told} == {"Google Cloud Tesla T4"}
    assert (told[0]["price"], told[0]["hours"]) == ("0.11", "454.5")
    assert "preemptible" in shown


def test_gpus_for_hours(run: Run, tmp_path: Path) -> None:
    """Hours give costs, a model gives batches, a file gives GPUs of one's own."""
    (tmp_path / "mine.csv").write_text("name,memory_gb,price_usd\nHomemade,96,1\n")

    told = run(
        "gpus",
        "--fits=90GB",
        "--hours=10",
        "--model=vit-base-16",
        "--file=mine.csv",
        "--json",
    ).json

    assert [(offer["name"], offer["cost"]) for offer in told] == [("Homemade", "1.00")]
    assert told[0]["largest_batch"] > 100


def test_bad_figures(run: Run) -> None:
    """Figures that are none are refused with one line."""
    for option in ("--fits=huge", "--budget=x", "--electricity=x"):
        ended = run("gpus", option)
        assert (ended.status, ended.out) == (1, "")
