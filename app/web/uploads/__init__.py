"""Photos and documents people send: looked into, made harmless, stored, sent back safely.

Believes neither the name nor the type a browser claims; refuses what it does not understand.
"""

from app.web.uploads.accepting import (
    FileKind,
    Limits,
    StoredUpload,
    accept,
    accept_all,
)
from app.web.uploads.forming import send_file, store_of, take_files
from app.web.uploads.serving import serve

__all__ = [
    "FileKind",
    "Limits",
    "StoredUpload",
    "accept",
    "accept_all",
    "send_file",
    "serve",
    "store_of",
    "take_files",
]
