"""`cml ask`, `search`, `related` and `rank`, with their forms as text and JSON."""

from __future__ import annotations

import argparse
import dataclasses
import json
from typing import Any

from cml_mm.cli.rows import open_for_writing, read_questions, write_row
from cml_mm.engine import Engine
from cml_mm.errors import InputError
from cml_mm.settings import Settings
from cml_mm.types import TRUST_WORDS, Answer, Edge, Evidence, Relation


def ask(options: argparse.Namespace, settings: Settings) -> int:
    if options.questions:
        return _ask_all(options, settings)
    if options.question is None:
        raise InputError("There is no question yet.", 'Give one: cml ask "Who decides on shared money?"')
    with Engine.open(settings) as engine:
        answer = engine.answer(options.question)
    if options.json:
        print(json.dumps(answer_json(answer), ensure_ascii=False, indent=1))
    else:
        print(answer_text(answer))
    return 0


def _ask_all(options: argparse.Namespace, settings: Settings) -> int:
    if options.out is None:
        raise InputError("--questions needs a file to write to.", "Add --out RUN.jsonl.")
    with Engine.open(settings) as engine, open_for_writing(options.out) as out:
        for row in read_questions(options.questions):
            try:
                answer = engine.answer(row["question"])
            except InputError as exc:
                write_row(
                    out,
                    {
                        "id": row["id"],
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
                {"id": row["id"], "sentences": sentences, "status": answer.status, "seconds": answer.seconds},
            )
    return 0


def rank(options: argparse.Namespace, settings: Settings) -> int:
    with Engine.open(settings) as engine, open_for_writing(options.out) as out:
        for row in read_questions(options.questions):
            try:
                answer = engine.answer(row["question"])
            except InputError as exc:
                write_row(out, {"id": row["id"], "ranked": [], "abstain": True, "advice": str(exc)})
                continue
            ranked = list(answer.ranked)
            write_row(out, {"id": row["id"], "ranked": ranked, "abstain": answer.status == "not_in_library"})
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
