"""What goes wrong with a model server, in our words. Imported only when something did."""

from __future__ import annotations

import math
import re
import ssl
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import httpx
import openai

from cml_mm.errors import ModelError, ModelMissing, ModelTimeout, OutOfMemory
from cml_mm.models.server_link import NotTheApi
from cml_mm.models.server_options import ServerOptions

_LONGEST_WORDS = 160  # of a server, as they are passed on
_TOO_LONG = re.compile(
    r"context[ _](length|size|window)|context_length_exceeded|exceed_context_size|max(imum)?[ _]model[ _]len"
    r"|too many (input )?tokens|(prompt|input|request) (is )?(too long|too large|longer than)",
    re.IGNORECASE,
)
_NO_PICTURES = re.compile(r"image|picture|multi-?modal|vision", re.IGNORECASE)
_NO_SYSTEM = re.compile(r"system role|system message|roles must alternate|only user and assistant roles", re.IGNORECASE)
_NO_MEMORY = re.compile(r"out of memory|\bOOM\b|failed to allocate|not enough memory", re.IGNORECASE)
_NO_MODEL = re.compile(
    r"model\b.{0,120}\b(not found|not exist|unknown|not served|not available)|model_not_found|unknown model|pinned to",
    re.IGNORECASE,
)
_QUOTA = re.compile(r"insufficient_quota|billing", re.IGNORECASE)
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 529})


@dataclass(frozen=True)
class Trouble:
    """An error for the reader, and whether asking again may help where nothing was written yet.

    `after_seconds` is when the server wants to be asked again, None where it does not say.
    `wrong_model` and `no_system` are what the asker can find out more about, or do without.
    """

    error: ModelError
    again: bool = False
    after_seconds: float | None = None
    wrong_model: bool = False
    no_system: bool = False


def understood(error: BaseException, options: ServerOptions, wrote: bool) -> Trouble:
    """Args:
    wrote: whether a part of the answer had come already.
    """
    if isinstance(error, openai.APIStatusError):
        return _status(error, options)
    if isinstance(error, openai.APIConnectionError):
        return _connection(error, options)
    if isinstance(error, CancelledError):
        return Trouble(ModelError(f"The connection to {_who(options)} was closed here.", "Ask again."))
    if isinstance(error, NotTheApi):
        return Trouble(_not_the_api(error, options))
    if isinstance(error, openai.APIError):  # an error that stands in the stream
        words = _words(error, options)
        return _by_words(words, options) or Trouble(
            ModelError(f"{_who(options, start=True)} stopped with an error of its own.", _quoted(words, "Ask again."))
        )
    if isinstance(error, httpx.HTTPError):
        return Trouble(cut_off(options, wrote), again=True)
    return Trouble(
        ModelError(
            f"{_who(options, start=True)} sent something that cannot be read as an answer.",
            "Check that CML_BASE_URL leads to an OpenAI-compatible server, and its own log.",
        )
    )


def cut_off(options: ServerOptions, wrote: bool) -> ModelError:
    if wrote:
        return ModelError(
            f"{_who(options, start=True)} broke off in the middle of the answer.", "Ask again for a whole one."
        )
    return ModelError(
        f"{_who(options, start=True)} broke off before it wrote a word.", "Ask again; its own log may say why."
    )


def empty(options: ServerOptions, thought: bool) -> ModelError:
    if thought:
        return ModelError(
            f"{_who(options, start=True)} only thought and wrote no answer.",
            "Let it write more, or switch its thinking off where it is started.",
        )
    return ModelError(
        f"{_who(options, start=True)} ended its answer without a word.",
        "Ask again; where it stays so, check the model's chat template on the server.",
    )


def withheld(options: ServerOptions) -> ModelError:
    return ModelError(f"A filter of {_who(options)} stopped the answer.", "Ask in other words.")


def endless(options: ServerOptions) -> ModelError:
    return ModelError(
        f"{_who(options, start=True)} kept writing far beyond the length that was asked for, and was stopped.",
        "Ask again; where it stays so, check the model's end marks on the server.",
    )


def first_word_late(options: ServerOptions) -> ModelTimeout:
    return ModelTimeout(
        f"{_who(options, start=True)} wrote nothing within {options.first_piece_seconds:g} seconds.",
        "It may be loading or busy: ask again in a while, or choose a smaller model.",
    )


def next_word_late(options: ServerOptions) -> ModelTimeout:
    return ModelTimeout(
        f"{_who(options, start=True)} fell silent for {options.between_seconds:g} seconds within the answer.",
        "Ask again in a while.",
    )


def whole_late(options: ServerOptions) -> ModelTimeout:
    return ModelTimeout(
        f"{_who(options, start=True)} was not done after {options.timeout_seconds:g} seconds.",
        "Ask something narrower, or allow more seconds in the profile.",
    )


def with_names(error: ModelError, names: tuple[str, ...], options: ServerOptions) -> ModelError:
    """The error of a model that is not there, with the names of those that are."""
    if not names:
        return type(error)(
            error.message,
            f"Check CML_SERVED_MODEL, and that {options.api_url} is where its API begins (mostly it ends in /v1).",
        )
    shown = ", ".join(name[:80] for name in names[:10]) + (" and more" if len(names) > 10 else "")
    return type(error)(error.message, f"It serves: {shown}. Set CML_SERVED_MODEL to one of them.")


def safe_cause(error: BaseException, options: ServerOptions) -> BaseException | None:
    """What our error may be raised from: not what repeats the key, as some servers do."""
    return None if options.api_key and options.api_key in f"{error!r} {error}" else error


