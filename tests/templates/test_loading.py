"""Finding and loading templates."""

import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from hatchling.build import build_wheel

import crowdlab.templates.folders
from crowdlab.errors import BadTemplate, NotFound
from crowdlab.templates import Template, list_templates, load_template
from crowdlab.templates.folders import list_parts
from tests.templates.conftest import Copy

ROOT = Path(__file__).parents[2]

# File, what is replaced, by what, and what the message must name.
FAULTS = [
    ("template.toml", 'version = "1"', "version = 1", "'version' cannot be 1"),
    ("template.toml", 'version = "1"', "version = ", "no TOML"),
    ("template.toml", 'version = "1"', 'version = ""', "'version' is empty"),
    ("template.toml", 'version = "1"', 'vresion = "1"', "'version' is missing"),
    ("template.toml", 'version = "1"', 'version = "1"\npay = 3', "unknown key 'pay'"),
    ("template.toml", '"0.05"', '"0.005"', "reward: 0.005 has a fraction"),
    ("template.toml", '"0.05"', "0.05", "'reward' cannot be 0.05"),
    ("template.toml", "= 600", "= -600", "'duration_seconds' is negative"),
    ("template.toml", "= 600", "= true", "'duration_seconds' cannot be True"),
    ("template.toml", '["en", "es"]', '["en", 3]', "'languages' cannot be"),
    ("template.toml", '["en", "es"]', '["en", "fr"]', "messages.fr.json"),
    (
        "template.toml",
        '"one-label"',
        '"two-labels"',
        "choose from: one-label, selection",
    ),
    (
        "template.toml",
        'answer = "label"',
        'answer = "word"',
        "answer 'word' is none of: label",
    ),
    ("template.toml", 'choices = "choices"', 'options = "choices"', "options"),
    (
        "template.toml",
        '["choices", "label"]',
        '["chioces"]',
        "no part 'chioces'; choose from: choices, ",
    ),
    ("template.toml", '["choices", "label"]', '"label"', "'parts' cannot be 'label'"),
    ("template.toml", 'gold = "gold"', 'gold = "text"', "gold 'text' is not private"),
    (
        "template.toml",
        'gold = "gold"',
        'gold = "truth"',
        "gold 'truth' is none of: text",
    ),
    ("template.toml", 'title = "', f'title = "{"x" * 120}', "longer than 128"),
    ("input.schema.json", '"object"', '"thing"', "no JSON Schema"),
    ("input.schema.json", '"object"', '"array"', "type 'object'"),
    ("input.schema.json", "{", "[", "no JSON"),
    (
        "answer.schema.json",
        '"properties"',
        '"propreties"',
        "type 'object' and properties",
    ),
    ("messages.es.json", '"Texto"', "3", "'text' is no text"),
    ("messages.es.json", '"Elige una etiqueta"', '""', "'title' is missing"),
]


def test_our_templates_are_listed() -> None:
    """The names are sorted; shared parts are no template."""
    names = list_templates()

    assert {"image-selection", "text-classification"} <= set(names)
    assert sorted(names) == names
    assert [] == [name for name in names if name.startswith("_")]


