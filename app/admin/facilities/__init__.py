"""Pages of facilities: the register for all staff, and types for those who keep the catalogue.

The register's pages stand at `/facilities`, those of types under `/admin/facilities`.
"""

from app.admin.facilities import asset, register, taking, types

# `asset` last: `/facilities/{code}` takes what no other page there is called.
ROUTERS = (types.router, taking.router, register.router, asset.router)

__all__ = ["ROUTERS"]
