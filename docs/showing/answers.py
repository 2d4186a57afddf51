"""What workers say of each kind of task: mostly right, seldom wrong, never alike."""

import json
import random
from collections.abc import Callable
from typing import Any

from crowdlab.model import Task
from crowdlab.templates import Template

__all__ = ["answer"]

JSON = dict[str, Any]
Say = Callable[[JSON, random.Random], JSON]

SHELF = [
    ("Botella", 54, 68, 62, 200),
    ("Botella", 134, 68, 62, 200),
    ("Caja", 328, 80, 142, 188),
    ("Lata_bebestible", 498, 152, 74, 116),
    ("Frasco", 682, 148, 78, 120),
    ("Bolsa", 864, 76, 62, 192),
    ("Caja", 188, 456, 156, 132),
]
#: Who rates less than this says why.
RIGHT = 4
FRUIT = [("apple", 58, 98, 186, 150), ("pear", 286, 70, 108, 176)]
WORDS = (
    "Leave by the glass door and walk along the corridor, past the printer and the plant. "
    "At the end turn right; it is the second door, opposite the sofa."
)


def answer(template: Template, task: Task, dice: random.Random) -> JSON:
    """The fields of the form that a worker sends."""
    active = int(1000 * template.manifest.seconds_per_task * dice.uniform(0.6, 1.5))
    said = {
        "schema": "crowdlab.answer/1",
        "template": template.name,
        "template_version": template.version,
        "item": task.task_id,
        "lang": "en",
        **SAYS[template.name](dict(task.input), dice),
        "telemetry": {"v": 1, "elapsed_ms": active + 4000, "active_ms": active},
    }
    return {"answer": json.dumps(said)}


def _happens(dice: random.Random, share: float) -> bool:
    return dice.random() < share


def _label(task: JSON, dice: random.Random) -> JSON:
    values = [
        each["value"] if isinstance(each, dict) else each for each in task["choices"]
    ]
    right = task.get("gold", values[0])
    return {"label": right if _happens(dice, 0.8) else dice.choice(values)}


def _select(task: JSON, dice: random.Random) -> JSON:
    tiles = [each["id"] for each in task["images"]]
    right = {name for name, verdict in task["gold"].items() if verdict == "yes"}
    chosen = [tile for tile in tiles if (tile in right) ^ _happens(dice, 0.07)]
    return {"shown": tiles, "selected": chosen, "none": not chosen}


def _compare(task: JSON, dice: random.Random) -> JSON:
    shown = [each["id"] for each in task["items"]]
    return {"shown": shown, "better": dice.choice([*shown[:1] * 4, shown[1], "tie"])}


def _rate(task: JSON, dice: random.Random) -> JSON:
    rating = min(5, max(1, int(dice.gauss(3.8, 1))))
    reason = next(iter(task.get("reasons", [])), "missing")
    value = reason["value"] if isinstance(reason, dict) else reason
    return {"rating": rating, "reasons": [] if rating >= RIGHT else [value]}


def _mark(task: JSON, dice: random.Random) -> JSON:
    regions: list[JSON] = []
    shown = FRUIT if "initial" in task else SHELF
    for number, (kind, *box) in enumerate(shown, start=1):
        if regions and _happens(dice, 0.12):
            continue
        bbox = [side + dice.randint(-4, 4) for side in box]
        regions.append({"id": f"r{number}", "cls": kind, "kind": "box", "bbox": bbox})
    size = {"width": task["width"], "height": task["height"]}
    return {"image": size, "regions": regions, "none": not regions}


def _describe(task: JSON, dice: random.Random) -> JSON:
    room = task["ends_in"] if _happens(dice, 0.8) else dice.choice(task["rooms"])
    return {"description": WORDS, "n_words": len(WORDS.split()), "ends_in": room}


def _follow(task: JSON, dice: random.Random) -> JSON:
    whole = _happens(dice, 0.7)
    route = task["route"] if whole else task["route"][: max(2, len(task["route"]) - 2)]
    path = [task["start"]]
    for x, y in route[1:]:
        path.append([round(x + dice.gauss(0, 6), 1), round(y + dice.gauss(0, 6), 1)])
    reasons = [] if whole else ["unclear"]
    times = [4000 * number for number in range(len(path))]
    judged = {"arrived": whole, "reasons": reasons, "clarity": dice.randint(2, 5)}
    return {"path": path, "times": times, **judged}


SAYS: dict[str, Say] = {
    "image-classification": _label,
    "image-selection": _select,
    "pairwise-comparison": _compare,
    "region-annotation": _mark,
    "route-description": _describe,
    "route-follow": _follow,
    "text-classification": _label,
    "text-verification": _rate,
}
