"""Images that inputs name by a file: each is looked at before a batch is created."""

import copy
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from crowdlab.assets import Place, digest, find_places, load, read_picture, refer
from crowdlab.errors import BadInput, BadRow
from crowdlab.ledger import ImageRecord

__all__ = ["Images"]

JSON = Mapping[str, Any]
Row = tuple[str, JSON]

#: How many files are remembered, so that one which every row names is read once.
REMEMBERED = 1000


@attrs.define
class Images:
    """The images of a batch's inputs, as they come by.

    Attributes:
        schema: of an input; it says where images are.
        need_home: raises ``BadInput`` where there is no place for images to go to.
    """

    schema: JSON
    need_home: Callable[[], object]
    _seen: dict[str, ImageRecord] = attrs.field(factory=dict, init=False)
    _look: Callable[[Path], ImageRecord] = attrs.field(
        factory=lambda: functools.lru_cache(REMEMBERED)(_look_at), init=False
    )

    def import_rows(self, rows: Iterable[Row], folder: Path) -> Iterator[Row]:
        """The rows, with references for paths; these start in the folder.

        Raises:
            BadRow: for a file that is no picture; it names row, field and file.
        """
        for origin, row in rows:
            yield origin, self.import_row(row, origin, folder)

    def import_row(self, row: JSON, origin: str, folder: Path) -> JSON:
        """One row, with references for paths, and sizes where the template asks."""
        places = [place for place in find_places(row, self.schema) if _is_path(place)]
        if not places:
            return row
        content = copy.deepcopy(dict(row))
        for place in find_places(content, self.schema):
            if _is_path(place):
                self._import(place, origin, folder)
        return content

    @property
    def seen(self) -> list[ImageRecord]:
        """The images that came by, each once."""
        return list(self._seen.values())

    def _import(self, place: Place, origin: str, folder: Path) -> None:
        address = place.address
        try:
            image = self._look(folder / address)
            self.need_home()
        except BadInput as error:
            raise BadRow(origin, place.field, f"{address!r}: {error}") from error
        place.put(refer(image.digest))
        if place.is_measured:
            _measure(place, image, origin)
        self._seen.setdefault(image.digest, image)


def _is_path(place: Place) -> bool:
    address = place.address
    return bool(address) and "://" not in address and not address.startswith("data:")


def _look_at(path: Path) -> ImageRecord:
    data = load(path)
    picture = read_picture(data)
    return ImageRecord(
        digest=digest(data),
        path=str(path.absolute()),
        n_bytes=len(picture.data),
        width=picture.width,
        height=picture.height,
    )


def _measure(place: Place, image: ImageRecord, origin: str) -> None:
    outside = place.field.rpartition(".")[0]
    for side in ("width", "height"):
        size = getattr(image, side)
        given = place.holder.setdefault(side, size)
        if given != size:
            field = f"{outside}.{side}".removeprefix(".")
            raise BadRow(origin, field, f"{given!r} is not the {size} of the picture")
