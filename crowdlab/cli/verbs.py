"""The verbs of a lab: each command is the method of the same name."""

from pathlib import Path
from typing import Annotated

import typer

from crowdlab.accounting import show_bytes
from crowdlab.cli.csv_files import write_labels
from crowdlab.cli.options import (
    DEFAULT_ENDPOINT,
    DEFAULT_LEDGER,
    AsJSON,
    Assets,
    AssetsURL,
    BatchName,
    Endpoint,
    Fees,
    Kind,
    LedgerPlace,
    Method,
    Output,
    Settings,
    open_lab,
    read_settings,
)
from crowdlab.cli.screen import bars, note, progress, show, show_json
from crowdlab.marketplace.crowd import read_composition
from crowdlab.templates import load_template

__all__ = [
    "VERBS",
    "answers",
    "collect",
    "create",
    "estimate",
    "expire",
    "export",
    "labels",
    "preview",
    "publish",
    "review",
    "simulate",
    "status",
    "workers",
]


def create(
    batch: BatchName,
    template: Annotated[str, typer.Option(help="A template's name, or a folder.")],
    inputs: Annotated[
        Path,
        typer.Option(help="CSV, TSV, JSON lines, JSON, Parquet or a folder of images."),
    ],
    reward: Annotated[str, typer.Option(help="Dollars for one answer, like 0.05.")],
    assignments: Annotated[int, typer.Option(help="Answers to each task.")] = 3,
    budget: Annotated[
        str | None, typer.Option(help="Dollars the worst case may cost, fees included.")
    ] = None,
    settings: Settings = None,
    truth: Annotated[
        Path | None,
        typer.Option(
            help="Known labels, for reports: task,label, or a folder for each label."
        ),
    ] = None,
    language: Annotated[str, typer.Option(help="Of the page.")] = "en",
    title: Annotated[str | None, typer.Option(help="What workers read first.")] = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    fees: Fees = None,
    assets: Assets = None,
    assets_url: AssetsURL = None,
    as_json: AsJSON = False,
) -> None:
    """Note a batch in the ledger; every row and page of it is checked."""
    chosen = load_template(template)
    with open_lab(ledger, endpoint, assets, assets_url, fees=fees) as lab:
        created = lab.create(
            batch,
            template=chosen,
            inputs=inputs,
            reward=reward,
            assignments=assignments,
            budget=budget,
            parameters=read_settings(settings, chosen),
            truth=truth,
            language=language,
            title=title,
        )
    show(created, as_json=as_json)


def estimate(
    batch: BatchName,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    fees: Fees = None,
    as_json: AsJSON = False,
) -> None:
    """Say what a batch will cost, and how many bytes it will make."""
    with open_lab(ledger, endpoint, fees=fees) as lab:
        estimated = lab.estimate(batch)
    show(estimated, as_json=as_json)
    made = estimated.footprint
    sizes = (
        f"pages {show_bytes(made.pages)}, images {show_bytes(made.images)}, answers "
        f"{show_bytes(made.answers)}, ledger {show_bytes(made.ledger)}"
    )
    note(f"{sizes}; memory at most {show_bytes(estimated.memory)}")


