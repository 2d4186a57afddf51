"""Publishing and collecting beside a sequential boto3 loop, in one process.

Both sides work on the embedded marketplace in a file of its own, with the same tasks,
the same questions and the same answers. The loop only calls; the lab also checks every
row, renders every page, journals, keeps raw answers, and validates and stores them.

    python docs/benchmarks/publishing.py --hits 10000
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from crowdlab import Lab, Marketplace, load_template

ASSIGNMENTS = 3
CROWD = {"diligent": 20}
PARAMETERS = {"question": "Does it rain?", "choices": ["yes", "no"]}


def rows(n_hits: int) -> Iterator[dict[str, str]]:
    """So many short tasks."""
    for number in range(n_hits):
        yield {"task": str(number), "text": f"It may rain on day {number}."}


def timed(what: Callable[[], object]) -> float:
    """The seconds that something takes."""
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def measure_lab(folder: Path, n_hits: int) -> tuple[float, float]:
    """The seconds in which a lab publishes and collects."""
    with Marketplace(folder / "lab-market.db") as market:
        market.deposit("100000.00")
        # The first call of all loads the API's model, whoever makes it.
        market.call("GetAccountBalance", {})
        with Lab(folder / "lab.db", market) as lab:
            batch = create(lab, n_hits)
            publishing = timed(lambda: lab.publish(batch))
            lab.simulate(batch, CROWD)
            return publishing, timed(lambda: lab.collect(batch))


def create(lab: Lab, n_hits: int) -> Any:
    """The batch that both sides publish."""
    return lab.create(
        "rain",
        template="text-classification",
        inputs=rows(n_hits),
        reward="0.05",
        assignments=ASSIGNMENTS,
        parameters=PARAMETERS,
    )


def measure_loop(folder: Path, n_hits: int) -> tuple[float, float]:
    """The seconds in which a boto3 loop creates the HITs and lists the answers."""
    template = load_template("text-classification")
    tasks = [template.task({**PARAMETERS, **row}, "row") for row in rows(n_hits)]
    questions = [
        template.question(task.input, task_id=task.task_id, language="en")
        for task in tasks
    ]
    with Marketplace(folder / "loop-market.db") as market:
        market.deposit("100000.00")
        client = market.client()
        kind = client.create_hit_type(
            Title="Rain",
            Description="Rain or not",
            Reward="0.05",
            AssignmentDurationInSeconds=600,
        )["HITTypeId"]
        made: list[str] = []

        def publish() -> None:
            for question in questions:
                hit = client.create_hit_with_hit_type(
                    HITTypeId=kind,
                    LifetimeInSeconds=86_400,
                    MaxAssignments=ASSIGNMENTS,
                    Question=question,
                )["HIT"]
                made.append(hit["HITId"])

        def collect() -> None:
            for hit_id in made:
                client.list_assignments_for_hit(HITId=hit_id, MaxResults=100)

        publishing = timed(publish)
        workers = [market.register() for _ in range(ASSIGNMENTS)]
        with market.group():
            for hit_id, task in zip(made, tasks, strict=True):
                fields = template.answer(task, {task.name: "yes"})
                for worker in workers:
                    market.submit(worker, market.accept(worker, hit_id), fields)
        return publishing, timed(collect)


def measure_memory(n_hits: int) -> None:
    """Prints by how many bytes publishing and collecting make a process grow."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = psutil.Process().memory_info().rss
        measure_lab(folder, n_hits)
        with Lab(folder / "lab.db", "memory") as lab:
            account = lab.report("rain")
    print(n_hits, before, max(each.peak_bytes for each in account.verbs))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hits", type=int, default=10_000)
    parser.add_argument("--memory", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        measure_memory(options.memory)
        return
    with tempfile.TemporaryDirectory() as name:
        lab = measure_lab(Path(name), options.hits)
        loop = measure_loop(Path(name), options.hits)
    print(f"| {options.hits:,} HITs | boto3 loop | lab | ratio |")
    print("|---|---|---|---|")
    names = ("publish", f"collect {ASSIGNMENTS * options.hits:,} answers")
    for what, slow, fast in zip(names, loop, lab, strict=True):
        print(f"| {what} | {slow:.2f} s | {fast:.2f} s | {slow / fast:.1f} |")
    print(
        f"| both | {sum(loop):.2f} s | {sum(lab):.2f} s | {sum(loop) / sum(lab):.1f} |"
    )
    print(
        "\n| HITs | answers | memory at most | growth per answer |\n|---|---|---|---|"
    )
    for n_hits in (options.hits // 10, options.hits):
        command = [sys.executable, __file__, "--memory", str(n_hits)]
        told = subprocess.run(command, check=True, capture_output=True, text=True)
        n, before, peak = map(int, told.stdout.split())
        growth = (peak - before) / (ASSIGNMENTS * n)
        print(
            f"| {n:,} | {ASSIGNMENTS * n:,} | {peak / 1e6:.0f} MB | {growth:,.0f} bytes |"
        )


if __name__ == "__main__":
    main()
