"""`cml models`: what models there are, which fit this machine, and how to bring one."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from typing import Any

from cml_mm.cli.progress import ProgressLine
from cml_mm.errors import InputError
from cml_mm.models.cards import Fact, ModelCard, all_cards, find_card, require_card
from cml_mm.models.fitting import Machine, fits, gigabytes, this_machine
from cml_mm.models.hub import bring, bring_file, is_hub_id
from cml_mm.models.hub_files import hub_cache, is_brought
from cml_mm.models.sense_card_data import OTHER_FILES
from cml_mm.settings import Settings


def models(options: argparse.Namespace, settings: Settings) -> int:
    words = list(options.words)
    if words[:1] == ["get"]:
        if len(words) != 2:
            raise InputError("`cml models get` takes one model.", "Give a name that `cml models` lists, or ORG/NAME.")
        return _get(words[1])
    if len(words) > 1:
        raise InputError("One model at a time.", "`cml models NAME` shows its card, `cml models get NAME` brings it.")
    cards = (require_card(words[0]),) if words else all_cards()
    machine = this_machine(hub_cache())
    if options.json:
        print(json.dumps([card_json(card, machine) for card in cards], ensure_ascii=False, indent=1))
    elif words:
        print(card_text(cards[0], machine))
    else:
        print(list_text(cards, machine, only_fitting=options.fits))
    return 0


def _get(name: str) -> int:
    """Brings a model by its short name or its id on the hub."""
    card = find_card(name)
    hosted = card.file if card else OTHER_FILES.get(name.lower())
    progress = ProgressLine(sys.stderr)
    if hosted is not None:
        called, place = name, bring_file(hosted, progress)
    else:
        if card is None and not is_hub_id(name):
            card = require_card(name)
        if card is not None and card.gated.value:
            print(f"{card.hub_id} is gated: its licence ({_value(card.licence)}) has to be accepted.", file=sys.stderr)
        called = card.hub_id if card else name
        place = bring(called, progress)
    print(f"{called} is here, whole and verified: {place}")
    return 0


def card_json(card: ModelCard, machine: Machine) -> dict[str, Any]:
    """A card as JSON values: every fact with its source and date, and how it fits this machine."""
    fit = fits(card, machine, is_brought(card))
    return {
        "name": card.name,
        "hub_id": card.hub_id,
        "family": card.family,
        "kind": card.kind,
        "tier": card.tier,
        "facts": {name: dataclasses.asdict(fact) for name, fact in card.facts().items()},
        "stands_for": list(card.stands_for),
        "note": card.note,
        "brought": is_brought(card),
        "fit": {**dataclasses.asdict(fit), "fits": fit.fits},
    }


def list_text(cards: tuple[ModelCard, ...], machine: Machine, only_fitting: bool = False) -> str:
    """All cards for a terminal, kind by kind."""
    lines = [_machine_line(machine)]
    kind = ""
    for card in cards:
        brought = is_brought(card)
        fit = fits(card, machine, brought)
        if only_fitting and not fit.fits:
            continue
        if card.kind != kind:
            kind = card.kind
            lines.append(f"\n{kind:24} parameters  takes                               fits")
        mark = "*" if brought else " "
        takes = ", ".join(card.inputs.value or ("unknown",))
        answer = f"yes, {fit.precision}: {fit.why}" if fit.fits else f"no: {fit.why}"
        lines.append(f"{mark}{card.name:23} {_parameters(card):>10}  {takes:34}  {answer}")
        if card.stands_for:
            lines.append(f"{'':26}for {'; '.join(card.stands_for)}")
    lines.append("\n* is on this machine. `cml models NAME` shows a card whole, `cml models get NAME` brings a model.")
    return "\n".join(lines)


def card_text(card: ModelCard, machine: Machine) -> str:
    """One card for a terminal, every fact with its source."""
    brought = is_brought(card)
    fit = fits(card, machine, brought)
    lines = [f"{card.name}: {card.hub_id} ({card.family}, {card.kind}, {card.tier})"]
    if card.stands_for:
        lines.append(f"Stands for: {'; '.join(card.stands_for)}")
    if card.note:
        lines.append(card.note)
    lines.append("")
    lines += [f"{name:24} {_value(fact):36} {fact.source} ({fact.date})" for name, fact in card.facts().items()]
    lines.append(f"\nHere: {'yes' if brought else 'no'}. {_machine_line(machine)}")
    lines.append(f"Fits: {f'yes, {fit.precision}; ' if fit.fits else 'no; '}{fit.why}.")
    if not brought:
        lines.append(f"Bring it: cml models get {card.name}")
    return "\n".join(lines)


def _machine_line(machine: Machine) -> str:
    memory = "memory not known" if machine.memory_bytes is None else f"{gigabytes(machine.memory_bytes)} of memory"
    gpus = (
        ", ".join(f"{gpu.name} with {gigabytes(gpu.memory_bytes)}" for gpu in machine.gpus) or "no graphics card seen"
    )
    free = "" if machine.disk_free_bytes is None else f", {gigabytes(machine.disk_free_bytes)} free at {machine.place}"
    return f"This machine: {memory}, {gpus}{free}."


def _parameters(card: ModelCard) -> str:
    total, active = card.parameters.value, card.active_parameters.value
    if total is None:
        return "unknown"
    return _millions(total) if active in (None, total) else f"{_millions(total)}/{_millions(active or 0)}"


def _millions(count: int) -> str:
    return f"{count / 1e9:.3g}B" if count >= 1e9 else f"{count / 1e6:.3g}M"


def _value(fact: Fact[Any]) -> str:
    value = fact.value
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
