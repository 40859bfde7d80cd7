"""The `cml` command: the engine for people and scripts at a terminal."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, TextIO

from cml_mm import __version__
from cml_mm.doctor import report
from cml_mm.engine import Engine
from cml_mm.errors import CmlError, InputError, MediaUnreadable, StoreFull
from cml_mm.settings import Settings
from cml_mm.types import TRUST_WORDS, Answer, Edge, Evidence, Relation


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Returns: 0 when done, 2 when the input has to be mended, 1 for any other stated failure.
    """
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.load()
        if options.index:
            settings = replace(settings, index=options.index)
        return int(options.run(options, settings))
    except InputError as exc:
        print(f"{exc.message}\n{exc.hint}", file=sys.stderr)
        return 2
    except CmlError as exc:
        print(f"{exc.message}\n{exc.hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. What was done so far is kept; the same command goes on from there.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader has gone, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cml", description="Grounded questions to a knowledge library.")
    parser.add_argument("--version", action="version", version=f"cml {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    index = _command(commands, "index", _index, "read a library and build its index")
    index.add_argument("--library", type=Path, action="append", help="folder or file; may be given several times")

    ask = _command(commands, "ask", _ask, "answer a question, or a file of them")
    ask.add_argument("question", nargs="?")
    ask.add_argument("--json", action="store_true", help="the whole answer with its evidence")
    _batch(ask)

    search = _command(commands, "search", _search, "the nearest pages")
    search.add_argument("query")
    search.add_argument("--limit", type=int, default=10)
    search.add_argument("--json", action="store_true")

    related = _command(commands, "related", _related, "the relations of one pattern")
    related.add_argument("slug")
    related.add_argument("--json", action="store_true")

    _batch(_command(commands, "rank", _rank, "rank patterns for a file of questions"), required=True)
    doctor = _command(commands, "doctor", _doctor, "what is installed, indexed and free")
    doctor.add_argument("--json", action="store_true")
    return parser


def _command(commands: Any, name: str, run: Any, text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument("--index", type=Path, help="folder of the index (or CML_INDEX)")
    parser.set_defaults(run=run)
    return parser


def _batch(parser: argparse.ArgumentParser, required: bool = False) -> None:
    parser.add_argument("--questions", type=Path, required=required, help='JSON lines with "id" and "question"')
    parser.add_argument("--out", type=Path, required=required, help="JSON lines to write")


def _index(options: argparse.Namespace, settings: Settings) -> int:
    if options.library:
        settings = replace(settings, libraries=tuple(options.library))
    began = time.process_time()
    status = Engine.build(settings, ProgressLine(sys.stderr))
    seconds = time.process_time() - began
    print(
        f"{status.patterns:,} patterns, {status.lighthouses:,} lighthouses, {status.relations:,} relations,"
        f" {status.section_vectors:,} of {status.sections:,} sections encoded; {seconds:.0f} CPU-s.\n{status.path}"
    )
    for problem in _problems(settings):
        print(f"  {problem}", file=sys.stderr)
    return 0


def _problems(settings: Settings) -> tuple[str, ...]:
    from cml_mm.graph.snapshot import Manifest, current_folder

    return Manifest.read(current_folder(settings.index)).problems


def _ask(options: argparse.Namespace, settings: Settings) -> int:
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
    with Engine.open(settings) as engine, _writing(options.out) as out:
        for row in _questions(options.questions):
            try:
                answer = engine.answer(row["question"])
            except InputError as exc:
                _line(
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
            _line(
                out,
                {"id": row["id"], "sentences": sentences, "status": answer.status, "seconds": answer.seconds},
            )
    return 0


def _rank(options: argparse.Namespace, settings: Settings) -> int:
    with Engine.open(settings) as engine, _writing(options.out) as out:
        for row in _questions(options.questions):
            try:
                answer = engine.answer(row["question"])
            except InputError as exc:
                _line(out, {"id": row["id"], "ranked": [], "abstain": True, "advice": str(exc)})
                continue
            ranked = list(answer.ranked)
            _line(out, {"id": row["id"], "ranked": ranked, "abstain": answer.status == "not_in_library"})
    return 0


def _search(options: argparse.Namespace, settings: Settings) -> int:
    with Engine.open(settings) as engine:
        hits = engine.search(options.query, options.limit)
    if options.json:
        print(json.dumps([dataclasses.asdict(hit) for hit in hits], ensure_ascii=False, indent=1))
    for hit in () if options.json else hits:
        print(f"{hit.score:5.2f}  {hit.title}  ({hit.slug}; found by {', '.join(hit.found_by)})")
        print(f"       {hit.summary}")
    return 0


def _related(options: argparse.Namespace, settings: Settings) -> int:
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


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    findings = report(settings)
    if options.json:
        print(json.dumps([dataclasses.asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    for finding in () if options.json else findings:
        print(f"{'ok ' if finding.ok else 'NO '} {finding.part:14} {finding.state}")
        if finding.hint:
            print(f"    {finding.hint}")
    return 0 if all(finding.ok for finding in findings) else 1


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


class ProgressLine:
    """One line a stage with the time left, rewritten in place on a terminal."""

    WORDS: ClassVar = {
        "read": "Reading pages",
        "graph": "Storing the graph",
        "words": "Counting words",
        "patterns": "Encoding pages",
        "sections": "Encoding sections",
    }

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._stage = ""
        self._began = 0.0
        self._first = 0
        self._shown = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        now = time.monotonic()
        new = what != self._stage
        if new:
            self._stage, self._began, self._first = what, now, done
        if not new and done < of and now - self._shown < (0.5 if self._out.isatty() else 15):
            return
        self._shown = now
        left = ""
        if done > self._first and done < of:
            seconds = (now - self._began) / (done - self._first) * (of - done)
            left = f", about {_duration(seconds)} left"
        line = f"{self.WORDS.get(what, what)}: {done:,} of {of:,}{left}"
        end = "" if self._out.isatty() and done < of else "\n"
        print(f"\r{line:70}" if self._out.isatty() else line, end=end, file=self._out, flush=True)


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def _questions(path: Path) -> Iterator[dict[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise MediaUnreadable(f"The questions in {path} cannot be read.", "Give a UTF-8 file of JSON lines.") from exc
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            yield {"id": str(row["id"]), "question": str(row["question"])}
        except (ValueError, KeyError, TypeError) as exc:
            raise MediaUnreadable(
                f"Line {number} of {path} is no question.", 'Each line is {"id": …, "question": …}.'
            ) from exc


def _writing(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as exc:
        raise InputError(f"{path} cannot be written ({exc.strerror}).", "Choose another place for --out.") from exc


def _line(out: TextIO, row: dict[str, Any]) -> None:
    try:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        out.flush()
    except OSError as exc:
        raise StoreFull(f"{out.name} cannot be written ({exc.strerror}).", "Free some room and run it again.") from exc
