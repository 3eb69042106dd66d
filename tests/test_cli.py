"""The command line as somebody types it: what it makes, and what it says when it cannot."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from typer.testing import CliRunner, Result

from app.cli import cli
from app.keeping import starting
from app.keeping.plainly import TroubleError
from app.kernel import events

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one's own."""
    folder = tmp_path / "data"
    monkeypatch.setenv("CIVICWINDOW_DATA_DIR", str(folder))
    monkeypatch.delenv("CIVICWINDOW_DATABASE_URL", raising=False)
    return folder


def typed(*words: str) -> Result:
    result = CliRunner().invoke(cli, words)
    events.wire({})
    return result


def test_a_demo_city_is_made_once_checked_saved_and_brought_back(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = typed("demo", "--matters", "20", "--citizens", "30")
    again = typed("demo")
    checked = typed("check")
    saved = typed("backup", str(tmp_path / "backup.tar.gz"))
    monkeypatch.setenv("CIVICWINDOW_DATA_DIR", str(tmp_path / "elsewhere"))
    without_key = typed("restore", str(tmp_path / "backup.tar.gz"))
    (tmp_path / "elsewhere").mkdir(exist_ok=True)
    shutil.copy2(home / "secret.key", tmp_path / "elsewhere")
    restored = typed("restore", str(tmp_path / "backup.tar.gz"))
    checked_again = typed("check", "cases")

    assert made.exit_code == 0, made.output
    assert "nothing was sent" in made.stdout
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)
    assert "not empty" in again.stderr
    assert checked.exit_code == 0, checked.output
    assert "matters with" in checked.stdout
    assert "were worked out again" in checked.stdout
    assert saved.exit_code == 0
    assert "Keep a copy of it apart" in saved.stdout
    assert (without_key.exit_code, without_key.stderr.count("\n")) == (1, 1)
    assert restored.exit_code == 0, restored.output
    assert checked_again.stdout in checked.stdout


@pytest.mark.usefixtures("home")
def test_the_first_administrators_get_passwords_that_are_shown_once() -> None:
    first = typed("first-admin", "--unit", "示例市政务服务局")
    second = typed("first-admin", "--unit", "示例市政务服务局")

    lines = [line.split() for line in first.stdout.splitlines()]
    assert first.exit_code == 0, first.output
    assert [line[1] for line in lines[:3]] == ["sysadmin", "secadmin", "auditadmin"]
    assert len({line[2] for line in lines[:3]}) == 3
    assert (second.exit_code, second.stderr.count("\n")) == (1, 1)


def test_a_taken_port_is_one_sentence(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        said = typed("serve", "--port", str(port))

    assert (said.exit_code, said.stderr.count("\n")) == (1, 1)
    assert f"Cannot listen on 127.0.0.1:{port}" in said.stderr
    assert not home.exists()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATA_DIR", f"{__file__}/data", "cannot be written to"),
        ("DATABASE_URL", "postgresql+psycopg://nobody:secret@127.0.0.1:1/none", "does not answer"),
        ("DATABASE_URL", "nonsense", "CIVICWINDOW_DATABASE_URL is not usable"),
        ("DATABASE_URL", "oracle://here/there", "CIVICWINDOW_DATABASE_URL is not usable"),
        ("PORT", "http", "CIVICWINDOW_PORT is not usable"),
    ],
)
def test_a_bad_setting_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"CIVICWINDOW_{name}", value)

    said = typed("migrate")

    assert (said.exit_code, said.stderr.count("\n")) == (1, 1), said.output
    assert sentence in said.stderr
    assert "secret" not in said.stderr


@pytest.mark.usefixtures("home")
def test_sqlite_takes_one_process() -> None:
    said = typed("serve", "--workers", "2")

    assert said.exit_code == 1
    assert "SQLite takes one process" in said.stderr


def test_missing_files_for_the_browser_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(TroubleError, match="make assets"):
        starting.check_assets(tmp_path)


@pytest.mark.slow
def test_the_real_command_makes_serves_and_says_where(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CIVIC")},
        "CIVICWINDOW_DATA_DIR": str(tmp_path),
        "CIVICWINDOW_DEMO": "true",
        "PORT": str(port),
    }
    small = [*COMMAND, "demo", "--matters", "20", "--citizens", "20"]
    subprocess.run(small, env=env, check=True, capture_output=True)

    server = subprocess.Popen(
        [*COMMAND, "serve"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert server.stdout is not None
    try:
        said = []
        for line in server.stdout:  # ends when the server does
            said.append(line.strip())
            if "worker started" in line:
                break
        page = _first_answer(server, f"http://127.0.0.1:{port}/healthz")
    finally:
        server.terminate()
        server.communicate()

    assert f"Desk      http://127.0.0.1:{port}/desk" in said
    assert any(line.startswith("Demo accounts: clerk, dispatcher, handler") for line in said)
    assert page == b'{"status":"ok"}'


def _first_answer(server: "subprocess.Popen[str]", address: str) -> bytes:
    """What the server answers as soon as it listens, a moment after its worker has begun."""
    while server.poll() is None:
        try:
            with urlopen(address) as answer:  # noqa: S310  # our own address
                found: bytes = answer.read()
                return found
        except OSError:
            continue
    msg = "the server ended before it answered"
    raise AssertionError(msg)
