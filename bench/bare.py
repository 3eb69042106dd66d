"""The yardstick: the least a FastAPI application can do for a request.

Answers one fixed JSON object from an `async def`; everything else is compared with it.
"""

from fastapi import FastAPI

PATH = "/hello"

app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


@app.get(PATH)
async def hello() -> dict[str, str]:
    """A fixed answer."""
    return {"hello": "world"}
