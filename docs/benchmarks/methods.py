"""Every aggregation method on every data set of a folder, as the tables of the docs.

A data set is a folder with ``answers.csv`` (task,worker,label) and ``truth.csv``
(task,label). Ids and labels are read as text, and a tie goes to the first label.

    python docs/benchmarks/methods.py FOLDER
    python docs/benchmarks/methods.py FOLDER --leave-one-out
"""

import argparse
import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pandas as pd

from crowdlab.aggregation import Scores, Votes, aggregate, methods, score
from crowdlab.aggregation.correlation import HIDDEN, error_correlation, tempered
from crowdlab.aggregation.engine import Chunk, Floats
from crowdlab.aggregation.result import Aggregation

MEMBERS = ("bwa", "ebcc", "glad", "hierarchical-dawid-skene", "mace", "one-coin")

Design = Mapping[str, int]


@attrs.frozen
class DataSet:
    """A crowd's answers, and the truth."""

    name: str
    votes: Votes
    truth: "pd.Series[str]"


def data_sets(folder: Path) -> Iterator[DataSet]:
    """The data sets of a folder whose labels are classes."""
    for path in sorted(folder.glob("*/answers.csv")):
        answers = pd.read_csv(path, dtype=str, keep_default_na=False)
        truth = pd.read_csv(path.parent / "truth.csv", dtype=str, keep_default_na=False)
        if answers["label"].nunique() < len(answers) / 10:
            known = truth.drop_duplicates("task").set_index("task")["label"]
            yield DataSet(path.parent.name, Votes.of(answers), known)


def measure(data: DataSet, method: str) -> dict[str, float]:
    """The scores of a method on a data set, and its seconds."""
    start = time.perf_counter()
    found = aggregate(data.votes, method)
    seconds = time.perf_counter() - start
    return {**attrs.asdict(score(found, data.truth)), "seconds": seconds}


def show_methods(folder: Path) -> None:
    """Prints a table of accuracies, and one of the other scores."""
    sets = list(data_sets(folder))
    measured = pd.DataFrame(
        {"method": method, "set": data.name, **measure(data, method)}
        for data in sets
        for method in methods.names()
    )
    by_set = measured.pivot_table("accuracy", "method", "set").loc[methods.names()]
    gain = by_set.sub(by_set.loc["majority-vote"]).min(axis=1)
    by_set["mean"] = by_set.mean(axis=1)
    show(by_set.assign(**{"worst gain": gain}))
    columns = ["accuracy", "log_loss", "calibration_error", "seconds"]
    show(measured.groupby("method", sort=False)[columns].mean())


def show(table: pd.DataFrame) -> None:
    """Prints a table in Markdown, numbers with three digits."""
    print("|", table.index.name, "|", " | ".join(map(str, table.columns)), "|")
    print("|---" * (len(table.columns) + 1) + "|")
    for name, row in zip(table.index, table.to_numpy(), strict=True):
        print("|", name, "|", " | ".join(f"{value:.3f}" for value in row), "|")
    print()


@attrs.frozen(eq=False)
class Case:
    """A data set with all that a design of ``auto`` may combine."""

    data: DataSet
    chunk: Chunk
    is_correlated: bool
    beliefs: Mapping[str, Floats]

    @classmethod
    def of(cls, data: DataSet) -> "Case":
        """What every member finds, and what ``auto`` thinks of the errors."""
        reason = aggregate(data.votes, "auto").diagnostics["reason"]
        found = {name: aggregate(data.votes, name) for name in MEMBERS}
        beliefs = {name: np.asarray(each.belief) for name, each in found.items()}
        return cls(data, Chunk.of(data.votes), "correlated" in reason, beliefs)

    def score(self, design: Design, hidden: float, sharpness: float) -> Scores:
        """The scores of a design, whose weights sum to any number."""
        correlation = error_correlation(self.chunk, self._average(design, self.beliefs))
        shrunk = {
            name: tempered(
                self.beliefs[name],
                self.chunk,
                correlation * hidden / HIDDEN,
                sharpness if name == "bwa" else 1.0,
            )
            for name in design
        }
        return score(self._found(self._average(design, shrunk)), self.data.truth)

    def _average(self, design: Design, beliefs: Mapping[str, Floats]) -> Floats:
        total: Any = sum(weight * beliefs[name] for name, weight in design.items())
        return np.asarray(total / sum(design.values()))

    def _found(self, belief: Floats) -> Aggregation:
        return attrs.evolve(aggregate(self.data.votes, "majority-vote"), belief=belief)


def designs(*, is_correlated: bool) -> Iterator[Design]:
    """The combinations that were weighed: up to four members, ebcc up to thrice."""
    for n_members in range(1, 5):
        for members in itertools.combinations(MEMBERS, n_members):
            for weight in (1, 2, 3) if is_correlated and "ebcc" in members else (1,):
                yield {name: weight if name == "ebcc" else 1 for name in members}


def show_leave_one_out(folder: Path) -> None:
    """Prints, for each set, how the design does that is best on all others."""
    cases = [Case.of(data) for data in data_sets(folder)]
    tables = [pd.DataFrame(_tried(case)).set_index("design") for case in cases]
    rows = []
    for case, table in zip(cases, tables, strict=True):
        others = [
            other
            for one, other in zip(cases, tables, strict=True)
            if one is not case and one.is_correlated == case.is_correlated
        ]
        value = np.mean([other["value"] for other in others], axis=0)
        rows.append({"set": case.data.name, **table.iloc[value.argmax()].to_dict()})
    held_out = pd.DataFrame(rows).set_index("set")[["accuracy", "calibration_error"]]
    held_out.loc["mean"] = held_out.mean()
    show(held_out)


def _tried(case: Case) -> Iterable[dict[str, Any]]:
    for design in designs(is_correlated=case.is_correlated):
        for hidden, sharpness in itertools.product((0, 1, 2, 3), (1, 1.5, 2)):
            scores = case.score(design, hidden, sharpness)
            yield {
                "design": f"{dict(design)}, {hidden}, {sharpness}",
                "accuracy": scores.accuracy,
                "calibration_error": scores.calibration_error,
                "value": scores.accuracy - scores.calibration_error,
            }


def main() -> None:
    """Reads the arguments and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--leave-one-out", action="store_true")
    arguments = parser.parse_args()
    if arguments.leave_one_out:
        show_leave_one_out(arguments.folder)
    else:
        show_methods(arguments.folder)


if __name__ == "__main__":
    main()
