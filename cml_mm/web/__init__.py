"""HTTP beside the screens: health, the guard, who asks, files and handouts. Starlette lives here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.middleware import Middleware

from cml_mm.ports import FileDesk
from cml_mm.visits import DEFAULT_LIMITS, Limits
from cml_mm.web.files import file_routes
from cml_mm.web.guard import Guard
from cml_mm.web.handouts import HandOut, handout_routes
from cml_mm.web.health import health_route
from cml_mm.web.sessions import Sessions
from cml_mm.web.starter import starter_routes
from cml_mm.web.visitor import VisitorCookie

__all__ = ["Behind", "Guard", "Sessions", "VisitorCookie", "app_kwargs", "health_route"]


@dataclass(frozen=True)
class Behind:
    """What the routes reach for.

    `files` and `hand_out` give None while the library is being opened.
    """

    ready: Callable[[], bool]
    files: Callable[[], FileDesk | None]
    hand_out: HandOut
    version: str
    limits: Limits = DEFAULT_LIMITS
    keep_files_seconds: float = 24 * 3600.0
    keep_talks_seconds: float = 30 * 24 * 3600.0


def app_kwargs(behind: Behind, on_space: bool, space_host: str) -> dict[str, Any]:
    """Our routes and our middleware, as Gradio's `launch(app_kwargs=…)` takes them.

    Args:
        behind: what the routes reach for.
        on_space: whether the page stands in a frame on Hugging Face.
        space_host: the Space's public name; empty elsewhere.
    """
    return {
        "routes": [
            health_route(behind.ready, behind.version),
            *file_routes(behind.files, behind.limits, behind.keep_files_seconds / 3600, on_space),
            *handout_routes(behind.hand_out),
            *starter_routes(),
        ],
        "middleware": [
            Middleware(Guard, on_space=on_space, space_host=space_host),
            Middleware(VisitorCookie, on_space=on_space, keep_seconds=behind.keep_talks_seconds),
            Middleware(Sessions),
        ],
    }
