"""Pages of repairs that need no account: the work behind a lent link."""

from app.repairs.pages import job

ROUTERS = (job.router,)
