"""What goes wrong with a download, in our errors."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from cml_mm.errors import CmlError, InputError, ModelError, ModelMissing, ModelTimeout, StoreError, StoreFull

_AGAIN = "Run the same command again; it goes on from there."
_LOG_IN = "run `hf auth login` with a token of your account"


@contextmanager
def translated(name: str, url: str = "") -> Iterator[None]:
    """Turns the errors of a download into ours.

    Args:
        name: what is fetched.
        url: where from, if not from the hub.
    """
    try:
        yield
    except CmlError:
        raise
    except Exception as exc:
        raise _ours(name, url or endpoint(), exc) from exc


def is_broken_connection(exc: Exception) -> bool:
    """Whether the network is at fault: the hub's library speaks through httpx, later versions through httpx2."""
    return any(kind.__name__ == "TransportError" and kind.__module__.startswith("httpx") for kind in type(exc).__mro__)


def endpoint() -> str:
    """The hub's address: HF_ENDPOINT, or the public hub's."""
    from huggingface_hub import constants

    return str(constants.ENDPOINT)


def _ours(name: str, url: str, exc: Exception) -> CmlError:
    from huggingface_hub import errors

    if isinstance(exc, errors.GatedRepoError):
        return _gated(name)
    if isinstance(exc, errors.RepositoryNotFoundError):
        return InputError(
            f"There is no model {name} at {_host(url)}, or it is not public.",
            f"Check the spelling; `cml models` lists what is known. For one that is not public, {_LOG_IN}.",
        )
    if isinstance(exc, errors.HFValidationError):
        return InputError(f"{name!r} is no id on the hub.", "Give ORG/NAME, such as Qwen/Qwen3-VL-4B-Instruct.")
    if isinstance(exc, errors.OfflineModeIsEnabled):
        return ModelError("Downloads are switched off here.", "Take HF_HUB_OFFLINE and TRANSFORMERS_OFFLINE away.")
    if isinstance(exc, errors.HfHubHTTPError):
        return _refused(name, url, exc.response.status_code)
    if is_broken_connection(exc):
        return _unreachable(name, url, exc)
    if isinstance(exc, OSError):
        return _disk(name, exc)
    return ModelError(f"{name} could not be fetched ({type(exc).__name__}: {exc}).", _AGAIN)


def _gated(name: str) -> ModelMissing:
    return ModelMissing(
        f"{name} is gated: its makers give it to those who accept its licence.",
        f"Accept it on the model's page on the hub, {_LOG_IN}, and run this again.",
    )


def _refused(name: str, url: str, status: int) -> CmlError:
    if status in (401, 403):
        return ModelMissing(
            f"{_host(url)} does not give {name} to this account (it answers {status}).",
            f"Accept the model's licence on its page if it has one, {_LOG_IN}, and run this again.",
        )
    if status == 404:
        return ModelError(
            f"{_host(url)} lists {name} but does not have all of its files (it answers 404).",
            "Run it again in a while; if it stays so, choose another model.",
        )
    if status == 429:
        return ModelError(f"{_host(url)} has had too many requests from here.", f"Wait a few minutes. {_AGAIN}")
    return ModelError(f"{_host(url)} could not answer for {name} (it answers {status}).", f"Wait a while. {_AGAIN}")


def _unreachable(name: str, url: str, exc: Exception) -> CmlError:
    kind = type(exc).__name__
    if "Timeout" in kind:
        return ModelTimeout(f"{_host(url)} went silent while {name} was fetched.", _AGAIN)
    if "Protocol" in kind or "Read" in kind or "Decoding" in kind:
        return ModelError(f"The connection broke again and again while {name} was fetched.", _AGAIN)
    return ModelError(
        f"{_host(url)} cannot be reached.",
        "Check the network, a proxy and HF_ENDPOINT. Without network, put the model's folder in place and name that.",
    )


def _disk(name: str, exc: OSError) -> CmlError:
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull(f"The disk is full; {name} is not complete.", f"Free some room. {_AGAIN}")
    place = os.fspath(exc.filename) if isinstance(exc.filename, str | os.PathLike) else "The place for models"
    return StoreError(
        f"{place} cannot be used ({exc.strerror or exc}).", "Check its rights, or name another place in HF_HOME."
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc or url
