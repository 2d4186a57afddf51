"""Memory and time of answers that come from files, as the table of the docs.

Simulated answers are written to Parquet files, in no order. Each measurement is a
process of its own that aggregates them with Dawid-Skene (20 passes): all at once,
table by table, or on disk. Memory is the most that the process holds for itself, above
what it does with a thousand answers; pages of files that the system keeps in memory as
long as there is room do not count.

    python docs/benchmarks/streaming.py [--answers 1000000 4000000 16000000]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crowdlab.aggregation import aggregate

N_LABELS, N_WORKERS, ANSWERS_PER_TASK, PASSES = 10, 2_000, 10, 20
RIGHT = 0.7
ROWS_PER_FILE = 1_000_000
WAYS = ("at once", "by table", "on disk")
KILOBYTE = 1024
PAUSE = 0.002
# Allocators that give back what is freed, so that peaks are of what is used.
SPARING = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "65536",
}


def write(folder: Path, n_answers: int) -> None:
    """Files of answers by a crowd that is right seven times of ten."""
    n_tasks = max(n_answers // ANSWERS_PER_TASK, 1)
    for first in range(0, n_answers, ROWS_PER_FILE):
        rng = np.random.default_rng(first)
        n_rows = min(ROWS_PER_FILE, n_answers - first)
        task = rng.integers(n_tasks, size=n_rows)
        guess = rng.integers(N_LABELS, size=n_rows)
        label = np.where(rng.random(n_rows) < RIGHT, task % N_LABELS, guess)
        worker = rng.integers(N_WORKERS, size=n_rows)
        frame = pd.DataFrame({"task": task, "worker": worker, "label": label})
        frame.to_parquet(folder / f"{first:012}.parquet", index=False)


def run(way: str, paths: list[Path]) -> None:
    """Aggregates the files."""
    known: dict[str, Any] = {"max_iterations": PASSES, "tolerance": 0}
    if way == "at once":
        answers: Any = pd.concat(map(pd.read_parquet, paths), ignore_index=True)
    else:
        answers, known = paths, {**known, "on_disk": way == "on disk"}
    found = aggregate(answers, "dawid-skene", **known)
    assert found.labels["n_votes"].sum() > 0


def measure(way: str, folder: Path) -> dict[str, float]:
    """The seconds and the bytes of one way."""
    with tempfile.TemporaryDirectory() as small:
        write(Path(small), 1000)
        with peak() as before:
            run(way, [*Path(small).iterdir()])
    start = time.process_time()
    with peak() as after:
        run(way, sorted(folder.iterdir()))
    return {"seconds": time.process_time() - start, "bytes": after() - before()}


@contextmanager
def peak() -> Iterator[Callable[[], int]]:
    """The most bytes that this process held for itself meanwhile."""
    seen, done = [held()], threading.Event()
    watch = threading.Thread(target=partial(_watch, seen, done), daemon=True)
    watch.start()
    try:
        yield lambda: max(seen)
    finally:
        done.set()
        watch.join()


def _watch(seen: list[int], done: threading.Event) -> None:
    while not done.wait(PAUSE):
        seen[0] = max(seen[0], held())


def held() -> int:
    """The bytes that this process holds for itself: not those of files."""
    lines = Path("/proc/self/status").read_text().splitlines()
    facts = dict(line.split(":", 1) for line in lines)
    return int(facts["RssAnon"].split()[0]) * KILOBYTE


def ask(way: str, folder: Path) -> dict[str, float]:
    """A measurement, made by a process of its own."""
    command = [sys.executable, __file__, "--measure", way, str(folder)]
    environment = {**os.environ, **SPARING, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        command, check=True, env=environment, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Reads the arguments and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sizes = [1_000_000, 4_000_000, 16_000_000]
    parser.add_argument("--answers", type=int, nargs="+", default=sizes)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure[0], Path(arguments.measure[1]))))
        return
    print("| answers | way | CPU seconds | MB | bytes per answer |")
    print("|---|---|---|---|---|")
    for n_answers in arguments.answers:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), n_answers)
            for way in WAYS:
                found = ask(way, Path(folder))
                megabytes, each = found["bytes"] / 1e6, found["bytes"] / n_answers
                print(
                    f"| {n_answers:,} | {way} | {found['seconds']:.2f}"
                    f" | {megabytes:,.0f} | {each:.1f} |"
                )


if __name__ == "__main__":
    main()
