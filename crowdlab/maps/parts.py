"""What a plan is made of."""

import attrs

__all__ = ["OUTSIDE", "Door", "Landmark", "Line", "Point", "Room"]

Point = tuple[float, float]
Line = tuple[Point, ...]

# The room beyond a front door.
OUTSIDE = "outside"


@attrs.frozen
class Room:
    """A room; the corners of its outline are on the middle lines of its walls."""

    id: str
    name: str
    kind: str
    outline: Line


@attrs.frozen
class Door:
    """A gap in the wall between two rooms; a leaf that it may have stands open.

    Attributes:
        at: its middle, on the middle line of the wall.
        width: in pixels.
        kind: ``hinged``, ``double``, ``sliding`` or ``opening``, which has no leaf.
        into: the id of the room that the leaf stands in.
        hinge: ``left`` or ``right``, for somebody in that room who faces the door.
    """

    between: tuple[str, str]
    at: Point
    width: float
    kind: str
    into: str
    hinge: str

    @property
    def is_front_door(self) -> bool:
        """Whether it leads outside, where nobody walks."""
        return OUTSIDE in self.between


@attrs.frozen
class Landmark:
    """Something to go by: it has a symbol, perhaps a name, and blocks nobody.

    Attributes:
        turn: degrees clockwise; at 0 its back is up.
    """

    id: str
    kind: str
    at: Point
    name: str = ""
    turn: float = 0.0
