"""What went wrong, in words for the visitor; the log keeps the rest under a reference."""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict, dataclass

from starlette.responses import JSONResponse

from cml_mm.errors import CmlError, InputError

log = logging.getLogger(__name__)
NO_STORE = {"cache-control": "no-store"}


@dataclass(frozen=True)
class Trouble:
    """`reference` names the log's line, empty where the visitor can mend it themselves."""

    message: str
    hint: str
    reference: str = ""


OPENING = Trouble("The library is still being opened.", "Wait a moment, then do it again.")


def trouble_of(error: BaseException, doing: str) -> Trouble:
    """Words for an error. What is not the visitor's to mend goes to the log.

    Args:
        doing: what was tried, for the log: "Reading a file".
    """
    if isinstance(error, InputError):
        return Trouble(error.message, error.hint)
    reference = secrets.token_hex(2).upper()
    log.error("%s failed, reference %s", doing, reference, exc_info=error)
    if isinstance(error, CmlError):
        return Trouble(error.message, error.hint, reference)
    return Trouble("Something went wrong here, not with you.", "Try it once more.", reference)


def error_response(status: int, trouble: Trouble, close: bool = False) -> JSONResponse:
    """Args:
    close: whether the connection ends with it, since the rest of its request is not read.
    """
    headers = {**NO_STORE, **({"connection": "close"} if close else {})}
    return JSONResponse({"error": asdict(trouble)}, status, headers=headers)