def test_our_parts_are_listed() -> None:
    """The README of the templates says what each shared part is for."""
    page = (ROOT / "task_templates" / "README.md").read_text("utf-8")
    _, _, table = page.partition("| part |")

    assert sorted(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == list_parts()


@pytest.mark.parametrize("name", ["./image-selection", "image-selection/"])
def test_a_path_is_never_a_name(
    copy: Copy, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Whoever writes a slash means the folder there, though there is a template of ours."""
    folder = copy()
    monkeypatch.chdir(folder.parent)
    folder.rename(folder.parent / "image-selection")

    assert folder.parent == load_template(name).folder.parent
    assert folder.parent != load_template("image-selection").folder.parent


def test_an_unknown_name_lists_the_choices() -> None:
    """A requester who mistypes a name reads the names that exist."""
    with pytest.raises(NotFound, match="choose from: image-classification, image-sel"):
        load_template("image-selction")


def test_a_folder_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    """A path is never mistaken for a name."""
    with pytest.raises(NotFound, match="nowhere"):
        load_template(tmp_path / "nowhere")


def test_the_facts_are_those_of_the_manifest(texts: Template) -> None:
    """What template.toml says is what the template says."""
    assert "text-classification" == texts.name
    assert ("en", "es") == texts.languages
    assert "0.05" == str(texts.reward)
    assert (15, 600) == (texts.seconds_per_task, texts.duration_seconds)
    assert (604800, 259200) == (texts.lifetime_seconds, texts.auto_approval_seconds)
    assert texts.title
    assert texts.description
    assert texts.keywords


def test_a_folder_of_ones_own_is_a_template(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A requester's folder is the equal of ours, by path and by its name beside us."""
    folder = copy()
    monkeypatch.chdir(folder.parent)

    for where in (folder, str(folder), "./own-template", "own-template"):
        own = load_template(where)
        assert (folder, "own-template") == (own.folder, own.name)
    assert {"const": "own-template"} == own.answer_schema["properties"]["template"]


def test_another_package_offers_templates(
    copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry point that gives a folder adds a name."""
    point = metadata.EntryPoint(
        "their-template", "tests.templates.test_loading:THEIRS", "crowdlab.templates"
    )
    monkeypatch.setitem(globals(), "THEIRS", copy())
    monkeypatch.setattr(
        "importlib.metadata.EntryPoint.load", lambda _: globals()["THEIRS"]
    )
    monkeypatch.setattr(
        "importlib.metadata.entry_points",
        lambda group: metadata.EntryPoints(
            [point] if group == "crowdlab.templates" else []
        ),
    )

    assert "their-template" in list_templates()
    assert "own-template" == load_template("their-template").name


@pytest.mark.parametrize(("name", "old", "new", "fault"), FAULTS)
def test_a_bad_folder_is_refused(
    copy: Copy, name: str, old: str, new: str, fault: str
) -> None:
    """The message names the file and its fault."""
    with pytest.raises(BadTemplate) as refused:
        load_template(copy(name, old, new))

    assert fault in str(refused.value)
    assert name in str(refused.value) or "messages.fr" in str(refused.value)


@pytest.mark.parametrize(
    "name",
    ["template.toml", "input.schema.json", "answer.schema.json", "page.html", "page.js",
     "messages.en.json", "example.jsonl"],
)  # fmt: skip
def test_a_missing_file_is_named(copy: Copy, name: str) -> None:
    """Every file that a template needs is asked for by name."""
    folder = copy()
    (folder / name).unlink()

    with pytest.raises(BadTemplate, match=name):
        load_template(folder)


def test_a_folder_has_a_proper_name(copy: Copy) -> None:
    """The name goes into answers and commands, so it has neither blanks nor capitals."""
    folder = copy()
    renamed = folder.rename(folder.parent / "My Template")

    with pytest.raises(BadTemplate, match="My Template"):
        load_template(renamed)


def test_a_wheel_brings_the_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installed from a wheel, away from the checkout, the templates are found."""
    monkeypatch.chdir(ROOT)
    wheel = build_wheel(str(tmp_path))
    with zipfile.ZipFile(tmp_path / wheel) as archive:
        archive.extractall(tmp_path / "site")

    program = "from crowdlab.templates import *; print(load_template('image-selection').folder)"
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site")},
        check=True,
        capture_output=True,
        text=True,
    )

    assert (
        str(tmp_path / "site" / "crowdlab" / "task_templates" / "image-selection")
        == run.stdout.strip()
    )


def test_an_installation_without_templates_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folders were lost, the message says where they were looked for."""
    lost = tmp_path / "crowdlab" / "templates" / "folders.py"
    monkeypatch.setattr(crowdlab.templates.folders, "__file__", str(lost))

    with pytest.raises(BadTemplate, match="task_templates"):
        list_templates()
