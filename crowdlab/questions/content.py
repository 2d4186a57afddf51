"""What a QuestionForm shows: titles, texts, lists, pictures, formatted content."""

from collections.abc import Iterable

import attrs

from crowdlab.questions.elements import (
    Children,
    Element,
    choice,
    name_of,
    namespace_of,
    refused,
    text,
)
from crowdlab.questions.formatted import check_formatted
from crowdlab.questions.markup import SCHEMAS, cdata, element, escape, one_line_end

__all__ = [
    "FORM_2005",
    "Application",
    "Binary",
    "Block",
    "EmbeddedBinary",
    "FormattedContent",
    "List",
    "Text",
    "Title",
    "read_block",
    "read_blocks",
]

FORM_2005 = f"{SCHEMAS}2005-10-01/QuestionForm.xsd"
MEDIA = ("image", "audio", "video")


def _url(of: Element) -> str:
    url = text(of).strip()
    if not url.startswith(("http://", "https://")):
        raise refused(
            of,
            f"<{name_of(of)}> needs a URL that begins with http:// or https://, "
            f"not {url!r}",
            f"cvc-pattern-valid: Value '{url}' is not facet-valid with respect to "
            "pattern '(http|https)://.*' for type 'URLType'.",
        )
    return url


@attrs.frozen
class Title:
    """A heading."""

    text: str

    @classmethod
    def read(cls, block: Element) -> "Title":
        """The block of an element."""
        return cls(text(block))

    def to_xml(self) -> str:
        """The block as the wire carries it."""
        return element("Title", escape(self.text))


@attrs.frozen
class Text:
    """A paragraph of plain text."""

    text: str

    @classmethod
    def read(cls, block: Element) -> "Text":
        """The block of an element."""
        return cls(text(block))

    def to_xml(self) -> str:
        """The block as the wire carries it."""
        return element("Text", escape(self.text))


@attrs.frozen
class List:
    """A list with bullets."""

    items: tuple[str, ...] = attrs.field(converter=tuple[str, ...])

    @classmethod
    def read(cls, block: Element) -> "List":
        """The block of an element."""
        with Children(block) as children:
            return cls(text(item) for item in children.some("ListItem"))

    def to_xml(self) -> str:
        """The block as the wire carries it."""
        return element("List", *(element("ListItem", escape(i)) for i in self.items))


@attrs.frozen
class FormattedContent:
    """A passage of XHTML, of the elements that ``check_formatted`` lets pass."""

    xhtml: str = attrs.field(converter=one_line_end)

    @classmethod
    def read(cls, block: Element) -> "FormattedContent":
        """The block of an element."""
        xhtml = text(block)
        check_formatted(xhtml)
        return cls(xhtml)

    def to_xml(self) -> str:
        """The block as the wire carries it."""
        return element("FormattedContent", cdata(self.xhtml))


@attrs.frozen
class Binary:
    """A picture, sound or film.

    Attributes:
        media: ``image``, ``audio`` or ``video``.
        format: such as ``gif``, or ``None``.
        url: where it is.
        alternative: the text for those who cannot see or hear it.
    """

    media: str
    format: str | None
    url: str
    alternative: str

    @classmethod
    def read(cls, block: Element) -> "Binary":
        """The block of an element."""
        with Children(block) as children:
            return cls(
                *_read_mime_type(children.take("MimeType")),
                _url(children.take("DataURL")),
                text(children.take("AltText")),
            )

    def to_xml(self) -> str:
        """The block as the wire carries it."""
        return element(
            "Binary",
            _write_mime_type("MimeType", self.media, self.format),
            element("DataURL", escape(self.url)),
            element("AltText", escape(self.alternative)),
        )


