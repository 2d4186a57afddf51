"""How Sphinx builds these pages."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]

project = "crowdlab"
author = "the authors of crowdlab"
project_copyright = author

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "crowdlab"
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_use_ivar = True
nitpick_ignore_regex = [
    # The standard library and others' packages are explained on pages we do not fetch.
    (r"py:.*", r"(?!crowdlab\b).*"),
    # Type variables and private names have no place in a reference.
    (r"py:.*", r"crowdlab\b.*\.([A-Z]|Decorated|Part|_\w+)"),
]


def _public_names(module: Path) -> list[str]:
    """What the module lists in ``__all__`` and defines itself."""
    body = ast.parse(module.read_text("utf-8")).body
    listed = {
        name
        for line in body
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "__all__"
        for name in ast.literal_eval(line.value)
    }
    defined = (
        line for line in body if isinstance(line, ast.ClassDef | ast.FunctionDef)
    )
    # An overloaded function is defined several times, and is one.
    return [*dict.fromkeys(line.name for line in defined if line.name in listed)]


def _reference(room: Path) -> str:
    """A page on one room: what each of its modules says, and its public names."""
    lines = [f"{room.stem}\n{'=' * len(room.stem)}\n"]
    for module in sorted(room.rglob("*.py")) if room.is_dir() else [room]:
        path = module.relative_to(ROOT).with_suffix("")
        name = ".".join(path.parts).removesuffix(".__init__")
        lines.append(f".. automodule:: {name}\n   :no-members:\n")
        lines += [
            f".. auto{'class' if item[0].isupper() else 'function'}:: {name}.{item}\n"
            for item in _public_names(module)
        ]
    return "\n".join(lines)


def _write_reference(folder: Path) -> None:
    """Writes a page for every room into the folder; leaves unchanged pages alone."""
    folder.mkdir(exist_ok=True)
    rooms = (
        path
        for path in (ROOT / "crowdlab").iterdir()
        if path.match("[a-z]*.py") or (path / "__init__.py").exists()
    )
    pages = {folder / f"{room.stem}.rst": _reference(room) for room in rooms}
    for gone in set(folder.iterdir()) - set(pages):
        gone.unlink()
    for page, text in pages.items():
        if not page.exists() or page.read_text("utf-8") != text:
            page.write_text(text, "utf-8")


_write_reference(Path(__file__).parent / "reference" / "api")
