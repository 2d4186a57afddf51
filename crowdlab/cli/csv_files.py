"""Tables that people hand to a command."""

from pathlib import Path

import pandas as pd

from crowdlab.aggregation.answers import encoded
from crowdlab.errors import BadInput

__all__ = ["read_csv", "write_labels"]


def read_csv(path: Path, *columns: str) -> pd.DataFrame:
    """The table in a file, all of it text, which has to have these columns.

    Raises:
        BadInput: it cannot be read, or lacks a column; names the file and what it has.
    """
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None
    for column in columns:
        if column not in frame:
            known = ", ".join(map(str, frame.columns))
            raise BadInput(f"{path}: has no column {column!r}; it has: {known}")
    return frame


def write_labels(table: pd.DataFrame, path: Path) -> None:
    """Writes labels, a row for each task; those that are no texts become JSON."""
    labels = [encoded(label) for label in table["label"]]
    table.assign(label=labels).to_csv(path, index=False)
