"""The house looks at itself: the habits that no linter can see."""

import ast
import importlib
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import crowdlab
import crowdlab.cli

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(crowdlab.__path__, "crowdlab.")
    if not module.name.endswith("__main__")
)
# The top level of the repository, but for what make and git put there.
HOUSE = (
    ".ci",
    ".github",
    "crowdlab",
    "docs",
    "task_templates",
    "tests",
    "Makefile",
    "README.md",
    "pyproject.toml",
)
PROSE = {"", ".css", ".html", ".js", ".json", ".md", ".py", ".toml", ".yml"}


def _defined(name: str) -> dict[str, Any]:
    """The public functions and classes that a module defines itself."""
    return {
        key: thing
        for key, thing in vars(importlib.import_module(name)).items()
        if not key.startswith("_")
        and (inspect.isclass(thing) or inspect.isfunction(thing))
        and thing.__module__ == name
    }


@pytest.mark.parametrize("name", ["crowdlab", *MODULES])
def test_a_module_lists_its_public_names(name: str) -> None:
    """``__all__`` holds what a module defines for others, once, and nothing it lacks."""
    module = importlib.import_module(name)

    assert set(_defined(name)) - set(module.__all__) == set()
    assert [key for key in module.__all__ if not hasattr(module, key)] == []
    assert len(module.__all__) == len(set(module.__all__))


def _undocumented(name: str) -> Iterator[str]:
    for key, thing in _defined(name).items():
        if not thing.__doc__:
            yield key
        if inspect.isclass(thing):
            yield from (
                f"{key}.{method}"
                for method, function in vars(thing).items()
                if inspect.isfunction(function)
                and not method.startswith("_")
                and not inspect.getdoc(getattr(thing, method))
            )


@pytest.mark.parametrize("name", ["crowdlab", *MODULES])
def test_a_public_name_is_documented(name: str) -> None:
    """Every module and every public function, class and method says what it is."""
    assert importlib.import_module(name).__doc__
    assert list(_undocumented(name)) == []


def _factless(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if (
            isinstance(node, ast.FunctionDef)
            and node.name.startswith("test_")
            and not ast.get_docstring(node)
        ):
            yield f"{path.name}: {node.name}"


def test_a_test_states_its_fact() -> None:
    """Every test's docstring says what it proves."""
    paths = (ROOT / "tests").rglob("test_*.py")

    assert [line for path in paths for line in _factless(path)] == []


def _picture() -> str:
    """The floors of the house, as the contract in pyproject.toml lists them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(each for each in contracts if each["id"] == "layers")["layers"]
    floors = [layer.replace(" | ", "  │  ") for layer in layers]
    width = max(map(len, floors)) + 4
    edge = "─" * width
    rows = f"\n├{edge}┤\n".join(f"│{floor:^{width}}│" for floor in floors)
    return f"┌{edge}┐\n{rows}\n└{edge}┘"


def test_the_picture_is_the_contract() -> None:
    """The picture of the layers in the docs shows what the import linter checks."""
    page = (ROOT / "docs" / "why" / "architecture.md").read_text("utf-8")

    assert f"```text\n{_picture()}\n```" in page, f"draw instead:\n{_picture()}"


def _commands() -> set[str]:
    return set(typer.main.get_command(crowdlab.cli.app).commands)  # type: ignore[attr-defined]


def test_a_verb_is_a_command() -> None:
    """What a lab can do, the shell can do under the same name."""
    verbs = {
        name
        for name, thing in vars(crowdlab.Lab).items()
        if inspect.isfunction(thing)
        and not name.startswith("_")
        and len(inspect.signature(thing).parameters) > 1
    }

    assert verbs - _commands() == set()


def test_a_command_is_documented() -> None:
    """Every command stands in the docs, and no other does."""
    page = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `crowdlab ([a-z-]+)", page, re.MULTILINE))

    assert listed == _commands()


def test_a_public_name_of_the_package_stands_in_the_reference() -> None:
    """What ``import crowdlab`` offers is listed on the first page of the reference."""
    page = (ROOT / "docs" / "reference" / "index.md").read_text("utf-8")
    listed = set(re.findall(r"^\| `crowdlab\.(\w+)`", page, re.MULTILINE))

    assert listed == set(crowdlab.__all__)


@pytest.mark.parametrize("name", crowdlab.list_templates())
def test_the_examples_of_a_template_pass(name: str) -> None:
    """Every template's examples fit its schema and render, in each of its languages."""
    template = crowdlab.load_template(name)
    examples = template.examples()

    assert examples
    for number, row in enumerate(examples, start=1):
        task = template.task(row, f"{name}, example {number}")
        for language in template.languages:
            assert template.question(
                task.input, task_id=task.task_id, language=language
            )


def _texts() -> Iterator[Path]:
    for name in HOUSE:
        path = ROOT / name
        for file in path.rglob("*") if path.is_dir() else [path]:
            if file.suffix in PROSE and file.is_file() and "_build" not in file.parts:
                yield file


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    """The project reads the same wherever it lies."""
    private = re.compile(
        r"(?<![\w./])/(?:home|Users|root|tmp|work|opt)/\w|[A-Z]:\\Users"
    )
    found = {
        str(path.relative_to(ROOT)): hit[0]
        for path in _texts()
        if (hit := private.search(path.read_text("utf-8")))
    }

    assert found == {}
