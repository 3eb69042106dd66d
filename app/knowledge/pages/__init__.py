"""The knowledge base on screen, for staff: read and searched, written, looked after."""

from typing import Final

from app.knowledge.pages import editing, reading, remarks

# `/desk/knowledge/{code}` takes what no other page of /desk/knowledge is called.
ROUTERS: Final = (remarks.router, editing.router, reading.router)
