"""Programs that were written for Mechanical Turk, run against a server of ours."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crowdlab.errors import BadInput
from crowdlab.questions import HTMLQuestion
from crowdlab.redirect import redirect
from crowdlab.redirect.command import HOOK
from crowdlab.server import Key, Markets, find_origins, make_app, open_markets, running

HIT: dict[str, Any] = {
    "Title": "Cats and dogs",
    "Description": "Say which it is.",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 600,
    "LifetimeInSeconds": 86400,
    "Question": HTMLQuestion("<!DOCTYPE html><p>Cat or dog?").to_xml(),
}
PRODUCTION = "https://mturk-requester.us-east-1.amazonaws.com"
SANDBOX = "https://mturk-requester-sandbox.us-east-1.amazonaws.com"
KEY = Key("AKIAANA", "sesame", "ana")


@pytest.fixture(autouse=True)
def without_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which AWS was never set up, and no way to ask anybody."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def markets() -> Iterator[Markets]:
    """Markets in memory."""
    with open_markets(None) as markets:
        yield markets


@pytest.fixture
def endpoint(markets: Markets) -> Iterator[str]:
    """An open server for them."""
    with running(
        lambda port: make_app(markets, find_origins("127.0.0.1", port))
    ) as port:
        yield f"http://127.0.0.1:{port}"


Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path, endpoint: str) -> Run:
    """Runs a Python program under the redirection, and gives its exit code."""

    def run(program: str, *options: str, to: str = endpoint, **named: Any) -> int:
        script = tmp_path / "old_script.py"
        script.write_text(f"HIT = {HIT!r}\n{textwrap.dedent(program)}")
        command = [sys.executable, *options, str(script)]
        return redirect(command, to, **named)

    return run


def titles(markets: Markets, environment: str) -> list[str]:
    """The titles of the HITs on a market."""
    hits = markets.by_environment[environment].call("ListHITs", {})["HITs"]
    return [hit["Title"] for hit in hits]


@pytest.mark.parametrize(
    ("client", "environment"),
    [
        ("boto3.client('mturk', 'us-east-1')", "production"),
        ("boto3.client('mturk', region_name='sandbox')", "sandbox"),
        (f"boto3.client('mturk', 'us-east-1', endpoint_url={SANDBOX!r})", "sandbox"),
        (
            f"boto3.Session('A', 'b').client('mturk', 'x', endpoint_url={PRODUCTION!r})",
            "production",
        ),
        ("boto3.Session('A', 'b', 'token').client('mturk', 'us-east-1')", "production"),
    ],
    ids=["plain", "region", "sandbox host", "production host", "token"],
)
def test_a_client_reaches_the_market_it_means(
    run: Run, markets: Markets, client: str, environment: str
) -> None:
    """However a client names its environment, that of the server is reached."""
    code = run(f"import boto3\n{client}.create_hit(**HIT)")

    assert code == 0
    assert {name: len(titles(markets, name)) for name in markets.by_environment} == {
        "production": int(environment == "production"),
        "sandbox": int(environment == "sandbox"),
    }


def test_a_program_sees_its_own_client(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    """The client still says that it talks to Amazon, as the program expects."""
    run(
        """
        import boto3
        client = boto3.client("mturk", "us-east-1")
        client.get_account_balance()
        print(client.meta.endpoint_url, client.meta.region_name)
        """
    )

    assert capfd.readouterr().out == (
        "https://mturk-requester.us-east-1.amazonaws.com us-east-1\n"
    )


def test_errors_and_pages_come_as_ever(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    """Modelled exceptions and paginators work as against Amazon."""
    code = run(
        """
        import boto3
        client = boto3.client("mturk", "us-east-1")
        for _ in range(12):
            client.create_hit(**HIT)
        pages = client.get_paginator("list_hits").paginate()
        print(sum(len(page["HITs"]) for page in pages))
        try:
            client.get_hit(HITId="3X")
        except client.exceptions.RequestError as error:
            print(error.response["TurkErrorCode"])
        """
    )

    assert code == 0
    assert capfd.readouterr().out == "12\nAWS.MechanicalTurk.HITDoesNotExist\n"


def test_a_programs_children_are_redirected(run: Run, markets: Markets) -> None:
    """Python programs that the program starts are redirected with it."""
    run(
        """
        import subprocess, sys
        child = f"import boto3; boto3.client('mturk', 'us-east-1').create_hit(**{HIT!r})"
        subprocess.run([sys.executable, "-c", child], check=True)
        """
    )

    assert titles(markets, "production") == ["Cats and dogs"]


def test_a_program_in_a_shell_is_redirected(endpoint: str, markets: Markets) -> None:
    """The command need not be Python itself."""
    child = f"import boto3; boto3.client('mturk', 'us-east-1').create_hit(**{HIT!r})"

    code = redirect(["sh", "-c", 'exec "$0" -c "$1"', sys.executable, child], endpoint)

    assert code == 0
    assert titles(markets, "production") == ["Cats and dogs"]


def test_nothing_else_reaches_mechanical_turk(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    """What gets past boto3's clients is stopped before it finds Amazon's host."""
    run(
        """
        import http.client, socket
        for look_up in (
            lambda h: http.client.HTTPSConnection(h).connect(),
            lambda h: socket.gethostbyname(h),
            lambda h: socket.getaddrinfo(h.encode(), 443),
        ):
            for host in (
                "mturk-requester.us-east-1.amazonaws.com",
                "MTurk-Requester-Sandbox.us-east-1.amazonaws.com",
            ):
                try:
                    look_up(host)
                except RuntimeError as error:
                    print(error)
        """
    )

    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == 6
    assert all("must not be reached" in line for line in lines)


def test_other_services_are_left_alone(
    run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    """Clients of other services are signed and sent as without us."""
    run(
        """
        import boto3
        from botocore.exceptions import NoCredentialsError
        try:
            boto3.client("s3", "us-east-1").list_buckets()
        except NoCredentialsError:
            print("no credentials")
        """
    )

    assert capfd.readouterr().out == "no credentials\n"


def test_an_own_sitecustomize_still_runs(
    run: Run,
    markets: Markets,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A ``sitecustomize`` that a program relies on is not hidden by ours."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text(
        "import builtins\nbuiltins.PLACE = __file__\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(own))

    run(
        """
        import boto3, sys, sitecustomize
        boto3.client("mturk", "us-east-1").create_hit(**HIT)
        print(PLACE == sitecustomize.__file__, any("redirect" in p for p in sys.path))
        """
    )

    assert capfd.readouterr().out == "True False\n"
    assert titles(markets, "production") == ["Cats and dogs"]


def test_a_broken_sitecustomize_is_told(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """What a program's own ``sitecustomize`` does wrong is not swallowed."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("import no_such_module\n")
    monkeypatch.setenv("PYTHONPATH", str(own))

    run("print('still here')")

    captured = capfd.readouterr()
    assert "no_such_module" in captured.err
    assert captured.out == "still here\n"


