"""A page is valid when it parses without an error; a known skeleton is not parsed."""

import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crowdlab.errors import BadQuestion
from crowdlab.questions import check_page
from crowdlab.questions.html5 import _is_sound, _Reader

START = "<!DOCTYPE html><title>t</title>"


def _refusal(page: str) -> BadQuestion | None:
    try:
        check_page(page)
    except BadQuestion as error:
        return error
    return None


def _is_valid(page: str) -> bool:
    return _refusal(page) is None


# --- which pages are valid ---


@pytest.mark.parametrize(
    "page",
    [
        ("\n <!DOCTYPE html>\n <body>\n <script src='x'></script><crowd-form>"
        "<crowd-input name='a' required></crowd-input></crowd-form></body>\n</html>\n"),
        "<!-- a page --><!doctype HTML><p>a<p>b<ul><li>c<li>d</ul>",
        START + "<input name=a /><br/><img src=x alt=y><svg><path d='M0 0'/></svg>",
        START + "<a href='?a=1&b=2&copy=3&region=4&notit=5'>R&D, a & b, &amp; &lt;</a>",
        START + "<!-- ---- a -- b --- -->",
        ("<!DOCTYPE html><head><template><p>a</p></template><meta name=a></head><body>"
        "<table><template><tr><td>a</td></tr></template><tr><td>b</table>"),
        START + "<template><tr><td>a</td></tr><li>b</template><p>c",
        START + "<textarea>\n</b><!-- </textarea><style>a > b { }</style>",
        START + "<script>if (a<b && '<!--' && '</p>') { }</script>",
        START + "<p>é走\u200f\u2028😀</p>",
        START + "<details><summary>a</summary><p>b</details><dialog>c</dialog>",
        ('<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html><body></body></html>'),
    ],
)  # fmt: skip
def test_pages_of_todays_html_are_valid(page: str) -> None:
    """What the standard allows is valid, self-closed fields and loose ends included."""
    assert _is_valid(page)


@pytest.mark.parametrize(
    ("page", "position", "words"),
    [
        ("<html><head></head></html>", "line 1, column 6", "Expected DOCTYPE"),
        ("", "line 1, column 0", "Expected DOCTYPE"),
        ("Hello", "line 1, column 5", "Expected DOCTYPE"),
        (START + "\n<body>\n<body>", "line 3, column 6", "Unexpected start tag (body)"),
        (START + "\n<p a='1'b='2'>", "line 2, column 8", "after attribute value"),
        (START + "<p a=1 a=2>", "line 1", "duplicate attribute"),
        (START + "<div><p>a</body>", "line 1", "Missing end tag (div)"),
        (START + "</p></div>", "line 1", "Unexpected end tag (p)"),
        (START + "<b><i>a</b></i>", "line 1", "End tag (b) violates"),
        (START + "<div/>", "line 1", "Trailing solidus not allowed on element div"),
        (START + "<script>a", "line 1", "Unexpected end of file"),
        (START + "<p a='b'", "line 1", "unexpected-EOF-after-attribute-value"),
        (START + "<!-- a", "line 1", "Unexpected end of file in comment"),
        (START + "<table><p>a</p></table>", "line 1", "table context"),
        (START + "&bogus; &nbsp a", "line 1", "Named entity expected"),
        (START + "a&copy=b", "line 1", "Named entity didn't end with ';'"),
        (START + "<form><form></form></form>", "line 1", "Unexpected start tag (form)"),
        (START + "<p>\x80</p>", "line 1", "Invalid codepoint"),
        (START + "<script>'\ufdd0'</script>", "line 1", "Invalid codepoint"),
        (START + "<div>" * 600, "line 1", "more than 512 deep"),
    ],
)  # fmt: skip
def test_a_parse_error_is_a_fault(page: str, position: str, words: str) -> None:
    """Each parse error is told with its place and the parser's words."""
    with pytest.raises(BadQuestion) as raised:
        check_page(page)

    assert position in str(raised.value)
    assert words in raised.value.details
    assert raised.value.html


