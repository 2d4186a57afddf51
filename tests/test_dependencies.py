"""What pyproject.toml declares is what the programs use."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "project"
]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
PROVIDERS = metadata.packages_distributions()

# What a benchmark measures us against has an environment of its own.
RIVALS = {"crowdkit"}
IMPORT_ALL_BUT = """
import importlib, pkgutil, sys
sys.modules.update(dict.fromkeys(sys.argv[1:]))  # None: as if it were not installed
import crowdlab
from crowdlab.errors import MissingExtra
for module in pkgutil.walk_packages(crowdlab.__path__, "crowdlab."):
    try:
        importlib.import_module(module.name)
    except MissingExtra:
        print(module.name)
"""


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _everything() -> set[str]:
    """Every declared distribution, of the core and of the extras."""
    return _declared(PROJECT["dependencies"]).union(*map(_declared, EXTRAS.values()))


def _declared(requirements: Iterable[str]) -> set[str]:
    names = (re.match(r"[\w.-]+", line) for line in requirements)
    return {_canonical(name[0]) for name in names if name} - {"crowdlab"}


def _trees(folder: str) -> Iterator[ast.Module]:
    for path in (ROOT / folder).rglob("*.py"):
        yield ast.parse(path.read_text("utf-8"))


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what is below it, but for what only type checkers read."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (
            isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        ):
            yield from _running(child)


def _imported(folder: str) -> set[str]:
    """The distributions that a folder's programs import."""
    names = set()
    for node in (node for tree in _trees(folder) for node in _running(tree)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    theirs = names - sys.stdlib_module_names - {"crowdlab", "docs", "tests"}
    return {_canonical(PROVIDERS.get(name, [name])[0]) for name in theirs}


def _modules(distribution: str) -> set[str]:
    """The names under which a distribution is imported."""
    return {
        module
        for module, names in PROVIDERS.items()
        if distribution in map(_canonical, names)
    }


def _words(*paths: str) -> set[str]:
    text = " ".join((ROOT / path).read_text("utf-8") for path in paths)
    return set(re.findall(r"[\w-]+", text))


def _asked_for() -> set[str]:
    """The extras that the package's errors tell a user to install."""
    return {
        str(node.args[1].value)
        for tree in _trees("crowdlab")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "MissingExtra"
        and isinstance(node.args[1], ast.Constant)
    }


def test_the_core_imports_what_it_declares() -> None:
    """No dependency of the core is there for nothing."""
    assert _declared(PROJECT["dependencies"]) - _imported("crowdlab") == set()


def test_the_package_declares_what_it_imports() -> None:
    """What the package imports is in the core or in an extra for users."""
    extras = (EXTRAS[name] for name in EXTRAS if name != "dev")
    declared = _declared(PROJECT["dependencies"]).union(*map(_declared, extras))

    assert _imported("crowdlab") - declared == set()


def test_the_core_imports_without_the_extras() -> None:
    """Every module but rooms that are an extra's own, which say so, needs no extra."""
    extras = set().union(*map(_declared, EXTRAS.values()))
    optional = extras - _declared(PROJECT["dependencies"])
    hidden = set().union(*map(_modules, optional))

    run = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL_BUT, *hidden],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.stderr == ""
    assert run.stdout.split() == [
        "crowdlab.aggregation.compiled",
        "crowdlab.moto",
        "crowdlab.server",
        "crowdlab.testing",
    ]


def test_an_extra_does_something() -> None:
    """What an extra installs is imported by the package, or an error asks for it."""
    idle = {
        name: missing
        for name in EXTRAS.keys() - _asked_for() - {"dev"}
        if (missing := _declared(EXTRAS[name]) - _imported("crowdlab"))
    }

    assert idle == {}


def test_an_extra_that_is_asked_for_exists() -> None:
    """The extra that an error tells a user to install can be installed."""
    assert _asked_for() - set(EXTRAS) == set()


def test_developers_tools_are_used() -> None:
    """What dev installs is imported by tests, run by make, read by Sphinx, or types."""
    known = _words("Makefile", "docs/conf.py", ".github/CONTRIBUTING.md")
    imported = _imported("tests") | _imported("docs")
    idle = set()
    for name in _declared(EXTRAS["dev"]) - imported:
        commands = metadata.distribution(name).entry_points
        names = _modules(name) | commands.select(group="console_scripts").names
        if not names & known and not _types_for(name):
            idle.add(name)

    assert idle == set()


def _types_for(stubs: str) -> set[str]:
    """The declared distribution whose types these stubs give."""
    typed = stubs.removesuffix("-stubs").removeprefix("types-")
    return {typed} & (_everything() - {stubs})


def test_the_tests_declare_what_they_import() -> None:
    """What the tests and the docs import is declared somewhere."""
    imported = _imported("tests") | _imported("docs")

    assert imported - _everything() - RIVALS == set()
