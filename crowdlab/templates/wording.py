"""What a text shows to somebody who does not understand it: its words and where it has them from."""

import re

__all__ = ["is_copied", "is_repetitive", "words"]

# Blanks, slashes and dashes part words; hyphens and apostrophes do not. The blanks are
# those of Python and of JavaScript together, so that page and server count alike.
GAP = re.compile(r"[\s\x1c-\x1f\x85\ufeff/\u2012-\u2015]+")

# Chinese and Japanese are written without blanks: each of their characters is a word.
LONE = re.compile(
    "[\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)

# Nobody says one word so often on end.
ON_END = 4


def words(text: str) -> list[str]:
    """The words of a text, in small letters and without the marks around them.

    A word is what stands between blanks, slashes and dashes, if a letter or a digit is
    in it; every character of Chinese and Japanese is a word of its own. The pages count
    by the same rule.

    Example:
        >>> words("Don't stop - the 2nd check-in desk/counter: you're there!")
        ["don't", 'stop', 'the', '2nd', 'check-in', 'desk', 'counter', "you're", 'there']
        >>> words("走过厨房 🚪 …")
        ['走', '过', '厨', '房']
    """
    parts = GAP.split(LONE.sub(r" \g<0> ", text))
    return [word for word in map(_bare, parts) if word]


def is_repetitive(text: str, least: int) -> bool:
    """Whether a text has fewer different words than half of the least it must have.

    So has one that says a word four times on end.

    Example:
        >>> is_repetitive("left left right left right right", least=10)
        True
        >>> is_repetitive("Leave the room, turn left and go to the last door.", least=10)
        False
    """
    said = words(text)
    runs = zip(*(said[start:] for start in range(ON_END)), strict=False)
    return 2 * len(set(said)) < least or any(len(set(run)) == 1 for run in runs)


def is_copied(text: str, source: str) -> bool:
    """Whether one of two texts has all the words of the other, in their order.

    Example:
        >>> is_copied("Well: leave the room, turn left.", "Leave the room. Turn left!")
        True
    """
    one, other = (f" {' '.join(words(each))} " for each in (text, source))
    return one in other or other in one


def _bare(part: str) -> str:
    """What is between the first and the last letter or digit, in small letters."""
    places = [place for place, sign in enumerate(part) if sign.isalnum()]
    return part[places[0] : places[-1] + 1].lower() if places else ""