def _status(error: openai.APIStatusError, options: ServerOptions) -> Trouble:
    code, words, who = error.status_code, _words(error, options), _who(options, start=True)
    if code == 401:
        held = "does not accept the key" if options.api_key else "asks for a key"
        return Trouble(ModelError(f"{who} {held}.", "Set CML_API_KEY to one that it knows."))
    if code == 403:
        return Trouble(
            ModelError(f"{who} does not let this key use {options.spoken_model}.", "Ask whoever runs it for leave.")
        )
    if code in (404, 410) or (code in (400, 422) and _NO_MODEL.search(words)):
        missing = ModelMissing(f"{who} has no model {options.spoken_model!r}.", "Check CML_SERVED_MODEL.")
        return Trouble(missing, wrong_model=True)
    if 300 <= code < 400:
        return Trouble(
            ModelError(
                f"{who} sends its visitors on to another address, which is not followed.",
                "Set CML_BASE_URL to the address that it means.",
            )
        )
    if code == 429 and _QUOTA.search(f"{error.code} {error.type} {words}"):
        return Trouble(
            ModelError(f"The quota at {_who(options)} is used up.", "Wait for a new one, or use another key.")
        )
    named = _by_words(f"{words} {error.code} {error.type}", options) if code != 429 else None
    if named:
        return named
    if code in _BUSY or code >= 500:
        after = _retry_after(error.response.headers)
        return Trouble(_busy(code, after, options), again=True, after_seconds=after)
    return Trouble(ModelError(f"{who} refused the question ({code}).", _quoted(words, "Its own log says why.")))


def _busy(code: int, after_seconds: float | None, options: ServerOptions) -> ModelError:
    who = _who(options, start=True)
    when = "in a while" if after_seconds is None else f"in {math.ceil(after_seconds)} seconds, as it wishes"
    if code == 429:
        return ModelError(f"{who} takes no more questions at the moment.", f"Ask again {when}.")
    if code == 503:
        return ModelError(f"{who} is overloaded or still loading its model.", f"Ask again {when}.")
    return ModelError(f"{who} failed with an error of its own ({code}).", "Ask again; its own log says what it was.")


def _by_words(words: str, options: ServerOptions) -> Trouble | None:
    """What only the server's words tell."""
    who = _who(options, start=True)
    if _NO_MEMORY.search(words):
        return Trouble(
            OutOfMemory(f"{who} ran out of memory.", "Ask with fewer pictures, or serve a smaller model there.")
        )
    if _TOO_LONG.search(words):
        return Trouble(
            ModelError(
                f"The question and its sources are longer than {options.spoken_model} can read.",
                f"The profile declares {options.context_tokens} tokens: set context_tokens to what the server was "
                "started with, or start it with more.",
            )
        )
    if _NO_SYSTEM.search(words):
        return Trouble(ModelError(f"{who} takes no system message.", _quoted(words, "")), no_system=True)
    if options.pictures and _NO_PICTURES.search(words):
        return Trouble(
            ModelError(
                f"{who} did not take the pictures.",
                _quoted(words, "Set pictures in the profile to what its model takes; 0 where it cannot see."),
            )
        )
    return None


def _connection(error: openai.APIConnectionError, options: ServerOptions) -> Trouble:
    cause, who = error.__cause__, _who(options, start=True)
    if isinstance(cause, NotTheApi):
        return Trouble(_not_the_api(cause, options))
    if isinstance(error, openai.APITimeoutError):
        return Trouble(ModelTimeout(f"{who} did not take the call.", "Check that it runs and can be reached."), True)
    if any(isinstance(link, ssl.SSLError) for link in _chain(cause)):
        return Trouble(
            ModelError(f"The certificate of {_who(options)} is not to be trusted.", "Check its address and its TLS.")
        )
    if isinstance(cause, httpx.ConnectError):
        hint = "Start it, or check CML_BASE_URL."
        return Trouble(ModelError(f"{who} cannot be reached.", hint), again=True)
    if isinstance(cause, httpx.HTTPError):
        return Trouble(cut_off(options, False), again=True)
    return Trouble(ModelError(f"The connection to {_who(options)} failed.", "Check CML_BASE_URL."))


def _not_the_api(error: NotTheApi, options: ServerOptions) -> ModelError:
    return ModelError(
        f"At {options.host} there is no OpenAI-compatible API: it sent {error}.",
        "Check CML_BASE_URL; mostly it ends in /v1.",
    )


def _chain(error: BaseException | None) -> list[BaseException]:
    links: list[BaseException] = []
    while error is not None and error not in links:
        links.append(error)
        error = error.__cause__ or error.__context__
    return links


def _retry_after(headers: httpx.Headers) -> float | None:
    """RFC 9110, 10.2.3: seconds or a date."""
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,3})?", said):
        return float(said)
    try:
        when = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=timezone.utc)
    return max(0.0, (when - datetime.now(timezone.utc)).total_seconds())


def _words(error: openai.APIError, options: ServerOptions) -> str:
    """The server's own words: foreign text, so on one line, cut, and without the key."""
    body = error.body
    said = body.get("message") or body.get("detail") if isinstance(body, dict) else None
    said = said if isinstance(said, str) else error.message
    if options.api_key:
        said = said.replace(options.api_key, "…")
    return "".join(char if char.isprintable() else " " for char in said[:4000])


def _quoted(words: str, advice: str) -> str:
    short = " ".join(words.split())
    if len(short) > _LONGEST_WORDS:
        short = short[: _LONGEST_WORDS - 1] + "…"
    return f"It says: “{short}” {advice}".strip() if short else advice


def _who(options: ServerOptions, start: bool = False) -> str:
    return f"{'The' if start else 'the'} model server at {options.host}"
