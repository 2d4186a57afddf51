"""Templates of one's own, made from ours."""

from pathlib import Path

import pytest

from crowdlab.errors import AlreadyExists, BadTemplate, NotFound
from crowdlab.templates import copy_template, lint_template, list_templates


@pytest.mark.parametrize("like", list_templates())
def test_a_copy_works_at_once(tmp_path: Path, like: str) -> None:
    """Every template of ours makes another, of its own name, with nothing to mend."""
    made = copy_template(tmp_path / "my-own", like=like)

    assert ("my-own", tmp_path / "my-own") == (made.name, made.folder)
    faults = [each for each in lint_template(made.folder) if each.level == "fault"]
    assert [] == faults


def test_a_copy_can_be_copied(tmp_path: Path) -> None:
    """A folder does where a name would."""
    first = copy_template(tmp_path / "first")
    (first.folder / "style.css").write_text("/* mine */", "utf-8")

    second = copy_template(tmp_path / "second", like=first.folder)

    assert "/* mine */" == (second.folder / "style.css").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("there", AlreadyExists, "there is there already"),
        ("image-selection", AlreadyExists, "there is a template 'image-selection'"),
        ("My Pets", BadTemplate, "small letters, digits and hyphens"),
    ],
)
def test_a_name_that_will_not_do_is_refused(
    tmp_path: Path, name: str, error: type[Exception], said: str
) -> None:
    """Nothing is overwritten, hidden or unnameable, and nothing is made."""
    (tmp_path / "there").mkdir()

    with pytest.raises(error, match=said):
        copy_template(tmp_path / name)

    assert ["there"] == [path.name for path in tmp_path.iterdir()]


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The choices are listed, and no folder is left behind."""
    with pytest.raises(NotFound, match="choose from: image-classification"):
        copy_template(tmp_path / "mine", like="image-selction")

    assert [] == list(tmp_path.iterdir())
