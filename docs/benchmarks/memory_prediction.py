"""What an estimate says a batch will hold, beside what it held once it was done.

Both batches of the demonstration, each in a process of its own: estimated when it is
created, then published, answered, collected, aggregated, approved and reported.

    python docs/benchmarks/memory_prediction.py
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from crowdlab import Lab, Marketplace, ReplayedCrowd, samples
from crowdlab.accounting import show_bytes
from crowdlab.inputs import read_rows
from crowdlab.marketplace.crowd import Crowd, SimulatedCrowd
from crowdlab.samples import Sample
from crowdlab.workflow import Estimate, Report

NOUNS = ("pages", "answers", "ledger", "votes", "per_answer")
CROWD = {"diligent": 8, "sloppy": 5, "spammer": 3}
PARAMETERS = {"question": "Does it follow?", "choices": ["no", "yes"]}


def _recorded(sample: Sample) -> Crowd:
    rows = read_rows(sample.answers, {})
    return ReplayedCrowd(
        (str(row["task"]), row["worker"], row["label"]) for _, row in rows
    )


def measure(name: str) -> tuple[Estimate, Report]:
    """The estimate of a batch of the demonstration, and its report."""
    is_text = name == "rte"
    sample = samples.rte() if is_text else samples.digits()
    with (
        tempfile.TemporaryDirectory() as folder,
        Marketplace(Path(folder, "market.db"), seed=1) as market,
        Lab(Path(folder, "ledger.db"), market) as lab,
    ):
        batch = lab.create(
            name,
            template=sample.template,
            inputs=sample.tasks if is_text else sample.rows(),
            reward="0.02",
            assignments=10 if is_text else 5,
            parameters=PARAMETERS if is_text else None,
            truth=sample.truth,
        )
        estimated = lab.estimate(batch)
        lab.publish(batch)
        lab.simulate(batch, _recorded(sample) if is_text else SimulatedCrowd(CROWD))
        lab.collect(batch)
        lab.labels(batch, "dawid-skene")
        lab.review(batch)
        return estimated, lab.report(batch)


def show_batch(name: str) -> None:
    """Prints the rows of one batch."""
    told, done = measure(name)
    pairs = {
        noun: (getattr(told.footprint, noun), getattr(done.footprint, noun))
        for noun in NOUNS
    }
    pairs["memory"] = (told.memory, done.memory)
    for noun, (foretold, counted) in pairs.items():
        off = 100 * (foretold - counted) / counted
        what = noun.replace("_", " ")
        print(
            f"| {name} | {what} | {show_bytes(foretold)} | {show_bytes(counted)} "
            f"| {off:+.0f} % |",
            flush=True,
        )


def main() -> None:
    """Prints the table, each batch measured in a process of its own."""
    if len(sys.argv) > 1:
        show_batch(sys.argv[1])
        return
    print("| batch | bytes of | foretold | counted | off by |")
    print("|---|---|---:|---:|---:|", flush=True)
    for name in ("rte", "digits"):
        subprocess.run([sys.executable, __file__, name], check=True)


if __name__ == "__main__":
    main()
