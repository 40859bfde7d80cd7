"""What is known of each model that CML can use: every fact with where it was read and when, or "unknown".

Sizes in memory are not published for most models; `ModelCard.memory_bytes` computes them by a stated formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, Literal, TypeVar

from cml_mm.errors import InputError

Kind = Literal["chat", "image-text encoder", "transcriber", "text encoder"]
Input = Literal["text", "image", "several images", "video", "sound"]
Tier = Literal["small", "medium", "large", "unknown"]
Precision = Literal["float32", "bfloat16", "8-bit", "4-bit"]

# Bytes a parameter. Quantised layers stand beside others (embeddings, norms, scales) that keep their precision.
PARAMETER_BYTES: dict[Precision, float] = {"float32": 4.0, "bfloat16": 2.0, "8-bit": 1.1, "4-bit": 0.65}
CHAT_PRECISIONS: tuple[Precision, ...] = ("bfloat16", "8-bit", "4-bit")
ENCODER_PRECISIONS: tuple[Precision, ...] = ("float32",)
WORKING_SHARE = 0.1  # of the weights again, for a prompt of a few thousand tokens
RUNTIME_BYTES = 500_000_000  # the libraries themselves

_SMALL_PARAMETERS = 15_000_000_000
_LARGE_PARAMETERS = 150_000_000_000
_LARGE_ACTIVE_PARAMETERS = 100_000_000_000

T = TypeVar("T")


@dataclass(frozen=True)
class Fact(Generic[T]):
    """One thing that is known, or not.

    Args:
        value: None: unknown.
        source: where it was read or how it was computed; for what is unknown, where it was looked for.
        date: when, as in 2026-11-23.
    """

    value: T | None
    source: str
    date: str

    @property
    def known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True)
class HostedFile:
    """A checkpoint that is one file on its maker's own server, and not a repository on the hub."""

    url: str
    sha256: str
    folder: str  # below the user's folder of caches

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]


@dataclass(frozen=True)
class ModelCard:
    """One checkpoint.

    Args:
        name: what people type.
        hub_id: its repository, ORG/NAME.
        parameters, active_parameters: all, and those that work on one token.
        download_bytes: what `cml models get` brings.
        stands_for: models as the research behind this project names them, where this one takes their place.
        file: where the weights lie, if not on the hub.
    """

    name: str
    hub_id: str
    family: str
    kind: Kind
    licence: Fact[str]
    gated: Fact[bool]
    parameters: Fact[int]
    active_parameters: Fact[int]
    context_tokens: Fact[int]
    inputs: Fact[tuple[Input, ...]]
    download_bytes: Fact[int]
    stands_for: tuple[str, ...] = ()
    note: str = ""
    file: HostedFile | None = None

    @property
    def precisions(self) -> tuple[Precision, ...]:
        """How it is loaded, the best first."""
        return CHAT_PRECISIONS if self.kind == "chat" else ENCODER_PRECISIONS

    @property
    def tier(self) -> Tier:
        """By parameters: small up to 15 thousand million; large above 150, or above 100 at work on each token."""
        total, active = self.parameters.value, self.active_parameters.value
        if total is None:
            return "unknown"
        if total > _LARGE_PARAMETERS or (active or 0) > _LARGE_ACTIVE_PARAMETERS:
            return "large"
        return "small" if total <= _SMALL_PARAMETERS else "medium"

    @property
    def sees(self) -> bool:
        return "image" in (self.inputs.value or ())

    def memory_bytes(self, precision: Precision) -> Fact[int]:
        """How much memory it takes to answer a question of a few thousand tokens, estimated from its parameters."""
        each = PARAMETER_BYTES[precision]
        source = (
            f"computed: parameters × {each:g} bytes, {WORKING_SHARE:.0%} more for the prompt, "
            f"{RUNTIME_BYTES / 1e9:g} GB for the libraries; parameters from: {self.parameters.source}"
        )
        if self.parameters.value is None:
            return Fact(None, source, self.parameters.date)
        needed = self.parameters.value * each * (1 + WORKING_SHARE) + RUNTIME_BYTES
        return Fact(round(needed), source, self.parameters.date)

    def facts(self) -> dict[str, Fact[Any]]:
        """Every fact by its name, in the order in which they are shown."""
        return {
            "licence": self.licence,
            "gated": self.gated,
            "parameters": self.parameters,
            "active parameters": self.active_parameters,
            "context tokens": self.context_tokens,
            "inputs": self.inputs,
            "download bytes": self.download_bytes,
            **{f"memory bytes at {name}": self.memory_bytes(name) for name in self.precisions},
        }


@cache
def all_cards() -> tuple[ModelCard, ...]:
    """Every card: those that chat, then the encoders and transcribers, each family from small to large."""
    from cml_mm.models.card_data import CHAT
    from cml_mm.models.sense_card_data import SENSES

    return (*CHAT, *SENSES)


def find_card(name: str) -> ModelCard | None:
    """The card with this short name or hub id, in any case; None where there is none."""
    wanted = name.strip().lower()
    return next((card for card in all_cards() if wanted in (card.name, card.hub_id.lower())), None)


def require_card(name: str) -> ModelCard:
    """The card with this short name or hub id.

    Raises: InputError: there is none; the hint names the nearest.
    """
    if card := find_card(name):
        return card
    wanted = name.strip().lower()
    near = [card.name for card in all_cards() if any(part and part in card.name for part in wanted.split("-")[:1])]
    hint = f"Near it: {', '.join(near[:6])}." if near else "`cml models` lists them."
    raise InputError(f"There is no card for {name!r}.", hint)
