"""The short lecture that ships with the app, for whoever wants to try one before bringing their own."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cml_mm.settings import STARTER_LECTURES
from cml_mm.web.recordings import media_type_of
from cml_mm.web.trouble import NO_STORE, Trouble, error_response

NOT_HERE = Trouble("There is no lecture to try here.", "Bring one of your own.")
_CAPTIONS = ".vtt"


def starter_routes(folder: Path = STARTER_LECTURES) -> list[Route]:
    """`starter/lectures` lists names, recordings first; `starter/lectures/NAME` gives the file.

    Args:
        folder: of recordings and captions; anything else in it is not given out.
    """

    async def names(_request: Request) -> Response:
        found = await run_in_threadpool(_files, folder)
        return JSONResponse({"names": [path.name for path in found]}, headers=NO_STORE)

    async def give(request: Request) -> Response:
        found = {path.name: path for path in await run_in_threadpool(_files, folder)}
        path = found.get(str(request.path_params["name"]))
        data = await run_in_threadpool(path.read_bytes) if path else b""
        kind = "text/vtt" if path and path.suffix == _CAPTIONS else media_type_of(data[:4096])
        return Response(data, media_type=kind, headers=NO_STORE) if kind else error_response(404, NOT_HERE)

    return [
        Route("/starter/lectures", names, methods=["GET"]),
        Route("/starter/lectures/{name}", give, methods=["GET"]),
    ]


def _files(folder: Path) -> list[Path]:
    """By name, captions behind the recordings that they belong to."""
    endings = (".mp4", ".webm", ".mp3", _CAPTIONS)
    there = [path for path in folder.glob("*") if path.is_file() and path.suffix in endings]
    return sorted(there, key=lambda path: (path.suffix == _CAPTIONS, path.name))
