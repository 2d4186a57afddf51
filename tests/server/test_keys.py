"""Files of access keys."""

from pathlib import Path

import pytest

from crowdlab.errors import BadInput
from crowdlab.server import add_key, read_keys


def test_a_new_key_is_read_back(tmp_path: Path) -> None:
    """Keys that were made stand in the file, each for its requester."""
    file = tmp_path / "keys.toml"
    made = [add_key(file, name) for name in ("ana", 'Bob "the" Ñandú\\', "ana")]

    assert list(read_keys(file).values()) == made
    assert made[0] != made[2]


def test_a_new_key_looks_like_amazons(tmp_path: Path) -> None:
    """Programs that check the form of their keys find nothing to complain about."""
    key = add_key(tmp_path / "keys.toml", "ana")

    assert (key.access_key[:4], len(key.access_key), len(key.secret)) == (
        "AKIA",
        20,
        40,
    )


def test_others_cannot_read_the_file(tmp_path: Path) -> None:
    """A file of secrets is its owner's alone."""
    add_key(tmp_path / "keys.toml", "ana")

    assert (tmp_path / "keys.toml").stat().st_mode & 0o077 == 0


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    """A key in a log or a traceback does not tell its secret."""
    key = add_key(tmp_path / "keys.toml", "ana")

    assert key.secret not in repr(key)


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 65])
def test_a_requester_needs_a_name(tmp_path: Path, name: str) -> None:
    """What is no name of one line makes no key, and no file."""
    with pytest.raises(BadInput, match="requester"):
        add_key(tmp_path / "keys.toml", name)

    assert not (tmp_path / "keys.toml").exists()


KEY = '[[keys]]\naccess_key = "A"\nsecret = "s"\nrequester = "ana"\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "has no"),
        ("keys = 5", "has no"),
        ("[[keys]", "keys.toml"),
        (KEY + KEY, "the access key 'A' twice"),
        (KEY.replace("secret", "password"), "key 1: needs exactly access_key, secret"),
        (KEY + KEY.replace('"s"', "5"), "key 2: secret"),
        (KEY.replace('"A"', '""'), "key 1: access_key"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    """What is wrong with a file of keys is said, with the number of the key."""
    file = tmp_path / "keys.toml"
    file.write_text(text)

    with pytest.raises(BadInput, match=complaint) as caught:
        read_keys(file)

    assert str(file) in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """To serve with keys takes a file of them."""
    with pytest.raises(BadInput, match=r"none\.toml"):
        read_keys(tmp_path / "none.toml")


def test_a_key_is_not_added_to_another_file(tmp_path: Path) -> None:
    """A file that holds something else is left as it is."""
    file = tmp_path / "pyproject.toml"
    file.write_text("[project]\n")

    with pytest.raises(BadInput):
        add_key(file, "ana")

    assert file.read_text() == "[project]\n"
