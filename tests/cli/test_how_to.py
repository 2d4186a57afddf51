"""What the page on opening a site tells to type can be typed."""

import re
import shlex
from pathlib import Path

from crowdlab.lab import Lab
from crowdlab.server import open_markets
from tests.cli.conftest import Run

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "open-a-site.md"
ROWS = [{"text": "It rains.", "hypothesis": "It is wet."}]


def commands() -> list[list[str]]:
    """The words of each command on the page."""
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line.removeprefix("$ crowdlab ")) for line in lines]


def test_the_commands_of_the_page_run(run: Run) -> None:
    """Every one but those that serve until they are stopped."""
    with open_markets("crowd") as markets:
        owner = markets.production.requester("lab")
        with Lab(None, endpoint=owner) as lab:
            lab.create(
                "pets", template="text-classification", inputs=ROWS, reward="0.05"
            )
            lab.publish("pets")
    told = {}
    for words in commands():
        if words[0] != "serve" or "--new-key" in words:
            ended = run(*words)
            assert ended.status == 0, ended.err
            told[words[0]] = ended.out

    assert list(told) == ["serve", "invite", "deposit", "panel"]
    assert "C1ABCD" in told["panel"]
