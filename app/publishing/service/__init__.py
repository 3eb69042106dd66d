"""Releasing a repair, keeping its public state true, and taking it back."""

from app.publishing.service.following import on_moved
from app.publishing.service.placing import coarsen_type
from app.publishing.service.releasing import (
    Photo,
    Release,
    is_releasable,
    public_no,
    release,
    revoke,
    why_not,
)

__all__ = [
    "Photo",
    "Release",
    "coarsen_type",
    "is_releasable",
    "on_moved",
    "public_no",
    "release",
    "revoke",
    "why_not",
]
