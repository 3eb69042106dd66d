"""The wheel carries everything the program needs, and the program finds it there.

Built from the checkout without a network; only the packages it needs come from this environment.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVE_ONE_PAGE = """
from pathlib import Path
from starlette.testclient import TestClient
import app
from app.cli import application
with TestClient(application()) as client:
    ready = client.get("/readyz").json()["checks"]
    page = client.get("/", headers={"accept-language": "zh-CN"})
    style = client.get(page.text.split('stylesheet" href="')[1].split('"')[0])
print(Path(app.__file__).parent)
print(ready["migrations"], page.status_code, "反映问题" in page.text, style.status_code)
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True, text=True)
    return next(out.glob("*.whl"))


def carried() -> Iterator[str]:
    """What a checkout has and a server needs, by its name in the wheel."""
    for folder, inside in (("app", "app"), ("templates", "app/templates")):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
    for path in (ROOT / "migrations").rglob("*.py"):
        yield f"app/migrations/{path.relative_to(ROOT / 'migrations').as_posix()}"


def test_the_wheel_carries_templates_migrations_assets_and_translations(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())

    missing = sorted(set(carried()) - names)

    assert missing == []
    assert "app/translations/zh_CN/LC_MESSAGES/messages.mo" in names
    assert any(name.startswith("app/static/app-") and name.endswith(".css.gz") for name in names)


def test_the_wheel_carries_nothing_of_the_workshop(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()

    strange = [name for name in names if not name.startswith(("app/", "civicwindow-"))]

    assert strange == []
    assert not [name for name in names if "__pycache__" in name or "node_modules" in name]


def test_the_program_serves_from_the_wheel_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    site, home = tmp_path / "site", tmp_path / "home"
    home.mkdir()
    with ZipFile(wheel) as archive:
        archive.extractall(site)
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(site)}

    migrate = [sys.executable, "-c", "from app.cli import main; main()", "migrate"]
    subprocess.run(migrate, cwd=home, env=env, check=True, capture_output=True)
    served = subprocess.run(
        [sys.executable, "-c", SERVE_ONE_PAGE],
        cwd=home,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )

    said = [line for line in served.stdout.splitlines() if not line.startswith("{")]  # no logs
    assert said == [str(site / "app"), "True 200 True 200"]
