"""Small values that a browser keeps for us, and cannot change."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import attrs

__all__ = ["Seal"]


@attrs.frozen
class Seal:
    """Signs values for one purpose; those of another are not accepted.

    Attributes:
        sign: a signature of a text that nobody else can make.

    Example:
        >>> seal = Seal("note", lambda text: text[::-1].replace(" ", ""))
        >>> seal.open(seal.close(["done", 1]))
        ['done', 1]
        >>> seal.open("WyJkb25lIiwxXQ.forged") is None
        True
    """

    purpose: str
    sign: Callable[[str], str]

    def close(self, value: Any) -> str:
        """The value as the text of a cookie or a form's field."""
        raw = json.dumps(value, separators=(",", ":")).encode()
        text = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        return f"{text}.{self._signature(text)}"

    def open(self, sealed: str) -> Any:
        """The value in such a text; ``None`` where it is none of ours."""
        text, _, signature = sealed.partition(".")
        expected = self._signature(text)
        if not hmac.compare_digest(signature.encode(), expected.encode()):
            return None
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))

    def _signature(self, text: str) -> str:
        return self.sign(f"desk {self.purpose} {text}")
