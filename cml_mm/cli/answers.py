"""`cml ask`, `search`, `related` and `rank`, with their forms as text and JSON."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cml_mm.cli.progress import ProgressLine
from cml_mm.cli.rows import open_for_writing, read_questions, write_row
from cml_mm.engine import Engine
from cml_mm.errors import InputError
from cml_mm.settings import Settings
from cml_mm.talk import FACET_KINDS, NO_TALK, Talk
from cml_mm.types import TRUST_WORDS, Answer, Edge, Evidence, PathFound, Relation
from cml_mm.visits import StoredFile


def ask(options: argparse.Namespace, settings: Settings) -> int:
    if options.questions:
        return _ask_all(options, settings)
    if options.question is None:
        raise InputError("There is no question yet.", 'Give one: cml ask "Who decides on shared money?"')
    with Engine.open(settings) as engine:
        talk = _said(options, engine)
        answer = _Brought(engine).answer(options.question, options.file, talk, options.only_files)
    if options.json:
        print(json.dumps(answer_json(answer), ensure_ascii=False, indent=1))
    else:
        print(answer_text(answer))
    return 0


class _Brought:
    """Files that were read for a question; the next question about the same ones does not read them again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._paths: tuple[Path, ...] = ()
        self._files: tuple[StoredFile, ...] = ()

    def answer(self, question: str, paths: Sequence[Path], talk: Talk = NO_TALK, only_files: bool = False) -> Answer:
        """Args: paths: files asked beside the library, or in its place."""
        if not paths:
            return self._engine.answer(question, talk)
        if self._paths != tuple(paths):
            self._files = self._engine.bring(paths, ProgressLine(sys.stderr))
            self._paths = tuple(paths)
        return self._engine.answer_over(question, self._files, talk, "files" if only_files else "both")


def _said(options: argparse.Namespace, engine: Engine) -> Talk:
    """What the options say of who asks."""
    named = [(kind, getattr(options, kind)) for kind in FACET_KINDS]
    return Talk(chosen=tuple(engine.facet(kind, name) for kind, name in named if name))


def _ask_all(options: argparse.Namespace, settings: Settings) -> int:
    if options.out is None:
        raise InputError("--questions needs a file to write to.", "Add --out RUN.jsonl.")
    with Engine.open(settings) as engine, open_for_writing(options.out) as out:
        brought = _Brought(engine)
        for row in read_questions(options.questions):
            try:
                answer = brought.answer(row.question, row.files)
            except InputError as exc:
                write_row(
                    out,
                    {
                        "id": row.id,
                        "sentences": [],
                        "status": "advice",
                        "seconds": 0.0,
                        "advice": str(exc),
                    },
                )
                continue
            sentences = [{"text": s.text, "cites": list(s.cites), "verdict": s.verdict} for s in answer.sentences]
            write_row(
                out,
                {"id": row.id, "sentences": sentences, "status": answer.status, "seconds": answer.seconds},
            )
    return 0


def rank(options: argparse.Namespace, settings: Settings) -> int:
    with Engine.open(settings) as engine, open_for_writing(options.out) as out:
        brought = _Brought(engine)
        for row in read_questions(options.questions):
            try:
                answer = brought.answer(row.question, row.files)
            except InputError as exc:
                write_row(out, {"id": row.id, "ranked": [], "abstain": True, "advice": str(exc)})
                continue
            ranked = list(answer.ranked)
            write_row(out, {"id": row.id, "ranked": ranked, "abstain": answer.status == "not_in_library"})
    return 0


def search(options: argparse.Namespace, settings: Settings) -> int:
    with Engine.open(settings) as engine:
        hits = engine.search(options.query, options.limit)
    if options.json:
        print(json.dumps([dataclasses.asdict(hit) for hit in hits], ensure_ascii=False, indent=1))
    for hit in () if options.json else hits:
        print(f"{hit.score:5.2f}  {hit.title}  ({hit.slug}; found by {', '.join(hit.found_by)})")
        print(f"       {hit.summary}")
    return 0


def related(options: argparse.Namespace, settings: Settings) -> int:
    with Engine.open(settings) as engine:
        around = engine.related(options.slug)
    if options.json:
        print(json.dumps(dataclasses.asdict(around), ensure_ascii=False, indent=1))
        return 0
    print(f"{around.title} ({around.slug})\n{around.summary}")
    for heading, relations in (("From here", around.outgoing), ("To here", around.incoming)):
        print(f"\n{heading}: {len(relations) or 'none'}")
        for relation in relations:
            print(f"  {_relation_line(relation)}")
    for edge in around.dangling:
        print(f"  {edge.kind} {edge.name}: named in {edge.declared_by}, but not in the library")
    return 0


