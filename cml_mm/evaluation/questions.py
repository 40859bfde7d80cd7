"""Questions with known answers, read from a file of JSON lines.

Each line is one object. `id`, `question` and `kind` are needed; the rest may be left out:

    {"id": "relation-01", "split": "dev", "kind": "relation", "question": "What does A require?",
     "gold": ["b"], "also_ok": [], "must_mention": ["A REQUIRES B"], "subject": ["a"],
     "asks": {"relation": "REQUIRES", "side": "out"}, "persona": "founder", "note": "why this is right"}

"persona" may be a list: the same question as each of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cml_mm.errors import InputError, MediaUnreadable
from cml_mm.types import RELATION_KINDS, RelationKind

QUESTION_KINDS = (
    "problem",
    "persona",
    "relation",
    "multihop",
    "compare",
    "lookup",
    "multilingual",
    "adopter",
    "tension",
    "unanswerable",
)
UNANSWERABLE = "unanswerable"
SPLITS = ("dev", "held-out")
Side = Literal["out", "in", "both"]
_SIDES: tuple[Side, ...] = ("out", "in", "both")


@dataclass(frozen=True)
class AskedRelation:
    """What a question about relations wants: all of one kind, leaving the subject, reaching it, or both."""

    relation: RelationKind
    side: Side


@dataclass(frozen=True)
class Question:
    """One question with what a right answer holds.

    `gold` are the slugs that must be found, `also_ok` those that count in the lenient figures;
    `subject` are those that the question itself names, left out of the ranking; `must_mention`
    are facts: "Title KIND Title" for a relation, else a few words.
    """

    id: str
    question: str
    kind: str
    gold: tuple[str, ...] = ()
    also_ok: tuple[str, ...] = ()
    must_mention: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    asks: AskedRelation | None = None
    personas: tuple[str, ...] = ()  # whose question it is, or whose it might be
    lang: str = ""
    split: str = ""  # "dev", "held-out", or empty where the file makes no difference
    note: str = ""

    @property
    def persona(self) -> str:
        """Whose question it is; empty where the file does not say."""
        return self.personas[0] if self.personas else ""

    @property
    def answerable(self) -> bool:
        return self.kind != UNANSWERABLE


def read_questions(path: Path, split: str = "all") -> tuple[Question, ...]:
    """The questions of a file, in its order.

    Args:
        path: UTF-8, one JSON object a line; empty lines are passed over.
        split: "dev", "held-out" or "all".

    Raises:
        MediaUnreadable: the file cannot be read, or a line is no question; the message names the line.
        InputError: two questions share an id, or the split holds none.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise MediaUnreadable(f"The questions in {path} cannot be read.", "Give a UTF-8 file of JSON lines.") from exc
    found: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        question = _question(line, f"Line {number} of {path}")
        if question.id in found:
            raise InputError(f"Line {number} of {path} repeats the id {question.id!r}.", "Give each question its own.")
        found[question.id] = question
    chosen = tuple(question for question in found.values() if split in ("all", question.split))
    if not chosen:
        what = "no question" if split == "all" else f"no question of the split {split!r}"
        raise InputError(f"{path} holds {what}.", "Use --split all, or give another file.")
    return chosen


def _question(line: str, where: str) -> Question:
    try:
        row = json.loads(line)
    except ValueError as exc:
        raise MediaUnreadable(f"{where} is no JSON.", 'Each line is {"id": …, "question": …, "kind": …}.') from exc
    if not isinstance(row, dict):
        raise MediaUnreadable(f"{where} is no JSON object.", 'Each line is {"id": …, "question": …, "kind": …}.')
    kind = _text(row, "kind", where, needed=True)
    if kind not in QUESTION_KINDS:
        raise MediaUnreadable(f"{where} has the kind {kind!r}.", f"Use one of: {', '.join(QUESTION_KINDS)}.")
    split = _text(row, "split", where)
    if split and split not in SPLITS:
        raise MediaUnreadable(f"{where} has the split {split!r}.", f"Use one of: {', '.join(SPLITS)}.")
    question = Question(
        id=_text(row, "id", where, needed=True),
        question=_text(row, "question", where, needed=True),
        kind=kind,
        gold=_texts(row, "gold", where),
        also_ok=_texts(row, "also_ok", where),
        must_mention=_texts(row, "must_mention", where),
        subject=_texts(row, "subject", where),
        asks=_asked(row, where),
        personas=_personas(row, where),
        lang=_text(row, "lang", where),
        split=split,
        note=_text(row, "note", where),
    )
    if question.answerable and not question.gold:
        raise MediaUnreadable(f"{where} names no right page.", f'Fill "gold", or use the kind {UNANSWERABLE!r}.')
    return question


def _text(row: dict[str, Any], name: str, where: str, needed: bool = False) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise MediaUnreadable(f'{where} has no usable "{name}".', f'"{name}" is a text.')
    return value


def _texts(row: dict[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = row.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise MediaUnreadable(f'{where} has no usable "{name}".', f'"{name}" is a list of texts.')
    return tuple(value)


def _personas(row: dict[str, Any], where: str) -> tuple[str, ...]:
    """One persona as a text, or several as a list."""
    value = row.get("persona", "")
    return ((value,) if value else ()) if isinstance(value, str) else _texts(row, "persona", where)


def _asked(row: dict[str, Any], where: str) -> AskedRelation | None:
    value = row.get("asks")
    if value is None:
        return None
    fields = value if isinstance(value, dict) else {}
    relation = next((kind for kind in RELATION_KINDS if kind == fields.get("relation")), None)
    side = next((name for name in _SIDES if name == fields.get("side")), None)
    if relation is None or side is None:
        raise MediaUnreadable(
            f'{where} has no usable "asks".', f'It is {{"relation": a kind, "side": one of {", ".join(_SIDES)}}}.'
        )
    return AskedRelation(relation, side)
