"""Runs app.py with every way off this machine refused: `python -m tests.support.alone`.

An audit hook cannot be taken off again, so no library can go round it. What was refused
stands in the log after REFUSED, for the test to find.
"""

from __future__ import annotations

import runpy
import sys

from tests.support.server import ROOT

REFUSED = "REFUSED TO LEAVE THIS MACHINE:"
HERE = frozenset({"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None})


def refuse_to_leave(event: str, arguments: tuple[object, ...]) -> None:
    """Raises: OSError for a connection, a datagram or a name that is not of this machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path: a socket of this machine
    else:
        return
    name = host.decode(errors="replace") if isinstance(host, bytes) else host
    if name not in HERE:
        print(f"{REFUSED} {event} {name}", file=sys.stderr, flush=True)
        raise OSError(f"{REFUSED} {name}")


if __name__ == "__main__":
    sys.addaudithook(refuse_to_leave)
    sys.argv = ["app.py"]
    runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
