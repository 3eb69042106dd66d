"""What people do with facilities. Nothing here commits."""

from app.facilities.service.seeding import seed, seed_directory

__all__ = ["seed", "seed_directory"]