@attrs.frozen
class EmbeddedBinary:
    """A picture, sound or film shown at a size.

    Attributes:
        media: ``image``, ``audio`` or ``video``.
        format: such as ``gif``, or ``None``.
        url: where it is.
        alternative: the text for those who cannot see or hear it.
        width: as HTML writes it, such as ``400`` or ``50%``.
        height: likewise.
        parameters: names and values for the browser's plug-in.
    """

    media: str
    format: str | None
    url: str
    alternative: str
    width: str
    height: str
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, block: Element) -> "EmbeddedBinary":
        """The block of an element."""
        with Children(block) as children:
            return cls(
                *_read_mime_type(children.take("EmbeddedMimeType")),
                _url(children.take("DataURL")),
                text(children.take("AltText")),
                text(children.take("Width")),
                text(children.take("Height")),
                _read_parameters(children),
            )

    def to_xml(self) -> str:
        """The block as the wire carries it."""
        return element(
            "EmbeddedBinary",
            _write_mime_type("EmbeddedMimeType", self.media, self.format),
            element("DataURL", escape(self.url)),
            element("AltText", escape(self.alternative)),
            element("Width", escape(self.width)),
            element("Height", escape(self.height)),
            *_write_parameters(self.parameters),
        )


@attrs.frozen
class Application:
    """A Java applet or Flash film, which only forms of 2005 may have.

    Attributes:
        kind: ``JavaApplet`` or ``Flash``.
        fields: the names and texts of its elements, such as ``Width``.
        parameters: names and values for it.
    """

    kind: str
    fields: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, block: Element) -> "Application":
        """The block of an element."""
        with Children(block) as children:
            program = children.take("JavaApplet", "Flash")
        names = {
            "JavaApplet": ("AppletPath", "AppletFilename", "Width", "Height"),
            "Flash": ("FlashMovieURL", "Width", "Height"),
        }[name_of(program)]
        with Children(program) as children:
            (path, *others) = [children.take(name) for name in names]
            fields = [_url(path), *map(text, others)]
            return cls(
                name_of(program),
                tuple(zip(names, fields, strict=True)),
                _read_parameters(children),
            )

    def to_xml(self) -> str:
        """The block as the wire carries it."""
        fields = [element(name, escape(value)) for name, value in self.fields]
        parameters = _write_parameters(self.parameters)
        return element("Application", element(self.kind, *fields, *parameters))


Block = Title | Text | List | Binary | EmbeddedBinary | FormattedContent | Application
BLOCKS: dict[str, type[Block]] = {
    kind.__name__: kind
    for kind in (Title, Text, List, Binary, EmbeddedBinary, FormattedContent)
}


def read_block(block: Element) -> Block:
    """The block of an element, by the element's name."""
    return {**BLOCKS, "Application": Application}[name_of(block)].read(block)


def read_blocks(of: Element) -> tuple[Block, ...]:
    """The blocks that an element consists of, at least one."""
    only_then = ("Application",) if namespace_of(of) == FORM_2005 else ()
    with Children(of) as children:
        return tuple(map(read_block, children.some(*BLOCKS, *only_then)))


def _read_mime_type(of: Element) -> tuple[str, str | None]:
    with Children(of) as children:
        media = choice(children.take("Type"), MEDIA)
        sub_type = children.maybe("SubType")
    return media, None if sub_type is None else text(sub_type)


def _write_mime_type(name: str, media: str, sub_type: str | None) -> str:
    parts = [element("Type", escape(media))]
    if sub_type is not None:
        parts.append(element("SubType", escape(sub_type)))
    return element(name, *parts)


def _read_parameters(children: Children) -> tuple[tuple[str, str], ...]:
    return tuple(map(_read_parameter, children.each("ApplicationParameter")))


def _read_parameter(parameter: Element) -> tuple[str, str]:
    with Children(parameter) as children:
        return text(children.take("Name")), text(children.take("Value"))


def _write_parameters(parameters: Iterable[tuple[str, str]]) -> list[str]:
    return [
        element(
            "ApplicationParameter",
            element("Name", escape(name)),
            element("Value", escape(value)),
        )
        for name, value in parameters
    ]
