"""The answers to one task, drawn over what the workers saw."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
from markupsafe import Markup

from crowdlab.aggregation.answers import is_number
from crowdlab.model import Task
from crowdlab.server.desk.tasks import Said

__all__ = [
    "Layer",
    "Picture",
    "Scene",
    "Tile",
    "count_labels",
    "draw",
    "find_pictures",
    "is_picture",
]

JSON = Mapping[str, Any]
Points = list[tuple[float, float]]

_URL = re.compile(
    r"https://[^\s/]\S*|http://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?"
    r"|data:image/(png|jpeg|gif|webp|avif|svg\+xml);base64,[A-Za-z0-9+/]+=*"
)
#: Okabe and Ito's colours, and darker ones, for classes that bring none.
COLOURS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#7b3294",
    "#a6611a",
    "#1b7837",
    "#c51b7d",
    "#2166ac",
    "#b2182b",
    "#4d4d4d",
)
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
MOST_PICTURES = 60
MOST_POINTS = 5000


@attrs.frozen
class Picture:
    """A picture of a task, and what it is called there."""

    name: str
    url: str


@attrs.frozen
class Tile:
    """A picture of a grid, and how many chose it."""

    name: str
    url: str
    n_yes: int
    n: int


@attrs.frozen
class Layer:
    """What one worker drew: shapes in pixels of the picture."""

    worker: str
    assignment_id: str
    shapes: Markup
    n: int


@attrs.frozen
class Scene:
    """A picture with what was drawn over it.

    Attributes:
        base: what the task itself shows, such as its route.
        legend: the classes with their colours.
    """

    url: str
    width: float
    height: float
    base: Markup
    layers: tuple[Layer, ...]
    legend: tuple[tuple[str, str], ...]

    @property
    def unit(self) -> float:
        """The length that is a hundredth of the picture."""
        return max(self.width, self.height) / 100


#: Who said it: the worker and the assignment.
Answers = Sequence[tuple[str, str, Said]]


def draw(task: Task | None, answers: Answers) -> Scene | tuple[Tile, ...] | None:
    """The drawing that suits a task and its answers, where one does."""
    if task is None:
        return None
    return _tiles(task, answers) or _regions(task, answers) or _ways(task, answers)


def count_labels(answers: Answers) -> list[tuple[str, list[tuple[str, int]]]]:
    """For each thing that got texts as labels: how often which, the most frequent first."""
    said: dict[str, Counter[str]] = {}
    for _, _, each in answers:
        for thing, label in each.votes:
            if isinstance(label, str):
                said.setdefault(thing, Counter())[label] += 1
    return [(thing, labels.most_common()) for thing, labels in said.items()]


def find_pictures(content: JSON) -> list[Picture]:
    """The pictures anywhere in a task's input."""
    return [*_pictures(content, "")][:MOST_PICTURES]


def is_picture(value: object) -> bool:
    """Whether it is the address of a picture that a page may show."""
    return isinstance(value, str) and bool(_URL.fullmatch(value))


def _pictures(value: Any, name: str) -> Iterator[Picture]:
    if is_picture(value):
        yield Picture(name, value)
    elif isinstance(value, Mapping):
        own = value.get("id") or value.get("name")
        for key, each in value.items():
            yield from _pictures(each, str(own or key))
    elif isinstance(value, list):
        for number, each in enumerate(value, start=1):
            yield from _pictures(each, str(number))


def _tiles(task: Task, answers: Answers) -> tuple[Tile, ...]:
    pictures = {p.name: p.url for p in _pictures(task.input.get("images"), "")}
    votes = [vote for _, _, said in answers for vote in said.votes]
    start = f"{task.name}/"
    judged: dict[str, list[bool]] = {name: [] for name in pictures}
    for thing, label in votes:
        name = thing.removeprefix(start) if thing.startswith(start) else ""
        if name in judged and label in {"yes", "no"}:
            judged[name].append(label == "yes")
    if not any(judged.values()):
        return ()
    return tuple(
        Tile(name, url, sum(judged[name]), len(judged[name]))
        for name, url in pictures.items()
    )


def _regions(task: Task, answers: Answers) -> Scene | None:
    drawn = [
        (worker, assignment_id, said.answer["regions"])
        for worker, assignment_id, said in answers
        if said.answer and isinstance(said.answer.get("regions"), list)
    ]
    size = _size(task.input)
    if not drawn or size is None or not is_picture(task.input.get("image")):
        return None
    classes = _classes(task.input)
    return Scene(
        str(task.input["image"]),
        *size,
        base=Markup(),
        layers=tuple(
            Layer(
                worker,
                assignment_id,
                Markup().join(_region(region, classes, size) for region in regions),
                len(regions),
            )
            for worker, assignment_id, regions in drawn
        ),
        legend=tuple(classes.items()),
    )


