"""Where a model server is and what it can do, checked before anything is sent there."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from cml_mm.errors import InputError

_EXAMPLES = (
    "Give it as http://127.0.0.1:8000/v1 (vLLM), http://127.0.0.1:11434/v1 (Ollama), http://127.0.0.1:8080/v1 "
    "(llama.cpp), http://127.0.0.1:30000/v1 (SGLang), or https://models.example.org/v1."
)


@dataclass(frozen=True)
class ServerOptions:
    """One model on one OpenAI-compatible server.

    What it can do is declared, because no server tells: one whose model cannot see drops pictures
    without a word, and Ollama drops the start of what is longer than its own `num_ctx`.

    Args:
        base_url: of the API, mostly ending in /v1, which is added where there is no path.
        api_key: empty where the server asks for none. It appears in no message, log or repr.
        model: as the server calls it.
        context_tokens: how much the server's model reads and writes together, as it was started.
        pictures: how many it takes in one question; 0: none is ever sent.
        video: whether frames of a recording are understood as such; they are sent as pictures with their times.
        timeout_seconds: for a whole answer, further tries included.
        retries: further tries where the server is busy or broken, only before the first word came.
        first_piece_seconds: from a request to its first word.
        between_seconds: from one word to the next.
        at_once: questions that are with the server at the same time; the others wait in line.
        plain_http: lets http:// lead to another machine, readable for everyone on the way.
        picture_cell_px: side of the square that becomes one token of a picture: 28 for Qwen2.5-VL, 32 for
            Qwen3-VL, 16 for Pixtral.
        longest_px: pictures are made no larger than this before they are sent.

    Raises: InputError: it cannot be used so.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    context_tokens: int
    pictures: int = 0
    video: bool = False
    timeout_seconds: float = 300.0
    retries: int = 2
    first_piece_seconds: float = 120.0
    between_seconds: float = 60.0
    at_once: int = 4
    plain_http: bool = False
    picture_cell_px: int = 28
    longest_px: int = 1280

    def __post_init__(self) -> None:
        place = _checked_address(self.base_url)
        if place.scheme == "http" and not self.plain_http and not _this_machine(place.hostname or ""):
            raise InputError(
                f"The model server at {place.hostname} is reached by http://, which anyone on the way can read: "
                "the questions, the visitors' files and the key.",
                "Use https://. In a network of your own, plain_http = true in the profile allows it.",
            )
        if not self.model.strip() or not self.model.isprintable():
            raise InputError("No model is named for the model server.", "Set CML_SERVED_MODEL to a name it serves.")
        if not self.api_key.isascii() or any(char.isspace() or not char.isprintable() for char in self.api_key):
            raise InputError(
                "The key for the model server holds characters that no key has.",
                "Copy it anew into CML_API_KEY, without quotes or spaces.",
            )
        _refuse_below(self.context_tokens, 256, "context_tokens")
        _refuse_below(self.pictures, 0, "pictures")
        _refuse_below(self.retries, 0, "retries")
        _refuse_below(self.at_once, 1, "at_once")
        _refuse_below(self.picture_cell_px, 8, "picture_cell_px")
        _refuse_below(self.longest_px, 64, "longest_px")
        for name in ("timeout_seconds", "first_piece_seconds", "between_seconds"):
            if not 0 < getattr(self, name) <= 86_400:
                raise InputError(
                    f"The model server's {name} is {getattr(self, name):g}.", "Give seconds, a day at most."
                )

    @property
    def api_url(self) -> str:
        """`base_url` with the /v1 that all these servers use, where it has no path."""
        place = _checked_address(self.base_url)
        return self.base_url.rstrip("/") if place.path.strip("/") else f"{place.scheme}://{place.netloc}/v1"

    @property
    def host(self) -> str:
        """Name and port, as a reader is told them."""
        return _checked_address(self.base_url).netloc

    @property
    def here(self) -> bool:
        """Whether the server runs on this machine."""
        return _this_machine(_checked_address(self.base_url).hostname or "")

    @property
    def spoken_model(self) -> str:
        """The model's name for readers: a server that was started on a folder calls it by its path."""
        absolute = self.model.startswith(("/", "\\", "~")) or self.model[1:3] in (":\\", ":/")
        return self.model.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] if absolute else self.model


def _checked_address(base_url: str) -> SplitResult:
    """Raises: InputError, which never repeats what may be a secret."""
    try:
        place = urlsplit(base_url)
        port = place.port
    except ValueError as exc:
        raise InputError("The address of the model server is no address.", _EXAMPLES) from exc
    if place.username is not None or place.password is not None or "@" in place.netloc:
        raise InputError(
            "The address of the model server holds a name or a password.",
            "Leave them out of CML_BASE_URL; a key belongs into CML_API_KEY.",
        )
    if place.query or place.fragment:
        raise InputError(
            "The address of the model server goes on after ? or #.",
            "Leave that out of CML_BASE_URL; a key belongs into CML_API_KEY.",
        )
    if place.scheme not in ("http", "https") or not place.hostname or port == 0 or not _plain(base_url):
        raise InputError(f"{base_url[:80]!r} is no address of a model server.", _EXAMPLES)
    return place


def _plain(base_url: str) -> bool:
    return base_url.isprintable() and not any(char.isspace() or char == "\\" for char in base_url)


def _this_machine(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _refuse_below(value: int, least: int, name: str) -> None:
    if value < least:
        raise InputError(f"The model server's {name} is {value}.", f"Give {least} or more.")
