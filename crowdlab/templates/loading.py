"""Reading a template from its folder, all of it checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crowdlab.errors import BadTemplate, NotFound
from crowdlab.templates.ballots import Ballot, kinds
from crowdlab.templates.folders import find_folder, page_folder
from crowdlab.templates.manifest import Manifest, read_manifest
from crowdlab.templates.page import TASK, Page
from crowdlab.templates.schemas import merge_schemas, read_json, read_schema
from crowdlab.templates.template import Template

__all__ = ["load_template"]

JSON = Mapping[str, Any]

# In the order in which they build on one another.
SCRIPTS = (
    "place",
    "store",
    "telemetry",
    "words",
    "order",
    "pictures",
    "sending",
    "page",
)


def load_template(name_or_folder: str | Path) -> Template:
    """The template of that name, or in that folder.

    Raises:
        NotFound: if there is none; the message lists the choices.
        BadTemplate: if its folder cannot be used; the message names file and fault.

    Example:
        >>> load_template("image-selection").languages
        ('en', 'es')
        >>> load_template("pets")
        Traceback (most recent call last):
        ...
        crowdlab.errors.NotFound: there is no template 'pets'; choose from: ...
    """
    folder = find_folder(name_or_folder)
    manifest = read_manifest(folder / "template.toml")
    own_input = read_schema(folder / "input.schema.json")
    own_answer = read_schema(folder / "answer.schema.json")
    _find(folder / "example.jsonl")
    return Template(
        folder=folder,
        manifest=manifest,
        input_schema=merge_schemas(_shared_schema("input"), own_input),
        answer_schema=_answer_schema(folder.name, own_answer),
        defaults=_defaults(own_input),
        layout=_page(folder, manifest),
        ballot=_ballot(folder, manifest, own_input, own_answer),
    )


def _shared_schema(kind: str) -> dict[str, Any]:
    return read_json(page_folder() / f"{kind}.schema.json")


def _answer_schema(name: str, own: JSON) -> dict[str, Any]:
    schema = merge_schemas(_shared_schema("answer"), own)
    schema["properties"]["template"] = {"const": name}
    return schema


def _defaults(schema: JSON) -> dict[str, Any]:
    properties = schema["properties"].items()
    return {name: facts["default"] for name, facts in properties if "default" in facts}


def _page(folder: Path, manifest: Manifest) -> Page:
    shared = page_folder()
    style = folder / "style.css"
    own_style = _text(style) if style.is_file() else ""
    return Page(
        facts={"template": folder.name, "version": manifest.version},
        messages={lang: _messages(folder, lang) for lang in manifest.languages},
        style=f"{_text(shared / 'style.css')}\n{own_style}",
        script="\n".join(_text(path) for path in _scripts(folder)),
        body=_text(shared / "page.html").replace(TASK, _text(folder / "page.html")),
    )


def _scripts(folder: Path) -> list[Path]:
    return [*(page_folder() / f"{part}.js" for part in SCRIPTS), folder / "page.js"]


def _messages(folder: Path, language: str) -> dict[str, str]:
    name = f"messages.{language}.json"
    shared = page_folder() / name
    path = folder / name
    messages = {**(read_json(shared) if shared.is_file() else {}), **read_json(path)}
    for key, text in messages.items():
        if not isinstance(text, str):
            raise BadTemplate(f"{path}: {key!r} is no text")
    if not messages.get("title"):
        raise BadTemplate(f"{path}: 'title' is missing")
    return messages


def _ballot(
    folder: Path, manifest: Manifest, own_input: JSON, own_answer: JSON
) -> Ballot:
    settings = dict(manifest.votes)
    where = f"{folder / 'template.toml'}: votes"
    try:
        ballot = kinds().find(settings.pop("kind", ""))(**settings)
    except (NotFound, TypeError) as error:
        raise BadTemplate(f"{where}: {error}") from None
    for setting, field in settings.items():
        schema = own_answer if setting == "answer" else own_input
        if field not in schema["properties"]:
            known = ", ".join(schema["properties"])
            raise BadTemplate(f"{where}: {setting} {field!r} is none of: {known}")
    return ballot


def _find(path: Path) -> None:
    if not path.is_file():
        raise BadTemplate(f"{path}: no such file")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadTemplate(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise BadTemplate(f"{path}: no UTF-8: {error}") from None
