"""Searching texts as the site's search box does: any part of them, in any case."""

import sqlalchemy as sa

__all__ = ["pattern", "searched"]


def searched(*columns: sa.Column[str]) -> sa.ColumnElement[bool]:
    """Whether one of the columns holds the text of which ``sought`` is the pattern."""
    found = [
        sa.func.lower(column).like(sa.bindparam("sought"), escape="!")
        for column in columns
    ]
    return sa.or_(*found)


def pattern(query: str | None) -> str:
    """What finds a text literally, whatever is special in it; nothing finds all.

    Example:
        >>> pattern("100% Sure"), pattern(None)
        ('%100!% sure%', '%%')
    """
    text = (query or "").lower()
    for special in "!%_":
        text = text.replace(special, f"!{special}")
    return f"%{text}%"