def _ways(task: Task, answers: Answers) -> Scene | None:
    ground = task.input.get("map")
    if not isinstance(ground, Mapping):
        return None
    size, url = _size(ground), ground.get("url", ground.get("image"))
    walked = [
        (worker, assignment_id, _points((said.answer or {}).get("path")))
        for worker, assignment_id, said in answers
    ]
    if size is None:
        return None
    unit = max(size) / 100
    return Scene(
        str(url) if is_picture(url) else "",
        *size,
        base=_route(task.input, unit),
        layers=tuple(
            Layer(worker, assignment_id, _walk(path, number, unit), len(path))
            for number, (worker, assignment_id, path) in enumerate(walked)
            if path
        ),
        legend=(),
    )


def _classes(content: JSON) -> dict[str, str]:
    """The colour of each class, in the order of the task."""
    classes = content.get("classes")
    found: dict[str, str] = {}
    for number, each in enumerate(classes if isinstance(classes, list) else ()):
        colour = COLOURS[number % len(COLOURS)]
        if isinstance(each, Mapping):
            given = each.get("color")
            own = isinstance(given, str) and _COLOUR.fullmatch(given)
            found[str(each.get("value"))] = str(given) if own else colour
        else:
            found[str(each)] = colour
    return found


def _region(
    region: Any, classes: Mapping[str, str], size: tuple[float, float]
) -> Markup:
    if not isinstance(region, Mapping):
        return Markup()
    cls = str(region.get("cls", ""))
    colour = classes.get(cls, COLOURS[-1])
    title = Markup("<title>{}</title>").format(cls)
    points = _points(region.get("points"))
    bbox = region.get("bbox")
    if isinstance(bbox, list) and len(bbox) == 4 and all(map(is_number, bbox)):  # noqa: PLR2004 - a box's four
        return Markup(
            '<rect class="shape" x="{}" y="{}" width="{}" height="{}" stroke="{}" '
            'fill="{}">{}</rect>'
        ).format(*bbox, colour, colour, title)
    if len(points) == 1:
        return Markup(
            '<circle class="shape" cx="{}" cy="{}" r="{:.2f}" stroke="{}" fill="{}">'
            "{}</circle>"
        ).format(*points[0], max(size) / 100, colour, colour, title)
    return Markup(
        '<polygon class="shape" points="{}" stroke="{}" fill="{}">{}</polygon>'
    ).format(_joined(points), colour, colour, title)


def _walk(path: Points, number: int, unit: float) -> Markup:
    colour = COLOURS[number % len(COLOURS)]
    return Markup(
        '<polyline class="way" points="{}" stroke="{}"/>'
        '<circle cx="{}" cy="{}" r="{:.2f}" fill="{}"/>'
    ).format(_joined(path), colour, *path[-1], unit, colour)


def _route(content: JSON, unit: float) -> Markup:
    """The route of the task with its two ends, as far as the page tells them."""
    parts = Markup()
    route = _points(content.get("route"))
    if route:
        parts += Markup('<polyline class="route" points="{}"/>').format(_joined(route))
    for letter, name in (("S", "start"), ("G", "goal")):
        ends = _points([content.get(name)])
        if ends:
            x, y = ends[0]
            parts += Markup(
                '<g class="{}"><circle cx="{}" cy="{}" r="{:.2f}"/>'
                '<text x="{}" y="{}" font-size="{:.2f}">{}</text></g>'
            ).format(name, x, y, 2 * unit, x, y, 2.6 * unit, letter)
    return parts


def _points(value: Any) -> Points:
    """The points in a list of pairs of numbers; what is none is left out."""
    if not isinstance(value, list):
        return []
    return [
        (float(each[0]), float(each[1]))
        for each in value[:MOST_POINTS]
        if isinstance(each, list) and len(each) == 2 and all(map(is_number, each))  # noqa: PLR2004 - x and y
    ]


def _size(content: JSON) -> tuple[float, float] | None:
    width, height = content.get("width"), content.get("height")
    if is_number(width) and is_number(height) and width > 0 and height > 0:  # type: ignore[operator]
        return float(width), float(height)  # type: ignore[arg-type]
    return None


def _joined(points: Points) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
