"""Plots of labels and workers: how sure, how right, and what is confused."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from crowdlab.display.canvas import BLUE, GREY, ORANGE, RED, Plot, axes
from crowdlab.workflow import Report

__all__ = ["draw_confidence", "draw_confusion", "draw_workers"]

KIND_COLOURS = {"diligent": BLUE, "sloppy": ORANGE, "spammer": RED}
KIND_MARKS = {"diligent": "o", "sloppy": "s", "spammer": "X"}
#: The limits of the bands of confidence.
BANDS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
LONGEST_LABEL = 12


def draw_confidence(account: Report) -> Iterator[Plot]:
    """How many labels are how sure, and how many of them right."""
    if not account.label_table:
        return
    bands = [_in_band(account, low, high) for low, high in pairwise(BANDS)]
    names = [f"{low:g} to {high:g}" for low, high in pairwise(BANDS)]
    known = any(held.truth is not None for held in account.label_table)
    title = "How sure the labels are" + (", and how right" if known else "")
    with axes(title, height=3.2) as (ax, drawn):
        start = [0] * len(bands)
        for part, colour in (("right", BLUE), ("wrong", ORANGE), ("not known", GREY)):
            counts = [band.count(part) for band in bands]
            if any(counts):
                ax.barh(names, counts, left=start, color=colour, label=part)
                start = [a + b for a, b in zip(start, counts, strict=True)]
        most = max(start)
        for place, band in enumerate(bands):
            ax.text(len(band) + most / 60, place, f"{len(band):,}", va="center")
        ax.set(xlabel="labels", ylabel="confidence")
        ax.set_xlim(0, most * 1.15)
        if known:
            ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    said = (
        f"{name}: {len(band):,} labels"
        + (f", {100 * band.count('right') / len(band):.0f} % right" if known else "")
        for name, band in zip(names, bands, strict=True)
        if band
    )
    yield Plot(title, drawn[0], "Labels by their confidence. " + "; ".join(said))


def _in_band(account: Report, low: float, high: float) -> list[str]:
    """How the labels of that confidence stand to the truth."""
    return [
        "not known"
        if held.truth is None
        else ("right" if held.label == held.truth else "wrong")
        for held in account.label_table
        if low <= held.confidence < high or held.confidence == high == BANDS[-1]
    ]


def draw_confusion(account: Report) -> Iterator[Plot]:
    """What workers said where which label is right."""
    found = account.confusion
    if found is None:
        return
    title = "What workers confuse"
    labels = [_short(label) for label in found.labels]
    shares = [[n / max(1, sum(row)) for n in row] for row in found.votes]
    with axes(title, height=1.1 + 0.42 * len(labels)) as (ax, drawn):
        for row, of_row in enumerate(shares):
            for column, share in enumerate(of_row):
                colour = BLUE if row == column else ORANGE
                # Never so strong that letters cannot be read on it, dark or light.
                alpha = 0.05 + 0.5 * share
                ax.barh(row, 0.94, left=column, height=0.94, color=colour, alpha=alpha)
                ax.text(
                    column + 0.47, row, f"{100 * share:.0f} %", ha="center", va="center"
                )
        ax.set_xticks([n + 0.47 for n in range(len(labels))], labels)
        ax.set_yticks(range(len(labels)), labels)
        ax.tick_params(length=0)
        right = "the truth" if found.against == "truth" else "the label found"
        ax.set(xlabel="what workers said", ylabel=right)
        ax.invert_yaxis()
        if len(labels) > len("1234"):
            ax.tick_params(axis="x", rotation=45)
        for side in ax.spines.values():
            side.set_visible(False)
    said = "; ".join(
        f"where {label} is right, {100 * of_row[n]:.0f} % say so"
        for n, (label, of_row) in enumerate(zip(found.labels, shares, strict=True))
    )
    yield Plot(title, drawn[0], f"Votes held against {right}: {said}.")


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 2] + "..."


def draw_workers(account: Report, crowd: Mapping[str, str]) -> Iterator[Plot]:
    """The estimated quality of workers over what is true, or over their votes."""
    if not account.worker_table:
        return
    rated = [score for score in account.worker_table if score.n_known]
    if not rated:
        yield _activity(account)
        return
    title = "What is thought of the workers, and what is true"
    groups: dict[str, list[tuple[float, float, int]]] = {}
    for score in rated:
        point = (score.n_right / score.n_known, score.quality, score.n_votes)
        groups.setdefault(crowd.get(score.worker, "worker"), []).append(point)
    with axes(title, height=3.4) as (ax, drawn):
        low = min(min(x, y) for points in groups.values() for x, y, _ in points)
        ax.plot([low, 1], [low, 1], color=GREY, linewidth=1, linestyle=":")
        for kind in sorted(groups):
            x, y, n = zip(*groups[kind], strict=True)
            ax.scatter(
                x,
                y,
                s=[12 + 90 * each / account.worker_table[0].n_votes for each in n],
                color=KIND_COLOURS.get(kind, BLUE),
                marker=KIND_MARKS.get(kind, "o"),
                alpha=0.7,
                label=f"{len(x)} {kind}" + ("s" if kind == "worker" else ""),
            )
        ax.set(xlabel="share of votes that are right", ylabel="estimated quality")
        ax.legend(loc="upper left")
    error = sum(abs(s.quality - s.n_right / s.n_known) for s in rated) / len(rated)
    alt = (
        f"Each of {len(rated)} workers as a point, larger for more votes: estimated "
        f"quality over the true share of right votes. The mean difference is {error:.3f}."
    )
    yield Plot(title, drawn[0], alt)


def _activity(account: Report) -> Plot:
    title = "What is thought of the workers"
    with axes(title) as (ax, drawn):
        ax.scatter(
            [score.n_votes for score in account.worker_table],
            [score.quality for score in account.worker_table],
            color=BLUE,
            alpha=0.7,
        )
        ax.set(xlabel="votes", ylabel="estimated quality")
    most, least = account.worker_table[0], account.worker_table[-1]
    alt = (
        f"The estimated quality of {len(account.worker_table)} workers over their number "
        f"of votes, which goes from {least.n_votes:,} to {most.n_votes:,}."
    )
    return Plot(title, drawn[0], alt)
