"""Reading a template from its folder, all of it checked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crowdlab.errors import BadTemplate, NotFound
from crowdlab.templates.ballots import Ballot, kinds
from crowdlab.templates.folders import find_folder, list_parts, page_folder
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
    "instructions",
    "reports",
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
    sources = _sources(folder, manifest)
    own_input = read_schema(folder / "input.schema.json")
    own_answer = read_schema(folder / "answer.schema.json")
    _find(folder / "example.jsonl")
    return Template(
        folder=folder,
        manifest=manifest,
        input_schema=merge_schemas(_shared_schema("input"), own_input),
        answer_schema=_answer_schema(folder.name, own_answer),
        defaults=_defaults(own_input),
        private=_private(own_input),
        layout=_page(folder, manifest, sources),
        ballot=_ballot(folder, manifest, own_input, own_answer),
    )


def _sources(folder: Path, manifest: Manifest) -> list[Path]:
    """The folders that a page is made of, each building on those before it."""
    known = list_parts()
    for part in manifest.parts:
        if part not in known:
            where = folder / "template.toml"
            raise BadTemplate(f"{where}: {NotFound('part', part, known)}")
    return [page_folder(), *(page_folder() / part for part in manifest.parts), folder]


def _shared_schema(kind: str) -> dict[str, Any]:
    return read_schema(page_folder() / f"{kind}.schema.json")


def _answer_schema(name: str, own: JSON) -> dict[str, Any]:
    schema = merge_schemas(_shared_schema("answer"), own)
    schema["properties"]["template"] = {"const": name}
    return schema


def _defaults(schema: JSON) -> dict[str, Any]:
    properties = schema["properties"].items()
    return {name: facts["default"] for name, facts in properties if "default" in facts}


def _private(schema: JSON) -> frozenset[str]:
    properties = schema["properties"].items()
    return frozenset(name for name, facts in properties if facts.get("private"))


def _page(folder: Path, manifest: Manifest, sources: list[Path]) -> Page:
    styles = [source / "style.css" for source in sources]
    body = _text(page_folder() / "page.html")
    return Page(
        facts={"template": folder.name, "version": manifest.version},
        messages={lang: _messages(sources, lang) for lang in manifest.languages},
        style="\n".join(_text(path) for path in styles if path.is_file()),
        script="\n".join(_text(path) for path in _scripts(sources)),
        body=body.replace(TASK, _text(folder / "page.html")),
        unpacker=_text(page_folder() / "unpacking.js"),
    )


def _scripts(sources: list[Path]) -> list[Path]:
    shared, *parts, own = sources
    optional = [part / "page.js" for part in parts if (part / "page.js").is_file()]
    last = own / "page.js"
    first = sorted(path for path in own.glob("*.js") if path != last)
    names = (shared / f"{name}.js" for name in SCRIPTS)
    return [*names, *optional, *first, last]


def _messages(sources: list[Path], language: str) -> dict[str, str]:
    *shared, path = [source / f"messages.{language}.json" for source in sources]
    messages: dict[str, Any] = {}
    for each in (*filter(Path.is_file, shared), path):
        messages |= read_json(each)
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
    if settings.get("gold", "") not in {"", *_private(own_input)}:
        raise BadTemplate(f"{where}: gold {settings['gold']!r} is not private")
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
