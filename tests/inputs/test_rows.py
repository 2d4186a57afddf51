"""Rows from files, frames and mappings."""

import builtins
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from crowdlab.errors import BadInput, BadRow, MissingExtra
from crowdlab.inputs import read_rows

SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "n": {"type": "integer"},
        "share": {"type": "number"},
        "sure": {"type": "boolean"},
        "choices": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
        "sizes": {"type": "array", "items": {"type": "integer"}},
        "images": {"type": "array", "items": {"type": ["string", "object"]}},
        "more": {"type": "object"},
    },
    "required": ["text", "choices"],
}
ROW = {
    "text": "Ça, «va»?\nYes, 走",
    "n": 3,
    "share": 0.5,
    "sure": True,
    "sizes": [1, 2],
    "images": [{"id": "a", "url": "u|v"}],
    "more": {"a": 1},
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file of inputs."""

    def write(content: str | bytes, name: str = "pets.csv") -> Path:
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(data)
        return path

    return write


def _rows(source: Any, schema: Mapping[str, Any] = SCHEMA) -> list[dict[str, Any]]:
    return [row for _, row in read_rows(source, schema)]


def _refusal(source: Any) -> str:
    with pytest.raises(BadInput) as refused:
        list(read_rows(source, SCHEMA))
    return str(refused.value)


def test_rows_know_where_they_come_from(write: Write) -> None:
    """The first row of data is row 1, and the file is named."""
    path = write("text\na\n\nb\n")

    assert [("pets.csv, row 1", {"text": "a"}), ("pets.csv, row 2", {"text": "b"})] == [
        *read_rows(path, SCHEMA)
    ]
    assert ["row 1", "row 2"] == [origin for origin, _ in read_rows([{}, {}], SCHEMA)]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("n\n3", 3),
        ("n\n -3 ", -3),
        ("share\n0.5", 0.5),
        ("share\n2", 2),
        ("sure\nTrue", True),
        ("sure\nno", False),
        ("sure\n1", True),
        ("choices\nyes|no", ["yes", "no"]),
        ("choices\nyes | no", ["yes", "no"]),
        ("choices\none", ["one"]),
        ('choices\n"[""a|b"", ""c""]"', ["a|b", "c"]),
        ("sizes\n1|2", [1, 2]),
        ('images\n"[{""id"": ""a""}]"', [{"id": "a"}]),
        (
            "images\nhttps://a/1.png|https://a/2.png",
            ["https://a/1.png", "https://a/2.png"],
        ),
        ('more\n"{""a"": 1}"', {"a": 1}),
        ("text\n3", "3"),
        ("text\n yes ", " yes "),
        ("other\n3", "3"),
    ],
)
def test_a_cell_is_what_the_schema_says(write: Write, cell: str, value: object) -> None:
    """Text becomes numbers, truths, lists and objects where they are meant."""
    name = cell.partition("\n")[0]

    (row,) = _rows(write(cell), {**SCHEMA, "required": []})

    assert {name: value} == row
    assert type(value) is type(row[name])


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("n\n3.5", "field 'n': '3.5' is no whole number"),
        ("n\nthree", "field 'n': 'three' is no whole number"),
        ("share\nhalf", "field 'share': 'half' is no number"),
        ("share\nnan", "field 'share': 'nan' is no number"),
        (
            "sure\nperhaps",
            "field 'sure': 'perhaps' is none of: true, yes, 1, false, no, 0",
        ),
        ("sizes\n1|x", "field 'sizes': 'x' is no whole number"),
        ("sizes\n[1", "field 'sizes': '[1' is no JSON"),
        ("more\n[1]", "field 'more': '[1]' is no JSON object"),
    ],
)
def test_a_cell_that_is_something_else_is_named(
    write: Write, cell: str, reason: str
) -> None:
    """The error names file, row and field."""
    name, _, value = cell.partition("\n")
    path = write(f"text,{name}\na,\nb,{value}\n")

    assert f"pets.csv, row 2, {reason}" in _refusal(path)


def test_an_empty_cell_is_absent(write: Write) -> None:
    """An optional field that is left empty is not there, nor is a null."""
    assert [{"text": "a"}] == _rows(write("text,n\na,\n"))
    assert [{"text": "a"}] == _rows(write('{"text": "a", "n": null}', "a.jsonl"))
    assert [{"text": "a"}] == _rows([{"text": "a", "n": None, "share": float("nan")}])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_as_spreadsheets_write_it(write: Write, encoding: str) -> None:
    """Byte order marks, carriage returns, quotes and line breaks in cells are read."""
    text = 'text,n\r\n"Say ""hi"",\nnow",1\r\nñ,2\r\n'

    assert [{"text": 'Say "hi",\nnow', "n": 1}, {"text": "ñ", "n": 2}] == _rows(
        write(text.encode(encoding))
    )


def test_tsv_is_separated_by_tabs(write: Write) -> None:
    """Commas are nothing special there."""
    assert [{"text": "a,b", "n": 1}] == _rows(write("text\tn\na,b\t1\n", "pets.TSV"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "pets.csv: it is empty"),
        ("\n\n", "pets.csv: it is empty"),
        (
            "n,share\n1,2\n",
            "pets.csv: its header has no column 'text'; it has: n, share",
        ),
        ("text,text\na,b\n", "pets.csv: its header names 'text' twice"),
        ("text,\na,b\n", "pets.csv: its header does not name column 2"),
        ("text,n\na,1\nb\n", "pets.csv, row 2: it has 1 cells, the header 2"),
        ("text,n\na,1,2\n", "pets.csv, row 1: it has 3 cells, the header 2"),
        ('text\n"a\n', "pets.csv, line 2: unexpected end of data"),
        (b"text\na\n\xff\xfe\n", "pets.csv, line 3: no UTF-8: invalid start byte"),
    ],
)
def test_a_bad_table_is_named(write: Write, content: str | bytes, reason: str) -> None:
    """The error says where the table is wrong."""
    assert _refusal(write(content)).startswith(reason)


def test_a_column_may_be_missing_that_the_batch_gives(write: Write) -> None:
    """What has a default or is the same for all rows needs no column."""
    path = write("n\n1\n")

    assert [("pets.csv, row 1", {"n": 1})] == list(
        read_rows(path, SCHEMA, given={"text"})
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pets.jsonl", json.dumps(ROW) + "\n\n" + json.dumps(ROW)),
        ("pets.json", json.dumps([ROW, ROW])),
    ],
)
def test_json_is_read_as_it_is(write: Write, name: str, content: str) -> None:
    """Nothing is guessed where types are known."""
    assert [(f"{name}, row 1", ROW), (f"{name}, row 2", ROW)] == list(
        read_rows(write(content, name), SCHEMA)
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (
            "a.jsonl",
            '{"text": "a"}\n{"text": \n',
            "a.jsonl, row 2: it is no JSON: Expecting",
        ),
        ("a.jsonl", "[1]", "a.jsonl, row 1: it is no JSON object, but a list"),
        ("a.jsonl", '{"n": NaN}', "a.jsonl, row 1: it is no JSON: NaN is no number"),
        ("a.jsonl", b"\xff", "a.jsonl, row 1: it is no JSON: 'utf-8' codec"),
        ("a.json", "{}", "a.json: no JSON list, but a dict"),
        ("a.json", "[1,", "a.json: no JSON: Expecting value"),
        ("a.json", "[{}, 2]", "a.json, row 2: it is no JSON object, but a int"),
        ("a.parquet", "PAR1", "a.parquet: no Parquet: "),
        (
            "a.xlsx",
            "",
            "its name must end in one of: .csv, .tsv, .jsonl, .json, .parquet",
        ),
    ],
)
def test_a_bad_document_is_named(
    write: Write, name: str, content: str | bytes, reason: str
) -> None:
    """The error says where the document is wrong."""
    assert reason in _refusal(write(content, name))


def test_parquet_is_read(tmp_path: Path) -> None:
    """Lists and missing values come as they are meant."""
    path = tmp_path / "pets.parquet"
    table = pa.table({"text": ["a", "b"], "n": [1, None], "sizes": [[1, 2], None]})
    parquet.write_table(table, path)

    assert [("pets.parquet, row 1", {"text": "a", "n": 1, "sizes": [1, 2]}),
            ("pets.parquet, row 2", {"text": "b"})] == list(read_rows(path, SCHEMA))  # fmt: skip


def test_parquet_needs_an_extra(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow the error says what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    with pytest.raises(MissingExtra, match=r"pip install 'crowdlab\[parquet\]'"):
        list(read_rows(write("", "a.parquet"), SCHEMA))


def test_a_frame_is_read() -> None:
    """What pandas guessed wrong is mended by the schema."""
    frame = pd.DataFrame(
        {
            "task": [25, 26],
            "text": [1.0, 2.0],
            "n": [3.0, None],
            "sure": [True, pd.NA],
            "choices": ["a|b", None],
            "sizes": [np.array([1, 2]), None],
        }
    )

    assert [
        {"task": 25, "text": "1", "n": 3, "sure": True, "choices": ["a", "b"], "sizes": [1, 2]},
        {"task": 26, "text": "2"},
    ] == _rows(frame)  # fmt: skip
    assert _rows(frame[["task"]]) == _rows(pa.table({"task": [25, 26]}))


def test_a_bad_cell_of_a_frame_is_named() -> None:
    """A frame's rows are counted from 1 too."""
    frame = pd.DataFrame({"text": ["a", "b"], "sizes": ["1|2", "1|x"]})

    assert "row 2, field 'sizes': 'x' is no whole number" == _refusal(frame)


def test_mappings_lose_their_wrappers() -> None:
    """Numbers and arrays of numpy become plain ones."""
    (row,) = _rows([{"text": "a", "n": np.int64(3), "sizes": np.array([1, 2])}])

    assert {"text": "a", "n": 3, "sizes": [1, 2]} == row
    assert builtins.int is type(row["n"])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ({"text": ["a"]}, "a dict is no file name, data frame or list of rows"),
        (3, "a int is no file name, data frame or list of rows"),
        ([{"text": "a"}, "b"], "row 2: a str is no mapping"),
        ("nowhere.csv", "nowhere.csv: no such file"),
        (Path(__file__).parent, "inputs: from a folder comes one image for each task"),
    ],
)
def test_a_bad_source_is_refused(source: object, reason: str) -> None:
    """What cannot hold rows is told from what holds wrong ones."""
    assert reason in _refusal(source)


def test_rows_are_streamed(write: Write) -> None:
    """The first rows are there before the last ones were looked at."""

    def endless() -> Iterator[dict[str, str]]:
        while True:
            yield {"text": "a"}

    path = write("text\na\nb,c\n")

    assert ("row 1", {"text": "a"}) == next(read_rows(endless(), SCHEMA))
    rows = read_rows(path, SCHEMA)
    assert ("pets.csv, row 1", {"text": "a"}) == next(rows)
    with pytest.raises(BadRow):
        next(rows)
