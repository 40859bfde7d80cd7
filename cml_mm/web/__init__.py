"""HTTP beside the screens: health and the guard. Starlette lives here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.middleware import Middleware

from cml_mm.web.guard import Guard
from cml_mm.web.health import health_route

__all__ = ["Guard", "app_kwargs", "health_route"]


def app_kwargs(ready: Callable[[], bool], version: str, on_space: bool, space_host: str) -> dict[str, Any]:
    """Our routes and our middleware, as Gradio's `launch(app_kwargs=…)` takes them."""
    return {
        "routes": [health_route(ready, version)],
        "middleware": [Middleware(Guard, on_space=on_space, space_host=space_host)],
    }