@pytest.mark.parametrize(
    "page",
    ["<div>" * 13_000, "<b>" * 20_000, "<ul><li>" * 8_000, "<a><div>" * 8_000,
     "<table>" + "a<b>" * 15_000, "<p>" * 20_000, "&a" * 30_000, "<template" * 7_000,
     "<script>" * 8_000, "<font a=1><div>" * 4_000, "<" + "a" * 60_000],
)  # fmt: skip
def test_a_hostile_page_is_answered_soon(page: str) -> None:
    """Deep nesting, endless faults and huge names cost no more than an honest page."""
    start = time.perf_counter()
    refusal = _refusal(START + page)

    assert time.perf_counter() - start < 2
    assert refusal is None or len(refusal.details) < 10_000


# --- skeletons ---


def _page(data: object, script: str = "let a = 1 < 2;") -> str:
    block = json.dumps(data).replace("<", "\\u003c")
    return (
        f"{START}<form><input name=a></form><script type='application/json' id=d>"
        f"{block}</script><script>{script}</script>"
    )


def test_a_known_skeleton_is_not_parsed_again() -> None:
    """Pages that differ in a script of data are parsed once."""
    check_page(_page("first"))
    before = _is_sound.cache_info()
    for number in range(50):
        check_page(_page({"number": number, "text": "é😀\u200f '\"</script>" * number}))

    assert _is_sound.cache_info().misses == before.misses
    assert _is_sound.cache_info().hits == before.hits + 50


def test_known_skeletons_are_bounded() -> None:
    """However many pages come, only so many skeletons are kept."""
    for number in range(200):
        check_page(f"{START}<p>{number}")

    assert _is_sound.cache_info().currsize == 64


@pytest.mark.parametrize(
    "script",
    [
        "</script><b>",
        "<!-- <script>",
        "a</SCRIPT><b>",
        "\x7f",
        "\x85",
        "\ufdd0",
        "\U0001ffff",
    ],
)
def test_a_script_that_matters_is_looked_at(script: str) -> None:
    """A known skeleton vouches for no script that ends early or holds a fault."""
    assert _is_valid(_page("a", "b"))
    assert not _is_valid(_page("a", script))


@pytest.mark.parametrize(
    ("around", "harmless", "harmful"),
    [
        ("<!-- <script>{}</script> -->", "a", "--> </b> "),
        ("<p title='<script>{}</script>'>", "a", "' a='1'b='2' c='"),
        ("<svg><script>{}</script></svg>", "a", "&bogus;"),
        ("<textarea><script>{}</script></textarea>", "a", "&bogus;"),
        ("<script a='>'>{}</script>", "a", "\x7f"),
        ("<title>crowdlab:script:0</title><script>{}</script>", "a", "\x7f"),
        ("<!-- <script>{}</script> --><SCRIPT>crowdlab:script:0</SCRIPT>", "a", "--></b>"),
        ("<!-- <script>{}</script> --><script >crowdlab:script:0</script >", "a",
         "--></i>"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_script_is_read(
    around: str, harmless: str, harmful: str
) -> None:
    """Text that a parser does not see as a script's is never left out."""
    for _ in range(2):
        assert _is_valid(START + around.format(harmless))
        assert not _is_valid(
            START
            + around.format(
                harmful.replace("<", "&lt;") if "svg" in around else harmful
            )
        )


PIECES = [
    "<script>", "</script>", "<script type='a'>", "<SCRIPT>", "</SCRIPT>", "</script >",
    "<!--", "-->", "<textarea>", "</textarea>", "<svg>", "</svg>", "<style>", "</style>",
    "<title>", "</title>", "<p>", "<p a='", "'>", "<b>", "</b>", "<template>", "<table>",
    "</template>", "</table>", "a", "&bogus;", "\x85", "é", "crowdlab:script:0", "{}", ">",
    "crowdlab:script:1", "<", "<script>a</script>", "<script>b</script>", "</scrip", "\n",
]  # fmt: skip


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
@example(["<!--", "<script>a</script>", "-->", "<script>b</script>"])
def test_the_verdict_is_the_parsers(pieces: list[str]) -> None:
    """Whatever the skeletons known, the verdict is that of parsing the page itself."""
    page = START + "".join(pieces)

    assert _is_valid(page) is not bool(_Reader().faults(page))
