"""Prepares a checkout with nothing but Python, then starts or hands over; `make` calls it.

Standard library only, and old syntax, so that an old Python can say what is wrong with it.
"""

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "civicwindow.json"
OLDEST = (3, 11)
RUN_LOCK = ROOT / "requirements" / "run.lock"
DEV_LOCK = ROOT / "requirements" / "dev.lock"


def main(arguments: "list[str]") -> None:
    """Prepare for `run`, `assets`, `check` or `test`; with `run`, become the server."""
    goal = arguments[0] if arguments else "run"
    need_python()
    if goal == "test":  # first: whoever may not install hears of it at once
        need_system_packages()
    stamps = read_stamps()
    make_venv(stamps)
    install_packages(DEV_LOCK if goal in ("test", "check") else RUN_LOCK, stamps)
    install_project(stamps)
    build_assets()
    compile_translations(stamps)
    if goal == "run":
        serve()


def need_python() -> None:
    """Go on with a newer Python where this one is too old and another is at hand."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606  # the same program, a newer Python
    fail(
        "Python 3.11 or newer is needed; `{}` is {}.{}. Install python3.11 (with its venv module) "
        "and run `make run PYTHON=python3.11`.".format(sys.executable, *sys.version_info[:2])
    )


def need_venv() -> None:
    """Debian ships Python without the part that makes environments."""
    try:
        import ensurepip  # noqa: F401, PLC0415  # only to see whether it is there
        import venv  # noqa: F401, PLC0415  # likewise
    except ImportError:
        fail(
            "Python's venv module is missing. On Debian or Ubuntu run "
            "`apt-get install python3-venv` (with sudo), then the same command again."
        )


def make_venv(stamps: "dict[str, str]") -> None:
    """Create `.venv`, and again when the Python it was made with has gone or changed."""
    version = "{}.{}".format(*sys.version_info[:2])
    if PYTHON.exists() and stamps.get("python", version) == version:
        stamps["python"] = version
        return
    need_venv()
    print("Creating .venv ...", flush=True)
    if not os.access(str(ROOT), os.W_OK):
        fail(f"{ROOT} cannot be written to, so .venv cannot be created there.")
    shutil.rmtree(str(VENV), ignore_errors=True)
    stamps.clear()
    run([sys.executable, "-m", "venv", str(VENV)], "The environment .venv could not be created")
    save(stamps, "python", version)


def install_packages(lock: Path, stamps: "dict[str, str]") -> None:
    """Install exactly what the lock names, by hash; the development lock holds the other one."""
    wanted = digest([lock])
    if stamps.get(lock.name) == wanted:
        return
    print(f"Installing packages ({lock.name}) ...", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(
        [*pip, "--require-hashes", "--only-binary=:all:", "-r", str(lock)],
        "The packages could not be installed; is there a way to a package index from here",
    )
    if lock == DEV_LOCK:
        save(stamps, RUN_LOCK.name, digest([RUN_LOCK]))
    save(stamps, lock.name, wanted)


def install_project(stamps: "dict[str, str]") -> None:
    """Give `.venv/bin` the command `civicwindow`, in place and without a network."""
    wanted = digest([ROOT / "pyproject.toml"]) + str(ROOT)
    if stamps.get("project") == wanted and (VENV / "bin" / "civicwindow").exists():
        return
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(
        [*pip, "--no-deps", "--no-index", "--no-build-isolation", "-e", str(ROOT)],
        "The project could not be installed into .venv",
    )
    save(stamps, "project", wanted)


def build_assets() -> None:
    """The build knows by itself whether anything has changed."""
    run([str(PYTHON), str(ROOT / "web" / "build.py")], "The browser's files could not be built")


def compile_translations(stamps: "dict[str, str]") -> None:
    """Compile the sentences when one of them has changed."""
    folder = ROOT / "app" / "translations"
    tool = ROOT / "tools" / "translations.py"
    wanted = digest([tool, *sorted(folder.rglob("*.po"))])
    if stamps.get("translations") == wanted and any(folder.rglob("*.mo")):
        return
    run([str(PYTHON), str(tool), "compile"], "The translations could not be compiled")
    save(stamps, "translations", wanted)


def need_system_packages() -> None:
    """Browser, Chinese letters and PostgreSQL for the tests: from apt where we may."""
    missing = missing_packages()
    if not missing:
        return
    install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *missing]
    if not shutil.which("apt-get"):
        fail("The tests need these programs, please install them: " + ", ".join(missing) + ".")
    rights = rights_to_install()
    if rights is None:
        fail(
            "The tests need some programs; please run once: "
            "sudo apt-get update && sudo " + " ".join(install)
        )
    print(f"Installing {', '.join(missing)} ...", flush=True)
    run([*rights, "apt-get", "-qq", "update"], "apt-get update failed")
    run([*rights, *install], "apt-get could not install " + " ".join(missing))


def rights_to_install() -> "list[str] | None":
    """What to put before apt-get: nothing for root, sudo where it asks no password."""
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if os.geteuid() == 0:
        return quiet
    if shutil.which("sudo") and succeeds(["sudo", "-n", "true"]):
        return ["sudo", "-n", *quiet]
    return None


def missing_packages() -> "list[str]":
    """Debian's names of what is not there."""
    wanted = []
    browsers = ("chromium", "chromium-browser", "google-chrome")
    if not os.environ.get("CHROMIUM") and not any(map(shutil.which, browsers)):
        wanted.append("chromium")
    if not shutil.which("fc-list") or not output(["fc-list", ":lang=zh-cn"]):
        wanted += ["fontconfig", "fonts-wqy-microhei"]
    servers = list(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not servers and not shutil.which("postgres"):
        wanted.append("postgresql")
    if sys.platform == "linux" and not loads("libatomic.so.1"):
        wanted.append("libatomic1")  # Playwright's own Node needs it
    return wanted


def serve() -> None:
    """Become the server, so that Ctrl-C and signals reach it."""
    env = dict(os.environ)
    for name in ("HOST", "PORT"):
        if env.get(name):
            env["CIVICWINDOW_" + name] = env[name]
    if env.get("HOST") or env.get("PORT"):  # links and QR codes lead to where we serve
        address = "http://{}:{}".format(env.get("HOST") or "127.0.0.1", env.get("PORT") or "8000")
        env.setdefault("CIVICWINDOW_BASE_URL", address)
    env.setdefault("CIVICWINDOW_DEMO", "true")
    env.setdefault("MALLOC_ARENA_MAX", "2")  # as in deploy/: less memory lies idle
    command = str(VENV / "bin" / "civicwindow")
    os.chdir(str(ROOT))
    sys.stdout.flush()
    os.execve(command, [command, "serve"], env)  # noqa: S606  # our own command


def read_stamps() -> "dict[str, str]":
    """What was already done in this environment."""
    try:
        return dict(json.loads(STAMPS.read_text()))
    except (OSError, ValueError):
        return {}


def save(stamps: "dict[str, str]", name: str, value: str) -> None:
    """Remember one thing as done, at once: the next one may fail."""
    stamps[name] = value
    STAMPS.write_text(json.dumps(stamps, indent=1))


def digest(files: "list[Path]") -> str:
    """One digest over the contents of files."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def output(command: "list[str]") -> str:
    """What a command prints; nothing when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode(errors="replace").strip()


def loads(library: str) -> bool:
    """Whether the system has this shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def succeeds(command: "list[str]") -> bool:
    """Whether a command ends well, whatever it says."""
    quiet = subprocess.DEVNULL
    return not subprocess.run(command, stdout=quiet, stderr=quiet, check=False).returncode


def run(command: "list[str]", trouble: str) -> None:
    """Run a command whose own words explain a failure; ours say what it was for."""
    if subprocess.run(command, stdin=subprocess.DEVNULL, cwd=str(ROOT), check=False).returncode:
        fail(trouble + " (see the lines above).")


def fail(sentence: str) -> NoReturn:
    """Stop with one sentence a person can act on."""
    sys.exit(sentence)


if __name__ == "__main__":
    main(sys.argv[1:])
