"""How well the signs of carelessness find who is careless, as the table of the docs.

Crowds of known composition are simulated, and ranked by concern: 24 workers of all kinds,
five votes on a task. Each line is the mean of several seeds.

    python docs/benchmarks/flags.py
"""

import argparse

import pandas as pd

from crowdlab.quality import rank_by_concern, score_signs, simulate_answers

CROWD = {
    "diligent": 12,
    "sloppy": 3,
    "random": 2,
    "uniform": 1,
    "contrary": 1,
    "copier": 2,
    "hasty": 2,
    "patterned": 1,
}
CAREFUL = {"diligent": 19, "sloppy": 5}
SIZES = [(n_labels, n_tasks) for n_labels in (2, 4) for n_tasks in (100, 300, 1000)]


def measure(
    composition: dict[str, int], n_labels: int, n_tasks: int, seed: int
) -> pd.DataFrame:
    """The score of every sign in one simulated crowd."""
    crowd = simulate_answers(composition, n_tasks=n_tasks, n_labels=n_labels, seed=seed)
    ranking = rank_by_concern(
        crowd.answers, seconds=crowd.answers["seconds"], in_order=True
    )
    return score_signs(ranking, crowd.kinds)


def summarize(n_labels: int, n_tasks: int, n_seeds: int) -> dict[str, str]:
    """A line of the table: how many of each kind are found, and who else is named."""
    scores = pd.concat(
        measure(CROWD, n_labels, n_tasks, seed) for seed in range(n_seeds)
    )
    careful = pd.concat(
        measure(CAREFUL, n_labels, n_tasks, seed) for seed in range(n_seeds)
    )
    recall = scores.groupby("sign", sort=False)["recall"].mean()
    any_sign = scores[scores["sign"] == "any"]
    right = (any_sign["precision"] * any_sign["n_named"]).sum()
    falsely = careful[careful["sign"] == "any"]["n_named"].sum()
    return {
        "labels": f"{n_labels}",
        "tasks": f"{n_tasks:,}",
        "answers each": f"{n_tasks * 5 // sum(CROWD.values())}",
        **{str(sign): f"{share:.2f}" for sign, share in recall.items()},
        "precision": f"{right / any_sign['n_named'].sum():.2f}",
        "false": f"{falsely / n_seeds / sum(CAREFUL.values()):.3f}",
    }


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    n_seeds = parser.parse_args().seeds
    rows = [summarize(*size, n_seeds) for size in SIZES]
    print("|", " | ".join(rows[0]), "|")
    print("|---" * len(rows[0]) + "|")
    for row in rows:
        print("|", " | ".join(row.values()), "|")


if __name__ == "__main__":
    main()
