"""The plugin in runs of pytest that are not ours."""

import subprocess
import sys
from pathlib import Path

EMPTY = "def test_nothing(): pass\n"
USING = "def test_market(mturk, marketplace, lab, clock): assert mturk.list_hits()\n"


def run(folder: Path, test: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Runs a test of somebody's in a folder of theirs."""
    (folder / "test_theirs.py").write_text(test, "utf-8")
    program = (
        f"import sys\n{before}\nimport pytest\n"
        "code = pytest.main(['-q', '-p', 'no:cacheprovider'])\n"
        "print('loaded:', *{'moto', 'boto3', 'pandas', 'sqlalchemy'} & {*sys.modules})\n"
        "sys.exit(code)"
    )
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_that_needs_none_of_it(tmp_path: Path) -> None:
    """The plugin imports nothing that takes long until a test asks for it."""
    done = run(tmp_path, EMPTY)

    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "loaded:"


def test_a_run_that_uses_it(tmp_path: Path) -> None:
    """Where crowdlab is installed the fixtures are there, without any configuration."""
    done = run(tmp_path, USING)

    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_without_moto(tmp_path: Path) -> None:
    """Without moto, a test that needs it is told in one sentence what to install."""
    done = run(tmp_path, USING, before="sys.modules['moto'] = None")

    assert done.returncode == 1
    assert "1 error" in done.stdout
    said = [line for line in done.stdout.splitlines() if "extra" in line]
    assert "need an extra: pip install 'crowdlab[moto]'" in said[0]
    assert "Traceback" not in done.stdout