def preview(
    batch: BatchName,
    output: Output = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Write the page of a batch's first task to a file."""
    with open_lab(ledger, endpoint) as lab:
        show(lab.preview(batch, output), as_json=as_json)


def publish(
    batch: BatchName,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    fees: Fees = None,
    assets: Assets = None,
    assets_url: AssetsURL = None,
    as_json: AsJSON = False,
) -> None:
    """Create a HIT for every task that has none, and bring images where workers are."""
    with (
        open_lab(ledger, endpoint, assets, assets_url, fees=fees) as lab,
        bars("images", "publishing") as (tell_of_images, tell),
    ):
        published = lab.publish(batch, progress=tell, progress_of_images=tell_of_images)
    show(published, as_json=as_json)


def status(
    batch: BatchName,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Say where a batch stands on its marketplace."""
    with open_lab(ledger, endpoint) as lab:
        show(lab.status(batch), as_json=as_json)


def simulate(
    batch: BatchName,
    crowd: Annotated[str, typer.Option(help="Its composition.")] = (
        "diligent=6,sloppy=3,spammer=1"
    ),
    seed: Annotated[int, typer.Option(help="The same crowd for the same seed.")] = 0,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Let a simulated crowd answer a batch on the embedded marketplace."""
    with open_lab(ledger, endpoint) as lab, progress("answering") as tell:
        simulated = lab.simulate(
            batch, read_composition(crowd), seed=seed, progress=tell
        )
    show(simulated, as_json=as_json)


def collect(
    batch: BatchName,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Bring what workers answered into the ledger."""
    with open_lab(ledger, endpoint) as lab, progress("collecting") as tell:
        collected = lab.collect(batch, progress=tell)
    show(collected, as_json=as_json)


def answers(
    batch: BatchName,
    output: Output = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Give the collected answers, a row each, as CSV or JSON."""
    with open_lab(ledger, endpoint) as lab:
        table = lab.answers(batch)
    if output is not None:
        table.to_csv(output, index=False)
    if as_json:
        show_json({"answers": len(table), "output": output and str(output)})
    elif output is None:
        print(table.to_csv(index=False), end="")  # noqa: T201 - the table is the answer
    else:
        print(f"Answers(answers={len(table)}, output={str(output)!r})")  # noqa: T201 - as above


def labels(
    batch: BatchName,
    method: Method = "auto",
    kind: Kind = None,
    output: Output = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Aggregate the answers into labels."""
    with open_lab(ledger, endpoint) as lab:
        labelled = lab.labels(batch, method, kind=kind)
    if not labelled.n_labels:
        note(f"no answers to {batch!r} have been collected yet")
    if output is not None:
        write_labels(labelled.table, output)
    show(labelled, as_json=as_json)


def workers(
    batch: BatchName,
    required: Annotated[
        float, typer.Option(help="The share of the gold that workers should get right.")
    ] = 0.7,
    output: Output = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Say whom to look at first: gold, and signs of no care, with reasons."""
    with open_lab(ledger, endpoint) as lab:
        rated = lab.workers(batch, required=required)
    if output is not None:
        rated.table.to_csv(output, index=False)
    if as_json or output is not None:
        show(rated, as_json=as_json)
    else:
        print(rated.table.to_csv(index=False), end="")  # noqa: T201 - as above


def review(
    batch: BatchName,
    reject: Annotated[
        Path | None,
        typer.Option(help="Reject these alone: a CSV of assignment_id,feedback."),
    ] = None,
    feedback: Annotated[str | None, typer.Option(help="What workers are told.")] = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Approve every submitted answer, or reject those of a list."""
    with open_lab(ledger, endpoint) as lab, progress("reviewing") as tell:
        reviewed = lab.review(batch, reject=reject, feedback=feedback, progress=tell)
    show(reviewed, as_json=as_json)


def expire(
    batch: BatchName,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Take a batch off the market."""
    with open_lab(ledger, endpoint) as lab, progress("expiring") as tell:
        expired = lab.expire(batch, progress=tell)
    show(expired, as_json=as_json)


def export(
    batch: BatchName,
    style: Annotated[
        str,
        typer.Argument(
            metavar="STYLE",
            help="csv, parquet, coco, labelme, label-studio or crowd-elements.",
        ),
    ],
    path: Annotated[Path, typer.Argument(help="The file, or folder, to write.")],
    votes: Annotated[
        bool, typer.Option("--votes", help="Each vote, in place of the labels.")
    ] = False,
    worker: Annotated[
        str | None, typer.Option(help="The votes of one worker, by id or pseudonym.")
    ] = None,
    names_workers: Annotated[
        bool, typer.Option("--worker-ids", help="Worker ids in place of pseudonyms.")
    ] = False,
    method: Method = "auto",
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Write the labels as other tools have them."""
    with open_lab(ledger, endpoint) as lab:
        exported = lab.export(
            batch,
            style,
            path,
            of="votes" if votes else "labels",
            worker=worker,
            names_workers=names_workers,
            method=method,
        )
    show(exported, as_json=as_json)


#: In the order in which a batch meets them.
VERBS = (
    create,
    estimate,
    preview,
    publish,
    status,
    simulate,
    collect,
    answers,
    labels,
    workers,
    review,
    expire,
    export,
)
