"""Retrieval sets: a corpus of titled passages, and questions that name the passages they need.

A folder holds two files of JSON lines, the form in which multi-hop sets are exchanged:

    corpus.jsonl    {"id": 7, "title": "Key Board", "text": "Each key has a hook."}
    queries.jsonl   {"id": "q1", "question": "Who holds the key?", "gold": [7, 9]}

Further fields are passed over. Ids may be numbers or texts; here they are texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cml_mm.errors import InputError, MediaUnreadable
from cml_mm.retrieval.passages import Passage

CORPUS = "corpus.jsonl"
QUERIES = "queries.jsonl"


@dataclass(frozen=True)
class PassageQuestion:
    """A question and the ids of all passages that its answer stands on."""

    id: str
    question: str
    gold: tuple[str, ...]


@dataclass(frozen=True)
class PassageSet:
    """A corpus with its questions; `name` is the folder's."""

    name: str
    passages: tuple[Passage, ...]
    questions: tuple[PassageQuestion, ...]


def read_passage_set(folder: Path) -> PassageSet:
    """A set from its folder.

    Raises:
        MediaUnreadable: a file cannot be read, or a line is no passage or question; the message names the line.
        InputError: an id stands twice, a question needs a passage that the corpus lacks, or there is no question.
    """
    passages: dict[str, Passage] = {}
    for row, where in _rows(folder / CORPUS):
        passage = Passage(_id(row.get("id"), where), _text(row, "title", where), _text(row, "text", where))
        if passage.id in passages:
            raise InputError(f"{where} repeats the id {passage.id!r}.", "Give each passage its own.")
        passages[passage.id] = passage
    questions: dict[str, PassageQuestion] = {}
    for row, where in _rows(folder / QUERIES):
        question = PassageQuestion(_id(row.get("id"), where), _text(row, "question", where), _gold(row, where))
        missing = [gold for gold in question.gold if gold not in passages]
        if missing:
            raise InputError(f"{where} needs {missing[0]!r}, which the corpus lacks.", f"Mend {CORPUS} or {QUERIES}.")
        if question.id in questions:
            raise InputError(f"{where} repeats the id {question.id!r}.", "Give each question its own.")
        questions[question.id] = question
    if not questions:
        raise InputError(f"{folder / QUERIES} holds no question.", "Give another folder.")
    return PassageSet(folder.resolve().name, tuple(passages.values()), tuple(questions.values()))


def _rows(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each line's object, with the words that name the line."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise MediaUnreadable(
            f"{path} cannot be read.", f"A set is a folder with {CORPUS} and {QUERIES}, JSON lines in UTF-8."
        ) from exc
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"Line {number} of {path}"
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise MediaUnreadable(f"{where} is no JSON.", "Each line is one JSON object.") from exc
        if not isinstance(row, dict):
            raise MediaUnreadable(f"{where} is no JSON object.", "Each line is one JSON object.")
        yield row, where


def _id(value: object, where: str) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
        raise MediaUnreadable(f'{where} has no usable "id".', '"id" is a text or a whole number.')
    return str(value)


def _text(row: dict[str, Any], name: str, where: str) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or (name == "question" and not value.strip()):
        raise MediaUnreadable(f'{where} has no usable "{name}".', f'"{name}" is a text.')
    return value


def _gold(row: dict[str, Any], where: str) -> tuple[str, ...]:
    value = row.get("gold")
    if not isinstance(value, list) or not value:
        raise MediaUnreadable(f'{where} has no usable "gold".', '"gold" is a list of passage ids.')
    return tuple(dict.fromkeys(_id(one, where) for one in value))
