"""A conversation as a page to print or as Markdown: the addresses, and what a browser may do with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from cml_mm.errors import InputError
from cml_mm.web.trouble import NO_STORE, OPENING, Trouble, trouble_of
from cml_mm.web.visitor import visitor_of

# No script at all: the page is text, its own style and the pictures of this visitor's files.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
NO_TALK = Trouble("There is no such conversation.", "It may have been deleted, or its time is over.")


class Handout(Protocol):
    """One conversation, or one answer of it, written out."""

    @property
    def title(self) -> str: ...

    @property
    def markdown(self) -> str: ...

    @property
    def html(self) -> str: ...


# A visitor's key, a conversation's id, a question's number (0: all) → the handout, None while the library is being
# opened. Raises InputError: this visitor has no such conversation.
HandOut = Callable[[str, str, int], "Handout | None"]


def handout_routes(hand_out: HandOut) -> list[Route]:
    """`talks/ID/handout` and `talks/ID/handout.md`, each with `?turn=3` for a single answer."""

    async def markdown(request: Request) -> Response:
        made = await _made(request, hand_out)
        if isinstance(made, Response):
            return made
        headers = {**NO_STORE, "content-disposition": disposition(made.title, "md")}
        return Response(made.markdown, media_type="text/markdown; charset=utf-8", headers=headers)

    async def page(request: Request) -> Response:
        made = await _made(request, hand_out)
        if isinstance(made, Response):
            return made
        return HTMLResponse(made.html, headers={**NO_STORE, "content-security-policy": POLICY})

    return [
        Route("/talks/{talk}/handout.md", markdown, methods=["GET"]),
        Route("/talks/{talk}/handout", page, methods=["GET"]),
    ]


async def _made(request: Request, hand_out: HandOut) -> Handout | Response:
    visitor, talk = visitor_of(request), str(request.path_params["talk"])
    turn = request.query_params.get("turn", "0")
    if not visitor or not (turn.isascii() and turn.isdecimal() and len(turn) < 7):
        return _told(404, NO_TALK)
    try:
        made = await run_in_threadpool(hand_out, visitor, talk, int(turn))
    except InputError:
        return _told(404, NO_TALK)
    except Exception as error:  # the visitor gets words, the log the details
        return _told(500, trouble_of(error, "Writing a handout"))
    return made if made is not None else _told(503, OPENING)


def _told(status: int, trouble: Trouble) -> Response:
    """In plain words: a browser shows this as a page of its own."""
    reference = f" The log holds the details under reference {trouble.reference}." if trouble.reference else ""
    return PlainTextResponse(f"{trouble.message} {trouble.hint}{reference}", status, headers=NO_STORE)


def disposition(title: str, ending: str) -> str:
    """The header that names a download, made from a title that may hold anything.

    Two names stand in it (RFC 6266): a plain one, and the title's own letters for browsers that read them.
    """
    folded = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    bare = re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")[:60].strip("-") or "conversation"
    letters = "".join(char for char in title if char.isalnum() or char in " -_,'’")
    full = " ".join(letters.split())[:80].strip() or "conversation"
    return f"attachment; filename=\"{bare}.{ending}\"; filename*=UTF-8''{quote(full, safe='')}.{ending}"
