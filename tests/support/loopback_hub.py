"""A model hub on this machine, as `HF_ENDPOINT` names one: lists repositories, serves their files, and misbehaves.

Written after the answers that huggingface_hub reads: GET /api/models/ORG/NAME with `blobs`, and
GET /ORG/NAME/resolve/COMMIT/FILE.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "5" * 40
LFS_FROM_BYTES = 1000  # larger files are LFS objects here


@dataclass
class Repository:
    """Files by name, and what goes wrong with them.

    Args:
        cut_at: a file breaks off once after so many bytes; the server has no answer for it until `mended`.
        stutters: a file breaks off once after so many bytes, and is served at once when asked again.
        wrong: files of which one byte is changed on the way.
        claimed_bytes: sizes that are listed instead of the true ones.
        gate: the status that files are refused with, by the code GatedRepo; 0: none.
        lost: files that are listed and not there.
        whole: files that are always sent whole, whatever range is asked for.
        busy: the status that every question is answered with; 0: none.
    """

    files: dict[str, bytes]
    cut_at: dict[str, int] = field(default_factory=dict)
    stutters: dict[str, int] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    claimed_bytes: dict[str, int] = field(default_factory=dict)
    gate: int = 0
    lost: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    busy: int = 0
    mended: bool = False

    def listing(self, name: str) -> dict[str, Any]:
        siblings = []
        for file, content in self.files.items():
            size = self.claimed_bytes.get(file, len(content))
            one: dict[str, Any] = {"rfilename": file, "size": size, "blobId": git_blob(content)}
            if len(content) >= LFS_FROM_BYTES:
                one["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": size, "pointerSize": 130}
            siblings.append(one)
        return {
            "_id": "1",
            "id": name,
            "sha": COMMIT,
            "private": False,
            "tags": [],
            "downloads": 0,
            "siblings": siblings,
        }


@dataclass(frozen=True)
class Asked:
    """One request that came."""

    method: str
    path: str
    range: str
    authorization: str


@dataclass
class LoopbackHub:
    url: str
    repositories: dict[str, Repository]
    asked: list[Asked] = field(default_factory=list)

    def files_asked(self) -> list[str]:
        """The files that were fetched, by name, in order."""
        found = (re.search(r"/resolve/[^/]+/(.+)", one.path) for one in self.asked if one.method == "GET")
        return [match[1] for match in found if match]


def git_blob(content: bytes) -> str:
    """git's id of these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@contextmanager
def loopback_hub(repositories: dict[str, Repository]) -> Iterator[LoopbackHub]:
    """Serves repositories by ORG/NAME at a free port until left."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    hub = LoopbackHub(f"http://127.0.0.1:{server.server_port}", repositories)
    server.hub = hub  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        hub: LoopbackHub = self.server.hub  # type: ignore[attr-defined]
        path = unquote(urlsplit(self.path).path)
        given = self.headers
        hub.asked.append(Asked(self.command, path, given.get("Range", ""), given.get("Authorization", "")))
        listed = re.fullmatch(r"/api/models/([^/]+/[^/]+?)(?:/revision/[^/]+)?", path)
        resolved = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path)
        named = (listed or resolved or [None, ""])[1]
        repository = hub.repositories.get(str(named))
        if repository is None:
            self._refuse(404, "RepoNotFound")
        elif repository.busy:
            self._refuse(repository.busy)
        elif listed:
            self._send(json.dumps(repository.listing(listed[1])).encode(), "application/json")
        elif resolved and resolved[2] == COMMIT:
            self._file(repository, resolved[3])
        else:
            self._refuse(404, "RevisionNotFound")

    def _file(self, repository: Repository, name: str) -> None:
        content = repository.files.get(name)
        if content is None or name in repository.lost:
            return self._refuse(404, "EntryNotFound")
        if repository.gate:
            return self._refuse(repository.gate, "GatedRepo")
        if name in repository.wrong:
            content = content[:-1] + bytes([content[-1] ^ 1])
        if repository.cut_at.get(name) == 0 and not repository.mended:
            return self._refuse(503)
        wanted = None if name in repository.whole else re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(wanted[1]) if wanted else 0
        stop = len(content)
        for cuts in (repository.cut_at, repository.stutters):
            if cuts.get(name):
                stop = min(stop, cuts[name])
                cuts[name] = 0
        self.send_response(206 if wanted else 200)
        self.send_header("ETag", f'"{git_blob(content)}"')
        self.send_header("X-Repo-Commit", COMMIT)
        if wanted:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - first))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content[first:stop])
        if stop < len(content):
            self.close_connection = True

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _refuse(self, status: int, code: str = "") -> None:
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()
