"""CSV and Parquet: a row for each label, whatever labels are."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from crowdlab.errors import BadInput, MissingExtra
from crowdlab.export.labelled import Labelled

__all__ = ["read_csv", "read_parquet", "write_csv", "write_parquet"]

MARKS = ("[", "{")


def write_csv(labelled: Labelled, path: Path) -> None:
    """Writes the table; labels that are no texts are JSON in it."""
    _flat(labelled.table).to_csv(path, index=False, lineterminator="\n")


def read_csv(path: Path) -> pd.DataFrame:
    """The table in the file."""
    try:
        table = pd.read_csv(path, dtype={"task": str}, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None
    return _deep(table)


def write_parquet(labelled: Labelled, path: Path) -> None:
    """Writes the table; labels that are no texts are JSON in it.

    Raises:
        MissingExtra: without pyarrow.
    """
    try:
        _flat(labelled.table).to_parquet(path, index=False)
    except ImportError as error:
        raise MissingExtra("Parquet files", "parquet") from error


def read_parquet(path: Path) -> pd.DataFrame:
    """The table in the file.

    Raises:
        MissingExtra: without pyarrow.
    """
    try:
        table = pd.read_parquet(path)
    except ImportError as error:
        raise MissingExtra("Parquet files", "parquet") from error
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None
    return _deep(table)


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(label=[_write(label) for label in table["label"]])


def _write(label: Any) -> Any:
    # A text that looks like JSON is told from JSON by its quotes.
    looks_like_json = isinstance(label, str) and label.startswith((*MARKS, '"'))
    if looks_like_json or isinstance(label, list | tuple | dict):
        return json.dumps(label, ensure_ascii=False)
    return label


def _deep(table: pd.DataFrame) -> pd.DataFrame:
    labels = [_read(label) for label in table["label"]]
    return table.assign(label=pd.Series(labels, index=table.index))


def _read(label: Any) -> Any:
    if isinstance(label, str) and label.startswith((*MARKS, '"')):
        try:
            return json.loads(label)
        except ValueError:
            return label
    return label
