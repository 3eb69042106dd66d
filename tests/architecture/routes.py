"""What a route demands before it answers: somebody signed in, a form whose token was verified."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from app.accounts.deps import signed_in_visit
from app.web.forms import FormDep

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
VERIFIED_FORM: Callable[..., Any] = FormDep.__metadata__[0].dependency  # type: ignore[attr-defined]  # what Annotated holds


@dataclass(frozen=True)
class Route:
    """One address with its methods, and every dependency it has."""

    methods: frozenset[str]
    path: str
    demands: frozenset[Callable[..., Any]]

    @property
    def name(self) -> str:
        return f"{' '.join(sorted(self.methods))} {self.path}"

    @property
    def asks_who(self) -> bool:
        return signed_in_visit in self.demands

    @property
    def is_unsafe(self) -> bool:
        return bool(self.methods & UNSAFE)

    @property
    def verifies_csrf(self) -> bool:
        return VERIFIED_FORM in self.demands


def routes_of(app: FastAPI) -> list[Route]:
    """Every route of the application, also those of included routers."""
    return [
        Route(frozenset(route.methods or ()), str(route.path), frozenset(_demands(route)))
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute)
    ]


def _demands(route: RouteContext) -> Iterator[Callable[..., Any]]:
    todo = [route.dependant]
    while todo:
        dependant = todo.pop()
        if dependant.call is not None:
            yield dependant.call
        todo += dependant.dependencies
