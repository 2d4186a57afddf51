"""The marketplace over HTTP, from the command line."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run

OLD_PROGRAM = """
import boto3
client = boto3.client("mturk", region_name="us-east-1",
    endpoint_url="https://mturk-requester.us-east-1.amazonaws.com")
print(client.get_account_balance()["AvailableBalance"])
"""


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[str]:
    """A server on a free port, started as a person starts it."""
    command = [sys.executable, "-m", "crowdlab", "serve", "--port=0"]
    process = subprocess.Popen(
        [*command, f"--store={tmp_path / 'crowd'}"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if ready := re.search(r"ready at (\S+)", line):
            break
    assert ready is not None
    yield ready[1]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_an_old_program_goes_elsewhere(endpoint: str, tmp_path: Path) -> None:
    """A program with Amazon's host in it reaches our server, without a change."""
    (tmp_path / "old.py").write_text(OLD_PROGRAM)
    command = [sys.executable, "-m", "crowdlab", "redirect", f"--endpoint={endpoint}"]

    told = subprocess.run(
        [*command, "--", sys.executable, "old.py"],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "AWS_EC2_METADATA_DISABLED": "true"},
        text=True,
    )

    assert told.stdout == "10000.00\n"


def test_a_batch_goes_over_http(run: Run, rain: str, endpoint: str) -> None:
    """The verbs work on a served marketplace as on the embedded one."""
    del rain
    created = run(
        "create",
        "far",
        *("--template=text-classification", "--inputs=rain.csv", "--reward=0.05"),
        f"--endpoint={endpoint}",
    )
    assert created.status == 0, created.err

    published = run("publish", "far", f"--endpoint={endpoint}", "--json").json
    assert published["created"] == 2
    assert (
        run("status", "far", f"--endpoint={endpoint}", "--json").json["available"] == 6
    )


def test_exit_status_of_the_program(run: Run) -> None:
    """The redirected program's exit status is ours."""
    ended = run("redirect", "--", sys.executable, "-c", "raise SystemExit(7)")

    assert ended.status == 7


def test_new_key(run: Run, tmp_path: Path) -> None:
    """A key is made, shown once and written where the server finds it."""
    key = run("serve", "--keys=keys.toml", "--new-key=lab").json

    assert key["access_key"] in (tmp_path / "keys.toml").read_text()
    assert key["secret"] in (tmp_path / "keys.toml").read_text()
    assert run("serve", "--new-key=lab").status == 1


def test_open_to_the_world(run: Run) -> None:
    """Without keys the server listens on this machine only."""
    ended = run("serve", "--host=0.0.0.0", "--port=0")

    assert ended.status == 1
    assert "without keys" in ended.err
