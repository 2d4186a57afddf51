"""A look at a home of images before a batch needs it."""

import io

import attrs
from PIL import Image

from crowdlab.assets.home import Home
from crowdlab.assets.pictures import Picture
from crowdlab.assets.s3 import S3Home

__all__ = ["Probe", "probe"]

#: One that is known, for a picture that anybody may see.
NAME = f"{'0' * 32}.png"


@attrs.frozen
class Probe:
    """What is known of a home.

    Attributes:
        place: as it was named.
        url: of a picture of one pixel that is there now.
        cors: whether pages may read the pixels of images there.
    """

    place: str
    url: str
    cors: bool

    def to_json(self) -> dict[str, object]:
        """The fields."""
        return attrs.asdict(self)


def probe(home: Home, *, set_cors: bool = False) -> Probe:
    """Puts a picture there and looks whether browsers get it.

    Args:
        set_cors: lets pages of every site read the pixels of what is in a bucket.

    Raises:
        BadInput: it cannot be put there, or is not shown.
    """
    file = io.BytesIO()
    Image.new("L", (1, 1)).save(file, "png")
    home.prepare()
    url = home.put(NAME, Picture(file.getvalue(), "png", 1, 1))
    home.check(url)
    if set_cors and isinstance(home, S3Home):
        home.set_cors()
    # A crowdlab server lets every page.
    is_open = home.has_cors if isinstance(home, S3Home) else True
    return Probe(home.name, url, is_open)
