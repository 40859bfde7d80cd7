"""Every address that Gradio itself has: those that are open, by name, and nothing else.

A new Gradio may bring new ones. They are shut under its API; elsewhere, this test asks for a look at them.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys

from starlette.responses import PlainTextResponse
from starlette.types import Message, Scope

from cml_mm.web import Guard

SHARED_BY_ALL = {  # the same for every visitor
    "/",
    "/assets/{path:path}",
    "/config",
    "/favicon.ico",
    "/manifest.json",
    "/openapi.json",
    "/pwa_icon",
    "/pwa_icon/{size}",
    "/robots.txt",
    "/static/{path:path}",
    "/svelte/{path:path}",
    "/theme.css",
}
OPEN_API = {
    "/api/{api_name}",
    "/app_id",
    "/call/v2/{api_name}",
    "/call/v2/{api_name}/{event_id}",  # only for who began it: sessions.py
    "/call/{api_name}",
    "/call/{api_name}/{event_id}",
    "/cancel",
    "/component_server",
    "/heartbeat/{session_hash}",  # this name, and every one in a query or a body, is mixed with who asks
    "/info",
    "/login_check",
    "/openapi.json",
    "/queue/data",
    "/queue/join",
    "/queue/status",
    "/reset",
    "/run/{api_name}",
    "/startup-events",
    "/theme.css",
    "/user",
}
SHUT = {
    "/gradio_api/deep_link",
    "/login",
    "/logout",
    "/monitoring",
    "/monitoring/summary",
    "/monitoring/{key}",
}


# In a process of its own: Gradio leaves an event loop behind.
_LIST = """
import json
import gradio as gr
from gradio.routes import App

def paths(routes):
    for route in routes:
        router = getattr(route, "original_router", None)
        yield from paths(router.routes) if router is not None else [route.path]

with gr.Blocks(analytics_enabled=False) as page:
    gr.HTML("x")
print(json.dumps(sorted(paths(App.create_app(page).routes))))
"""


def test_every_address_of_gradio_is_known() -> None:
    listed = subprocess.run([sys.executable, "-c", _LIST], capture_output=True, text=True, timeout=120, check=True)
    paths = {path.rstrip("/") or "/" for path in json.loads(listed.stdout)}
    api = {path.removeprefix("/gradio_api") for path in paths if path.startswith("/gradio_api/")}
    others = paths - {f"/gradio_api{path}" for path in api}
    assert others == SHARED_BY_ALL | {path for path in SHUT if not path.startswith("/gradio_api/")}
    assert {path for path in api if _passes(f"/gradio_api{_filled(path)}")} == OPEN_API
    assert {path for path in others if _passes(_filled(path))} == SHARED_BY_ALL
    assert not [path for path in SHUT if _passes(_filled(path))]


def _filled(path: str) -> str:
    return re.sub(r"{[^}]*}", "abc", path)


def _passes(path: str) -> bool:
    """Whether the guard lets a request for an address through."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"cml.local")],
    }
    asyncio.run(Guard(PlainTextResponse("in"))(scope, receive, send))
    return sent[0]["status"] == 200
