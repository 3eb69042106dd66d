"""Where templates, migrations, built assets and translations lie.

The same answers from a checkout and from an installed wheel, which carries all four inside `app/`.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def template_dir() -> Path:
    """The folder with `base.html`."""
    return _carried("templates")


def migrations_dir() -> Path:
    """The folder with Alembic's `env.py` and `versions/`."""
    return _carried("migrations")


def static_dir() -> Path:
    """The folder `web/build.py` fills; absent until the assets have been built."""
    return _PACKAGE / "static"


def translations_dir() -> Path:
    """The folder with `zh_CN/LC_MESSAGES/messages.mo`."""
    return _PACKAGE / "translations"


def _carried(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
