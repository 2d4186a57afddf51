"""Where an input holds images, as its schema says it."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

__all__ = ["Place", "find_places", "image_fields", "measured_fields"]

JSON = Mapping[str, Any]

SIZES = ("width", "height")


@attrs.frozen
class Place:
    """A text in an input that is an image's address.

    Attributes:
        field: where it stands, such as ``images[2].url``.
        holder: the list or object that holds it.
        key: its place there.
        is_measured: whether the image's width and height stand beside it.
    """

    field: str
    holder: Any
    key: str | int
    is_measured: bool = False

    @property
    def address(self) -> str:
        """What stands there."""
        return str(self.holder[self.key])

    def put(self, address: str) -> None:
        """Writes another address there."""
        self.holder[self.key] = address


def find_places(content: Any, schema: JSON, field: str = "") -> Iterator[Place]:
    """Every place in the content that the schema calls ``{"format": "image"}``.

    Example:
        >>> schema = {"properties": {"pets": {"items": {"format": "image"}}}}
        >>> [place.field for place in find_places({"pets": ["a.jpg", "b.jpg"]}, schema)]
        ['pets[0]', 'pets[1]']
    """
    if isinstance(content, dict):
        properties = schema.get("properties", {})
        is_measured = bool(measured_fields(schema))
        for name, value in list(content.items()):
            path = f"{field}.{name}".removeprefix(".")
            facts = properties.get(name, schema.get("additionalProperties"))
            yield from _places(Place(path, content, name, is_measured), value, facts)
    elif isinstance(content, list):
        for n, value in enumerate(content):
            place = Place(f"{field}[{n}]", content, n)
            yield from _places(place, value, schema.get("items"))


def _places(place: Place, value: Any, facts: Any) -> Iterator[Place]:
    if not isinstance(facts, Mapping):
        return
    if isinstance(value, str) and facts.get("format") == "image":
        yield place
    else:
        yield from find_places(value, facts, place.field)


def image_fields(schema: JSON) -> list[str]:
    """The fields of an object that are images themselves."""
    properties = schema.get("properties", {})
    return [name for name, facts in properties.items() if _is_image(facts)]


def _is_image(facts: Any) -> bool:
    return isinstance(facts, Mapping) and facts.get("format") == "image"


def measured_fields(schema: JSON) -> tuple[str, ...]:
    """The fields that hold the size of the one image beside them, if there are any.

    Example:
        >>> size = {"type": "integer"}
        >>> measured_fields(
        ...     {"properties": {"image": {"format": "image"}, "width": size, "height": size}}
        ... )
        ('width', 'height')
    """
    is_asked = set(SIZES) <= set(schema.get("properties", {}))
    return SIZES if is_asked and len(image_fields(schema)) == 1 else ()
