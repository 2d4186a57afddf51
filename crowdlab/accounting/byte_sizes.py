"""Numbers of bytes, as people write and read them."""

import re
from decimal import Decimal

from crowdlab.errors import BadInput

__all__ = ["parse_bytes", "show_bytes"]

_THOUSANDS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SIZE = re.compile(r"\s*([\d.]+(?:e\d+)?)\s*([kmgt]?)(i?)b?\s*", re.IGNORECASE)
_UNITS = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))


def parse_bytes(text: str) -> int:
    """The number of bytes that a text like ``11.6GB`` or ``8 GiB`` says.

    Raises:
        BadInput: for a text that says none.

    Example:
        >>> parse_bytes("11.6GB"), parse_bytes("1 GiB"), parse_bytes("4096")
        (11600000000, 1073741824, 4096)
    """
    match = _SIZE.fullmatch(text)
    if match is None or match[1].count(".") > 1 or match[1] == ".":
        raise BadInput(f"{text!r} is no size; write it like 11.6GB, 8GiB or 4096")
    scale = _THOUSANDS[match[2].lower()]
    if match[3]:
        scale = 1024 ** (len(str(scale)) // 3)
    return int(Decimal(match[1]) * scale)


def show_bytes(n_bytes: int) -> str:
    """The number of bytes to four digits, in units of thousands.

    Example:
        >>> show_bytes(11_568_000_000), show_bytes(401_000_000), show_bytes(12)
        ('11.57 GB', '401.0 MB', '12 B')
    """
    for scale, unit in _UNITS:
        if n_bytes >= scale:
            value = n_bytes / scale
            digits = max(0, 4 - len(str(int(value))))
            return f"{value:,.{digits}f} {unit}"
    return f"{n_bytes} B"
