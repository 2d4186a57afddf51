"""The demonstration: the main job twice, on real input."""

import shutil
from collections.abc import Callable
from pathlib import Path

from crowdlab import samples
from crowdlab.display import write_report
from crowdlab.errors import AlreadyExists
from crowdlab.lab import Lab
from crowdlab.marketplace import Marketplace
from crowdlab.marketplace.crowd import SimulatedCrowd
from crowdlab.replay import Watch, carry_out, replay
from crowdlab.templates import load_template
from crowdlab.workflow import Report

__all__ = ["show_demo"]

Tell = Callable[[str], None]

#: What a folder must hold before its content is thrown away: a former demonstration.
MARK = ".crowdlab-demo"
CROWD = {"diligent": 8, "sloppy": 5, "spammer": 3}
METHODS = ("majority-vote", "dawid-skene")
SEED = 2020


def show_demo(folder: Path, *, watch: Watch, tell: Tell) -> list[Report]:
    """Does the main job twice in a clean folder, and writes ``report.html`` there.

    First the answers that 164 workers of Mechanical Turk really gave are given again;
    then a simulated crowd of stated composition looks at pictures of digits.

    Args:
        folder: is emptied, if it holds a former demonstration.
        watch: shows how far something has come.
        tell: says what goes on.

    Raises:
        AlreadyExists: if the folder holds something else.
    """
    _clean(folder)
    ledger = folder / "crowdlab.db"
    with (
        Marketplace(folder / "marketplace.db", seed=SEED) as market,
        Lab(ledger, market) as lab,
    ):
        answers = _replay_answers(lab, watch, tell)
        pictures, kinds = _look_at_pictures(lab, watch, tell)
    accounts = [answers, pictures]
    write_report(accounts, folder / "report.html", {pictures.name: kinds})
    return accounts


def _clean(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise AlreadyExists(
                f"{folder} holds something else than a demonstration; name another folder"
            )
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()


def _replay_answers(lab: Lab, watch: Watch, tell: Tell) -> Report:
    tell(
        "1. Real answers, replayed. 800 pairs of texts: does the first let one infer the "
        "second? 164 workers of Mechanical Turk gave 8,000 answers; each is submitted "
        "again by its own worker, collected, aggregated, approved and paid."
    )
    sample = samples.rte()
    assert sample.answers is not None
    return replay(
        lab,
        "rte",
        tasks=sample.tasks,
        answers=sample.answers,
        truth=sample.truth,
        template=load_template(sample.template),
        reward="0.02",
        parameters={"question": "Does the text let you infer the hypothesis?"},
        watch=watch,
        methods=METHODS,
    )


def _look_at_pictures(
    lab: Lab, watch: Watch, tell: Tell
) -> tuple[Report, dict[str, str]]:
    composition = ", ".join(f"{number} {kind}" for kind, number in CROWD.items())
    tell(
        "2. Pictures. Real handwritten digits in grids of nine: select all that show "
        f"the wanted one. The crowd is simulated ({composition} workers), so what is "
        "found out about it can be held against what it was."
    )
    sample = samples.digits()
    batch = lab.create(
        "digits",
        template=sample.template,
        inputs=sample.rows(),
        reward="0.05",
        assignments=5,
        budget="40.00",
        truth=sample.truth,
    )
    account = carry_out(lab, batch, CROWD, methods=METHODS, watch=watch, seed=SEED)
    return account, SimulatedCrowd(CROWD).kinds