def test_a_proxy_is_not_in_the_way(
    run: Run, markets: Markets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy for the way out is not asked to reach this machine."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    run("import boto3; boto3.client('mturk', 'us-east-1').create_hit(**HIT)")

    assert titles(markets, "production") == ["Cats and dogs"]


def test_keys_sign_for_a_server_that_asks(run: Run, markets: Markets) -> None:
    """With a key of the server the program's requests are its owner's."""
    keys = {KEY.access_key: KEY}
    program = "import boto3; boto3.client('mturk', 'us-east-1').create_hit(**HIT)"
    with running(
        lambda port: make_app(markets, find_origins("127.0.0.1", port), keys=keys)
    ) as port:
        endpoint = f"http://127.0.0.1:{port}"
        without = run(program, to=endpoint)
        with_key = run(
            program, to=endpoint, access_key=KEY.access_key, secret=KEY.secret
        )

    assert (without, with_key) == (1, 0)
    hits = markets.production.requester("ana").call("ListHITs", {})["HITs"]
    assert len(hits) == 1


def test_a_programs_own_keys_are_used(
    run: Run, markets: Markets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that is configured with a key of the server needs no other."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY.secret)
    keys = {KEY.access_key: KEY}
    with running(
        lambda port: make_app(markets, find_origins("127.0.0.1", port), keys=keys)
    ) as port:
        code = run(
            "import boto3; boto3.client('mturk', 'us-east-1').create_hit(**HIT)",
            to=f"http://127.0.0.1:{port}/",
        )

    assert code == 0


@pytest.mark.parametrize(
    ("program", "code"),
    [("", 0), ("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", 137)],
)
def test_the_exit_code_is_the_programs(run: Run, program: str, code: int) -> None:
    """How the program ends is how the command ends, as in a shell."""
    assert run(program) == code


@pytest.mark.parametrize(
    "options", [["-I"], ["-E"], ["-sE"], ["-S"], ["-W", "error", "-I"]]
)
def test_python_alone_is_refused(run: Run, options: list[str]) -> None:
    """Options under which Python does not hear of us are refused, not risked."""
    with pytest.raises(BadInput, match="real Mechanical Turk"):
        run("import boto3; boto3.client('mturk', 'us-east-1')", *options)


@pytest.mark.parametrize(
    "options", [["-u"], ["-W", "ignore"], ["-X", "importtime"], ["-Wignore", "-B"]]
)
def test_other_options_are_pythons(
    run: Run, options: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    """Options that do not keep us out are passed on."""
    assert run("import sys; print(sys.flags.isolated)", *options) == 0
    assert capfd.readouterr().out == "0\n"


def test_options_of_the_program_are_its_own(endpoint: str) -> None:
    """What stands behind the program's name is not read as Python's."""
    done = redirect(
        [sys.executable, "-c", "import sys; sys.exit(len(sys.argv))", "-I"], endpoint
    )

    assert done == 2


@pytest.mark.parametrize(
    ("command", "named", "complaint"),
    [
        ([], {}, "needs a program"),
        (["no-such-program"], {}, "'no-such-program'"),
        (["true"], {"endpoint": "localhost:5001"}, "endpoint: 'localhost:5001'"),
        (["true"], {"access_key": "AKIAANA"}, "give both or neither"),
    ],
)
def test_what_cannot_be_run_is_named(
    command: list[str], named: dict[str, Any], complaint: str
) -> None:
    """A command or an endpoint that cannot be is refused."""
    with pytest.raises(BadInput, match=complaint):
        redirect(command, **named)


def test_an_interrupt_is_the_programs_to_answer(tmp_path: Path) -> None:
    """Ctrl+C reaches the program, and its own end is waited for."""
    program = (
        "import time\ntry:\n    print('up', flush=True)\n    time.sleep(30)\n"
        "except KeyboardInterrupt:\n    raise SystemExit(7)\n"
    )
    (tmp_path / "patient.py").write_text(program)
    ours = "import sys; from crowdlab.redirect import redirect; sys.exit(redirect(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", ours, sys.executable, str(tmp_path / "patient.py")],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)

        assert process.wait(timeout=20) == 7


def test_the_hook_needs_nothing_installed() -> None:
    """The hook reaches programs in environments of their own: the standard library."""
    program = "import sitecustomize, sys; print(sorted({'crowdlab', 'botocore'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-s", "-c", program],
        env={"PYTHONPATH": str(HOOK), "CROWDLAB_REDIRECT": "http://127.0.0.1:1/"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "[]\n"
