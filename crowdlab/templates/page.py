"""A template's page: one HTML document that carries all it needs."""

import base64
import functools
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

import attrs

__all__ = [
    "Page",
    "Sizes",
    "deflate",
    "embed",
    "escape",
    "fingerprint",
    "squeeze",
    "to_ascii",
]

JSON = Mapping[str, Any]
Sizes = dict[str, int]

TASK = "<!--task-->"

# Pictures come over https, or over http from this machine: the page's own host, or a
# server that somebody runs to try things. CSP has no word for [::1].
IMAGES = "https: data: 'self' http://localhost:* http://127.0.0.1:*"

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

# What HTML5 and XML 1.0 call an error in a text, and what ends a line in JavaScript.
UNSAFE = re.compile(
    "[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}"
        for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)


@attrs.frozen(eq=False)
class Page:
    """A page without its task.

    Attributes:
        facts: what the page knows of its template: name and version.
        messages: the texts of the page by language.
        unpacker: the script that inflates a packed page.
    """

    facts: JSON
    messages: Mapping[str, Mapping[str, str]]
    style: str
    script: str
    body: str
    unpacker: str

    def html(self, content: JSON, *, item: str, language: str) -> str:
        """The document that shows one task."""
        before, after = self._frame(language)
        return f"{before}{embed({'item': item, 'input': content})}{after}"

    def packed(self, content: JSON, *, item: str, language: str) -> str:
        """The same document, deflated, which makes a large page less than half as large."""
        before, after = self._packed_frame(language)
        return f"{before}{deflate(embed({'item': item, 'input': content}))}{after}"

    def sizes(self, content: JSON, *, item: str, language: str) -> Sizes:
        """The bytes of each part of the document that shows one task."""
        html = self.html(content, item=item, language=language)
        parts = {
            "input": embed(content),
            "style": self._style,
            "script": self._script,
            "messages": embed(self.messages, ascii_only=True),
        }
        sizes = {name: len(text.encode()) for name, text in parts.items()}
        return {**sizes, "html": len(html.encode()) - sum(sizes.values())}

    @functools.cached_property
    def _style(self) -> str:
        return squeeze(COMMENT.sub("", self.style))

    @functools.cached_property
    def _script(self) -> str:
        return squeeze(self.script)

    @functools.cached_property
    def _unpacker(self) -> str:
        return squeeze(self.unpacker)

    @functools.cached_property
    def _frames(self) -> dict[tuple[str, bool], tuple[str, str]]:
        return {}

    def _frame(self, language: str) -> tuple[str, str]:
        if (language, False) not in self._frames:
            style = f"<style>{self._style}</style>\n"
            facts = "application/json", self._facts(language)
            frame = self._make_frame(language, style, facts, self._script)
            self._frames[language, False] = frame
        return self._frames[language, False]

    def _packed_frame(self, language: str) -> tuple[str, str]:
        if (language, True) not in self._frames:
            whole = json.dumps([self._style, self._facts(language), self._script])
            facts = "application/octet-stream", deflate(whole)
            frame = self._make_frame(language, "", facts, self._unpacker)
            self._frames[language, True] = frame
        return self._frames[language, True]

    def _facts(self, language: str) -> str:
        facts = {**self.facts, "language": language, "messages": self.messages}
        return embed(facts, ascii_only=True)

    def _make_frame(
        self, language: str, style: str, data: tuple[str, str], script: str
    ) -> tuple[str, str]:
        title = escape(self.messages[language]["title"])
        kind, facts = data
        before = (
            f'<!DOCTYPE html>\n<html lang="{escape(language)}">\n<head>\n'
            '<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="strict-origin">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{self._policy(script)}">\n'
            f'<title>{to_ascii(title)}</title>\n<link rel="icon" href="data:,">\n'
            f"{style}</head>\n"
            f"<body>\n{to_ascii(squeeze(self.body))}\n"
            f'<script type="{kind}" id="page">{facts}</script>\n'
            f'<script type="{kind}" id="task">'
        )
        after = f"</script>\n<script>{script}</script>\n</body>\n</html>\n"
        return before, after

    def _policy(self, script: str) -> str:
        scripts = " ".join(map(fingerprint, dict.fromkeys((script, self._script))))
        return (
            f"default-src 'none'; base-uri 'none'; img-src {IMAGES}; "
            f"style-src {fingerprint(self._style)}; script-src {scripts}"
        )


def embed(value: object, *, ascii_only: bool = False) -> str:
    r"""The value as JSON that neither ends a script element nor troubles a parser.

    What is the same in every page is best ASCII alone: texts of one byte a character
    are several times faster to check, and a batch has thousands of them.

    Example:
        >>> embed("</script>")
        '"\\u003c/script>"'
    """
    text = json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"))
    text = text.replace("<", r"\u003c")
    if text.isascii() and "\x7f" not in text:
        return text
    return UNSAFE.sub(lambda match: json.dumps(match[0])[1:-1], text)


def deflate(text: str) -> str:
    """The text as bytes that a browser can inflate, in base64.

    Example:
        >>> len(deflate("go left, " * 1000))
        64
    """
    packer = zlib.compressobj(level=9, wbits=-zlib.MAX_WBITS)
    packed = packer.compress(text.encode()) + packer.flush()
    return base64.b64encode(packed).decode()


def escape(text: str) -> str:
    """The text as HTML shows it, in an element or a quoted attribute.

    Example:
        >>> escape('<"a">')
        '&lt;&quot;a&quot;&gt;'
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace('"', "&quot;")


def to_ascii(html: str) -> str:
    """The same HTML, its other characters written as numbers.

    Example:
        >>> to_ascii("¿Qué?")
        '&#191;Qu&#233;?'
    """
    return html.encode("ascii", "xmlcharrefreplace").decode()


def squeeze(text: str) -> str:
    r"""The text without indentation, empty lines and lines that are comments.

    Example:
        >>> squeeze("if (a) {\n  // why\n  b();\n}")
        'if (a) {\nb();\n}'
    """
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def fingerprint(text: str) -> str:
    """The source expression by which a policy allows exactly this text."""
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest())
    return f"'sha256-{digest.decode()}'"
