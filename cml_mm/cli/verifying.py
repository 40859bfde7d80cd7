"""`cml verify`: sentences held against their evidence, from a file of pairs."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cml_mm.answering.verify import judge
from cml_mm.cli.rows import open_for_writing, write_row
from cml_mm.errors import MediaUnreadable
from cml_mm.profiles import parts_of
from cml_mm.settings import Settings

ROW_FORM = 'Each line is {"id": …, "evidence": "…" or ["…", …], "sentence": "…"}.'


@dataclass(frozen=True)
class Pair:
    """A sentence and the passages that it has to stand on."""

    id: str | int
    evidence: tuple[str, ...]
    sentence: str


def verifying(options: argparse.Namespace, settings: Settings) -> int:
    """Writes a verdict for every pair, in their order, and says how many there are of each.

    Raises: MediaUnreadable, ModelMissing (unless words alone are compared).
    """
    pairs = tuple(read_pairs(options.pairs))
    encoder = None if options.words_only else parts_of(settings).text_encoder()
    counts: Counter[str] = Counter()
    with open_for_writing(options.out) as out:
        for pair in pairs:
            judged = judge(pair.sentence, pair.evidence, encoder=encoder)
            row = {"id": pair.id, "verdict": judged.verdict}
            write_row(out, row | {"why": judged.why} if options.why else row)
            counts[judged.verdict] += 1
    told = ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in sorted(counts.items()))
    print(f"{len(pairs)} pairs: {told or 'none'}.")
    return 0


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a file of JSON lines, one at a time.

    Raises: MediaUnreadable: it cannot be read, a line is no pair, or an id stands twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise MediaUnreadable(f"The pairs in {path} cannot be read.", "Give a UTF-8 file of JSON lines.") from exc
    seen: set[str | int] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        pair = _pair(line, f"Line {number} of {path}")
        if pair.id in seen:
            raise MediaUnreadable(
                f"Line {number} of {path} repeats the id {pair.id!r}.", "Give every pair an id of its own."
            )
        seen.add(pair.id)
        yield pair


def _pair(line: str, where: str) -> Pair:
    try:
        row = json.loads(line)
    except ValueError as exc:
        raise MediaUnreadable(f"{where} is no JSON.", ROW_FORM) from exc
    if not isinstance(row, dict):
        raise MediaUnreadable(f"{where} is no pair.", ROW_FORM)
    missing = [key for key in ("id", "evidence", "sentence") if key not in row]
    if missing:
        raise MediaUnreadable(f"{where} has no {' and no '.join(missing)}.", ROW_FORM)
    evidence = [row["evidence"]] if isinstance(row["evidence"], str) else row["evidence"]
    if not isinstance(evidence, list) or not all(isinstance(passage, str) for passage in evidence):
        raise MediaUnreadable(
            f"The evidence in {where[0].lower()}{where[1:]} is no text and no list of texts.", ROW_FORM
        )
    if not isinstance(row["sentence"], str):
        raise MediaUnreadable(f"The sentence in {where[0].lower()}{where[1:]} is no text.", ROW_FORM)
    if not isinstance(row["id"], (str, int)):
        raise MediaUnreadable(f"The id in {where[0].lower()}{where[1:]} is no text and no whole number.", ROW_FORM)
    return Pair(row["id"], tuple(evidence), row["sentence"])
