"""The first command on a strange machine: it must be readable by old Pythons and speak plainly."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import paths

TOOLS = Path(__file__).resolve().parents[2] / "tools"


def test_an_old_python_can_read_the_first_command_to_its_end() -> None:
    source = (TOOLS / "bootstrap.py").read_text(encoding="utf-8")

    tree = ast.parse(source, feature_version=(3, 7))

    assert len(tree.body) > 10


def test_a_machine_without_browser_letters_and_database_is_told_what_to_install(
    tmp_path: Path,
) -> None:
    # An empty PATH is such a machine; PostgreSQL is also looked for outside PATH, so it may be
    # there.
    env = {"PATH": str(tmp_path), "PYTHONPATH": str(TOOLS)}
    command = [sys.executable, "-c", "import bootstrap; bootstrap.need_system_packages()"]

    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "please install them: chromium, fontconfig, fonts-wqy-microhei" in done.stderr


def test_who_may_not_install_is_told_the_one_command_before_anything_is_downloaded() -> None:
    # Nothing is there and nobody lends rights: the first step must already be the last.
    program = """
import bootstrap
bootstrap.shutil.which = lambda name: "/usr/bin/" + name
bootstrap.missing_packages = lambda: ["chromium", "libatomic1"]
bootstrap.rights_to_install = lambda: None
bootstrap.make_venv = lambda stamps: print("made an environment")
bootstrap.main(["test"])
"""
    env = {**os.environ, "PYTHONPATH": str(TOOLS)}

    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip() == (
        "The tests need some programs; please run once: sudo apt-get update && sudo apt-get -qq "
        "install -y --no-install-recommends chromium libatomic1"
    )


def test_a_system_library_that_is_not_there_is_missed() -> None:
    program = "import bootstrap; print(bootstrap.loads('libc.so.6'), bootstrap.loads('none.so.9'))"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(TOOLS)}

    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "True False"


@pytest.mark.skipif(os.geteuid() != 0, reason="only an administrator's machine installs by itself")
def test_an_administrator_is_asked_nothing_when_all_is_there(tmp_path: Path) -> None:
    for program in ("chromium", "postgres"):
        (tmp_path / program).write_text("#!/bin/sh\n")
        (tmp_path / program).chmod(0o755)
    (tmp_path / "fc-list").write_text("#!/bin/sh\necho 'Sans CJK'\n")
    (tmp_path / "fc-list").chmod(0o755)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": str(TOOLS)}
    command = [sys.executable, "-c", "import bootstrap; print(bootstrap.missing_packages())"]

    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_checkout_finds_its_four_folders() -> None:
    assert (paths.template_dir() / "base.html").is_file()
    assert (paths.migrations_dir() / "env.py").is_file()
    assert (paths.static_dir() / "manifest.json").is_file()
    assert (paths.translations_dir() / "zh_CN").is_dir()
