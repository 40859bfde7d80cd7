"""Where the weights of encoders and transcribers lie on this machine; nothing is ever fetched from here."""

from __future__ import annotations

from pathlib import Path

from cml_mm.errors import ModelMissing
from cml_mm.models.cards import find_card
from cml_mm.models.hub_files import snapshot_of


def model_folder(model: str, what: str) -> Path:
    """The folder that a path or a hub id stands for.

    Args:
        model: a folder, or "organisation/name" as on the hub, or the name of a card.
        what: what it is for, for the message, such as "The text encoder".

    Raises:
        ModelMissing: there is no such folder, and the hub's cache has no such model.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    card = find_card(model)
    cached = snapshot_of(card.hub_id if card else model)
    if cached is None:
        raise ModelMissing(f"{what} {model} is not on this machine.", get_command(model))
    return cached


def get_command(model: str) -> str:
    """The hint that brings a model, by the short name of its card where it has one."""
    card = find_card(model)
    return f"Run: cml models get {card.name if card else model}"
