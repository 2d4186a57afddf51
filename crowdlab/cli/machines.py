"""Commands about the machines that labels are for: memory, GPUs and their prices."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import attrs
import typer
from rich.console import Console
from rich.table import Table

from crowdlab.accounting import (
    ELECTRICITY,
    OPTIMIZERS,
    PRECISIONS,
    MemoryNeed,
    Model,
    Offer,
    compress,
    find_model,
    find_offers,
    list_gpus,
    list_models,
    parse_bytes,
    show_bytes,
)
from crowdlab.cli.options import AsJSON
from crowdlab.cli.screen import show_json
from crowdlab.errors import BadInput
from crowdlab.money import dollars, show

__all__ = ["MACHINES", "gpus", "memory"]

PARTS = ("parameters", "optimizer", "activations", "input", "workspace", "total")
NEEDED = ("parameters", "activations", "input_bytes")


def memory(
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=f"One of: {', '.join(list_models())}."),
    ] = None,
    parameters: Annotated[
        float | None, typer.Option(help="How many the model learns.")
    ] = None,
    activations: Annotated[
        float | None, typer.Option(help="Values of its neurons for one example.")
    ] = None,
    input_bytes: Annotated[
        float | None, typer.Option(help="Bytes of one example.")
    ] = None,
    batch_size: Annotated[int, typer.Option(help="Examples of one step.")] = 1,
    precision: Annotated[
        str, typer.Option(help=f"One of: {', '.join(PRECISIONS.names())}.")
    ] = "fp32",
    optimizer: Annotated[
        str, typer.Option(help=f"One of: {', '.join(OPTIMIZERS.names())}.")
    ] = "momentum",
    errors: Annotated[
        float | None,
        typer.Option(help="Errors held at once for an example, if not all."),
    ] = None,
    accumulation: Annotated[
        int, typer.Option(help="Parts that a batch is worked on in.")
    ] = 1,
    checkpoints: Annotated[
        int, typer.Option(help="Checkpoints between which activations are redone.")
    ] = 0,
    layers: Annotated[int, typer.Option(help="Layers, for the checkpoints.")] = 1,
    shards: Annotated[int, typer.Option(help="GPUs that share each batch.")] = 1,
    zero: Annotated[
        int,
        typer.Option(
            help="What they share besides: 1 states, 2 gradients, 3 parameters."
        ),
    ] = 0,
    workspace: Annotated[str, typer.Option(help="Scratch memory, like 500MB.")] = "0",
    student: Annotated[
        float | None, typer.Option(help="Parameters of a distilled model.")
    ] = None,
    sparsity: Annotated[
        float, typer.Option(help="Share of parameters that are left out.")
    ] = 0.0,
    stored_as: Annotated[
        str, typer.Option(help="Precision of the finished model's parameters.")
    ] = "fp32",
    as_json: AsJSON = False,
) -> None:
    """Say how much GPU memory a model takes, to train it and to use it."""
    chosen = _model(
        model,
        parameters=parameters,
        activations=activations,
        input_bytes=input_bytes,
        batch_size=batch_size,
        precision=precision,
        optimizer=optimizer,
        errors=errors,
        accumulation=accumulation,
        checkpoints=checkpoints,
        layers=layers,
        shards=shards,
        zero=zero,
        workspace_bytes=parse_bytes(workspace),
    )
    training, inference = chosen.training_memory(), chosen.inference_memory()
    savings = compress(
        chosen.parameters,
        student=None if student is None else int(student),
        sparsity=sparsity,
        precision=stored_as,
    )
    if as_json:
        document: dict[str, Any] = {**training.to_json()}
        document["inference"] = inference.to_json()
        document["compression"] = [saving.to_json() for saving in savings]
        show_json(document)
        return
    console = Console()
    console.print(_memory_table(training, inference))
    for saving in savings:
        console.print(
            f"{saving.technique}: {show_bytes(saving.bytes)} of parameters, "
            f"{'saves' if saving.saved >= 0 else 'costs'} {show_bytes(abs(saving.saved))}",
            highlight=False,
        )


def gpus(
    fits: Annotated[str, typer.Option(help="What it must hold, like 11.6GB.")] = "0",
    budget: Annotated[
        str | None, typer.Option(help="Dollars that it may cost.")
    ] = None,
    hours: Annotated[float | None, typer.Option(help="Hours of training.")] = None,
    electricity: Annotated[
        str, typer.Option(help="Dollars for a kilowatt-hour.")
    ] = str(ELECTRICITY),
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Say the largest batch of this model."),
    ] = None,
    file: Annotated[
        list[Path] | None,
        typer.Option(help="GPUs of your own, a CSV like ours; repeat."),
    ] = None,
    as_json: AsJSON = False,
) -> None:
    """List the GPUs that hold so much, with what they cost."""
    offers = find_offers(
        list_gpus(*(file or ())),
        fits=parse_bytes(fits),
        hours=None if hours is None else Decimal(str(hours)),
        budget=None if budget is None else dollars(budget, name="budget"),
        electricity=_rate(electricity),
        model=None if model is None else find_model(model),
    )
    if as_json:
        show_json([offer.to_json() for offer in offers])
    else:
        Console().print(_offer_table(offers))


#: In the order of the help page.
MACHINES = (memory, gpus)


def _rate(text: str) -> Decimal:
    """Dollars for a unit, which may well have fractions of a cent."""
    try:
        return abs(Decimal(text))
    except InvalidOperation:
        raise BadInput(f"--electricity: {text!r} is no amount of dollars") from None


def _model(name: str | None, **facts: Any) -> Model:
    given = {field: value for field, value in facts.items() if value is not None}
    if name is not None:
        return attrs.evolve(find_model(name), **given)
    for field in NEEDED:
        if field not in given:
            option = field.replace("_", "-")
            raise BadInput(f"--{option} is missing; or name a --model")
    return Model(**given)


def _memory_table(training: MemoryNeed, inference: MemoryNeed) -> Table:
    table = Table("", "to train", "to use", box=None)
    for part in PARTS:
        row = (show_bytes(getattr(need, part)) for need in (training, inference))
        table.add_row(part, *row, style="bold" if part == "total" else None)
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _offer_table(offers: list[Offer]) -> Table:
    shown = [_offer_row(offer) for offer in offers]
    columns = (
        "GPU",
        "GB",
        "how",
        "price",
        "an hour",
        "cost",
        "hours",
        "batch",
        "as of",
    )
    kept = [n for n in range(len(columns)) if any(row[n] for row in shown) or n == 0]
    table = Table(*(columns[n] for n in kept), box=None)
    for row in shown:
        table.add_row(*(row[n] for n in kept))
    return table


def _offer_row(offer: Offer) -> tuple[str, ...]:
    gpu = offer.gpu
    unit = f" a {gpu.unit}" if gpu.unit else ""
    return (
        gpu.name,
        str(gpu.memory_gb),
        offer.term,
        f"{show(offer.price)}{unit}",
        "" if offer.hourly is None else f"${offer.hourly:.3f}",
        "" if offer.cost is None else show(offer.cost),
        "" if offer.hours is None else f"{offer.hours:,.0f}",
        "" if offer.largest_batch is None else f"{offer.largest_batch:,}",
        gpu.date,
    )
