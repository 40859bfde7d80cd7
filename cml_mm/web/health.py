"""/healthz: whether the server answers, and whether the library is open."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def health_route(ready: Callable[[], bool], version: str) -> Route:
    """A route for load balancers, tests and people. It says nothing about visitors or machines."""

    async def healthz(_request: Request) -> JSONResponse:
        body = {"status": "ok", "ready": ready(), "version": version}
        return JSONResponse(body, headers={"cache-control": "no-store"})

    return Route("/healthz", healthz, methods=["GET", "HEAD"])