def path(options: argparse.Namespace, settings: Settings) -> int:
    with Engine.open(settings) as engine:
        found = engine.path(options.first, options.last, options.all_layers)
        nearest = engine.read(found.nearest).page.title if found.nearest else ""
    print(json.dumps(path_json(found), ensure_ascii=False, indent=1) if options.json else path_text(found, nearest))
    return 0


def path_json(found: PathFound) -> dict[str, Any]:
    """The path as JSON values, with its number of steps and each layer in words."""
    value = dataclasses.asdict(found)
    value["steps"] = found.steps
    for name in ("relations", "direct", "tensions", "unchecked"):
        for written in value[name]:
            written["layer_words"] = TRUST_WORDS[written["layer"]]
    return value


_DIRECTIONS = {
    "forward": "every relation points this way",
    "backward": "every relation points the other way",
    "mixed": "in any direction",
}


def path_text(found: PathFound, nearest: str = "") -> str:
    """The path for a terminal: each relation with its reason, layer and file, then what stands beside it.

    Args:
        nearest: the title of `found.nearest`.
    """
    first, last = found.titles[0], found.titles[-1]
    if not found.relations:
        return "\n".join(_no_path_lines(found, nearest))
    steps = "1 step" if found.steps == 1 else f"{found.steps} steps"
    checked = "" if found.trusted else "; NOT TRUSTED: made by machine, checked by nobody"
    lines = [f"{first} → {last}: {steps}, {_DIRECTIONS[found.direction]}{checked}", ""]
    lines += [f"{number}. {_relation_line(relation)}" for number, relation in enumerate(found.relations, 1)]
    lines += _block("Joined directly too", found.direct)
    lines += _block("Tensions on the way", found.tensions)
    for way in found.alternatives:
        words = "Shorter, in any direction" if len(way) < found.steps else "Another way of this length"
        lines += _block(words, way)
    return "\n".join(lines)


def _no_path_lines(found: PathFound, nearest: str) -> list[str]:
    first, last = found.titles
    lines = [f"No path of relations that a person stands behind joins {first} and {last}."]
    if nearest:
        lines.append(f"From {first} such relations reach {nearest} ({found.nearest}), which is the nearest to {last}.")
    ends = [end for r in found.unchecked for end in ((r.subject, r.subject_title), (r.object, r.object_title))]
    touched = [title for slug, title in dict.fromkeys(ends) if slug not in found.stops]
    if found.unchecked:
        by = f"by way of {', '.join(touched)}" if touched else "directly"
        lines.append(f"Relations that a machine made would join them {by}; --all-layers shows how.")
    else:
        lines.append("Relations that a machine made do not join them either.")
    return lines


def _block(heading: str, relations: Sequence[Relation]) -> list[str]:
    return [f"\n{heading}:", *(f"  {_relation_line(relation)}" for relation in relations)] if relations else []


def answer_json(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values; each locator says its type and fragment."""
    value = dataclasses.asdict(answer)
    for name in ("evidence", "considered"):
        for item, written in zip(getattr(answer, name), value[name], strict=True):
            written["locator"] = {"type": type(item.locator).__name__, **written["locator"]}
            written["fragment"] = item.locator.fragment()
    return value


def answer_text(answer: Answer) -> str:
    """The answer for a terminal: numbered citations, then the evidence they lead to."""
    lines = [f"{answer.title}\n"]
    if answer.lens.facets:
        lines.append(f"(Read as {', '.join(facet.label for facet in answer.lens.facets)}.)\n")
    lines += [f"({notice.text})\n" for notice in answer.notices]
    paragraphs: dict[int, list[str]] = {}
    for sentence in answer.sentences:
        marks = "".join(f" [{number}]" for number in sentence.cites)
        doubt = f" ({sentence.verdict})" if sentence.cites and sentence.verdict != "supported" else ""
        paragraphs.setdefault(sentence.paragraph, []).append(f"{sentence.text}{marks}{doubt}")
    lines += [f"{' '.join(part)}\n" for part in paragraphs.values()]
    lines += [_evidence_line(item) for item in answer.evidence]
    lines.append(f"\nWritten by the {answer.model}, {answer.seconds:.2f} s.")
    return "\n".join(lines)


def _evidence_line(item: Evidence) -> str:
    where = "relation" if isinstance(item.locator, Edge) else f"section “{item.heading}”, {item.locator.fragment()}"
    layer = f"; {TRUST_WORDS[item.path[0].layer]}" if item.path else ""
    rights = ", ".join(part for part in (item.source.attribution, item.source.licence) if part)
    return f"[{item.number}] {item.source.title}, {where}{layer} ({item.source.path}; {rights})"


def _relation_line(relation: Relation) -> str:
    reason = f": {relation.reason}" if relation.reason else ""
    return (
        f"{relation.subject_title} {relation.kind} {relation.object_title}{reason}"
        f" ({TRUST_WORDS[relation.layer]}; {relation.declared_by})"
    )
