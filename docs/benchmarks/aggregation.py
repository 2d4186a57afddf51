"""Speed and memory of aggregation, beside crowd-kit's, as the tables of the docs.

Each measurement is a process of its own that makes the same simulated answers, ids
as they come, on one thread. Seconds are those of the processor, best of the repeats,
so that other programs on the machine count little; memory is the peak beyond the
input, measured apart, with allocators that give back what is freed: else it would be
of what they once had, and not of what is used. What is done once, importing and
compiling, is done before on a few answers.

    python docs/benchmarks/aggregation.py [--answers 1000000] [--text]

crowd-kit brings heavy packages, so it has an environment of its own:

    python -m venv crowd-kit
    crowd-kit/bin/pip install crowd-kit==1.4.2
    python docs/benchmarks/aggregation.py --crowd-kit crowd-kit/bin/python
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

N_LABELS, N_WORKERS, ANSWERS_PER_TASK, PASSES = 10, 2_000, 10, 20
RIGHT = 0.7
IMPLEMENTATIONS = ("crowd-kit", "numpy", "fast")
JOBS = ("majority-vote", "dawid-skene")
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
SPARING = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "65536",
}
KILOBYTE = 1024


def answers(n_answers: int, *, text: bool) -> pd.DataFrame:
    """A crowd that is right seven times of ten, in no order."""
    rng = np.random.default_rng(0)
    task = rng.integers(max(n_answers // ANSWERS_PER_TASK, 1), size=n_answers)
    truth = rng.integers(N_LABELS, size=task.max() + 1)[task]
    label = np.where(
        rng.random(n_answers) < RIGHT, truth, rng.integers(N_LABELS, size=n_answers)
    )
    worker = rng.integers(N_WORKERS, size=n_answers)
    frame = pd.DataFrame({"task": task, "worker": worker, "label": label})
    return frame.astype(str) if text else frame


def crowd_kit(job: str) -> Callable[[pd.DataFrame], Any]:
    """The method of crowd-kit for a job."""
    from crowdkit.aggregation import (  # type: ignore[import-not-found]  # noqa: PLC0415 - in its own environment
        DawidSkene,
        MajorityVote,
    )

    made = MajorityVote() if job == "majority-vote" else DawidSkene(PASSES, tol=0)
    run: Callable[[pd.DataFrame], Any] = made.fit_predict
    return run


def crowdlab(job: str, least_votes: float) -> Callable[[pd.DataFrame], Any]:
    """The method of crowdlab for a job, in machine code from so many votes on."""
    from crowdlab.aggregation import (  # noqa: PLC0415 - crowd-kit's environment has none
        aggregate,
        fast,
    )

    fast.WORTHWHILE = least_votes
    known = {"max_iterations": PASSES, "tolerance": 0}
    options: Mapping[str, Any] = known if job == "dawid-skene" else {}
    return lambda frame: aggregate(frame, job, **options).labels


def find(implementation: str, job: str) -> Callable[[pd.DataFrame], Any]:
    """What a measurement runs."""
    if implementation == "crowd-kit":
        return crowd_kit(job)
    return crowdlab(job, 0.0 if implementation == "fast" else math.inf)


def measure(arguments: argparse.Namespace) -> dict[str, float]:
    """The seconds and the bytes of one implementation at one job."""
    run = find(*arguments.measure)
    run(answers(1_000, text=arguments.text))
    frame = answers(arguments.answers, text=arguments.text)
    before, seconds = _reset_peak(), list[float]()
    for _ in range(arguments.repeats):
        start = time.process_time()
        run(frame)
        seconds.append(time.process_time() - start)
    return {"seconds": min(seconds), "bytes": _peak() - before}


def _reset_peak() -> int:
    """Forgets the highest memory so far, where the system can, and gives it now."""
    try:
        with open("/proc/self/clear_refs", "w") as clear:  # noqa: PTH123 - no file
            clear.write("5")
    except OSError:
        pass
    return _peak()


def _peak() -> int:
    """The most memory that this process had at a time, in bytes."""
    try:
        with open("/proc/self/status") as status:  # noqa: PTH123 - no file
            lines = dict(line.split(":", 1) for line in status)
        return int(lines["VmHWM"].split()[0]) * KILOBYTE
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE


def ask(
    implementation: str, job: str, arguments: argparse.Namespace
) -> dict[str, float] | None:
    """A measurement, made by a process of its own."""
    is_other = implementation == "crowd-kit"
    if is_other and arguments.crowd_kit is None:
        return None
    command = [
        arguments.crowd_kit if is_other else sys.executable,
        *(__file__, "--measure", implementation, job),
        *("--answers", str(arguments.answers)),
        *(["--text"] if arguments.text else []),
    ]
    repeats = 1 if is_other else arguments.repeats
    return {
        "seconds": _told([*command, "--repeats", str(repeats)], {})["seconds"],
        "bytes": _told([*command, "--repeats", "1"], SPARING)["bytes"],
    }


def _told(command: list[str], settings: Mapping[str, str]) -> dict[str, float]:
    environment = {**os.environ, **ONE_THREAD, **settings}
    done = subprocess.run(
        command, check=True, env=environment, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def show(arguments: argparse.Namespace) -> None:
    """Prints the table."""
    ids = "text" if arguments.text else "integers"
    print(f"{arguments.answers:,} answers, {N_LABELS} labels, ids are {ids}\n")
    print("| method | by | CPU seconds | ratio | bytes per answer |")
    print("|---|---|---|---|---|")
    for job in JOBS:
        base: float | None = None
        for implementation in IMPLEMENTATIONS:
            found = ask(implementation, job, arguments)
            if found is None:
                continue
            seconds, size = found["seconds"], found["bytes"] / arguments.answers
            base = seconds if implementation == "crowd-kit" else base
            ratio = f"1/{base / seconds:.1f}" if base else ""
            print(
                f"| {job} | {implementation} | {seconds:.2f} | {ratio} | {size:.0f} |"
            )
    print()


def main() -> None:
    """Reads the arguments and prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--text", action="store_true", help="ids are text")
    parser.add_argument("--crowd-kit", help="the Python of its environment")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments)))
    else:
        show(arguments)


if __name__ == "__main__":
    main()
