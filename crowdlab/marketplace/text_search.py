"""Searching texts as the site's search box does: any part of them, in any case."""

import sqlalchemy as sa

__all__ = ["pattern", "searched"]


def searched(*columns: sa.Column[str]) -> sa.ColumnElement[bool]:
    """Whether one of the columns holds the text of which ``sought`` is the pattern."""
    # Both sides in the store's own lower case: SQLite has one for ASCII alone.
    sought = sa.func.lower(sa.bindparam("sought", type_=sa.Text))
    return sa.or_(*(sa.func.lower(c).like(sought, escape="!") for c in columns))


def pattern(query: str | None) -> str:
    """What finds a text literally, whatever is special in it; nothing finds all.

    Example:
        >>> pattern("100% sure"), pattern(None)
        ('%100!% sure%', '%%')
    """
    text = query or ""
    for special in "!%_":
        text = text.replace(special, f"!{special}")
    return f"%{text}%"
