"""The parser, and `main`, which runs one command and turns our errors into two lines."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cml_mm import __version__
from cml_mm.errors import CmlError, InputError
from cml_mm.evaluation.questions import SPLITS
from cml_mm.settings import Settings

LIBRARY_HELP = "folder, file or git URL; may be given several times (or CML_LIBRARY)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Returns: 0 when done, 2 when the input has to be mended, 1 for any other stated failure.
    """
    options = _parser().parse_args(arguments)
    try:
        settings = Settings.load()
        if options.index:
            settings = replace(settings, index=options.index)
        module, _, function = options.run.partition(".")
        return int(getattr(importlib.import_module(f"cml_mm.cli.{module}"), function)(options, settings))
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
    _question_commands(commands)
    _library_commands(commands)
    _models_command(commands)
    _diagram_command(commands)
    _lecture_command(commands)
    checked = _command(commands, "doctor", "health.doctor", "what is installed, indexed and free")
    checked.add_argument("--library", action="store_true", help="count the library's pages and defects too")
    checked.add_argument("--json", action="store_true")
    return parser


def _question_commands(commands: Any) -> None:
    asked = _command(commands, "ask", "answers.ask", "answer a question, or a file of them")
    asked.add_argument("question", nargs="?")
    asked.add_argument("--json", action="store_true", help="the whole answer with its evidence")
    asked.add_argument(
        "--file",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="ask this file too: PDF, Word, slides, web page, text, table, picture; may be given several times",
    )
    asked.add_argument("--only-files", action="store_true", help="ask the files alone, not the library")
    asked.add_argument("--as", dest="persona", default="", metavar="PERSONA", help='who asks, e.g. "City official"')
    asked.add_argument("--scale", default="", help='how large their group is, e.g. "Team"')
    asked.add_argument("--stage", default="", help='how far it has come, e.g. "Starting"')
    asked.add_argument("--domain", default="", help="what it is about; a word unknown to the library lists them")
    _batch(asked)

    searched = _command(commands, "search", "answers.search", "the nearest pages")
    searched.add_argument("query")
    searched.add_argument("--limit", type=int, default=10)
    searched.add_argument("--json", action="store_true")

    around = _command(commands, "related", "answers.related", "the relations of one pattern")
    around.add_argument("slug")
    around.add_argument("--json", action="store_true")

    joined = _command(
        commands, "path", "answers.path", "how two patterns are joined, with the reason and file of every step"
    )
    joined.add_argument("first", metavar="A", help="title, alias or slug")
    joined.add_argument("last", metavar="B")
    joined.add_argument("--all-layers", action="store_true", help="machine-made relations too, if no trusted path")
    joined.add_argument("--json", action="store_true")

    _batch(_command(commands, "rank", "answers.rank", "rank patterns for a file of questions"), required=True)
    _evaluation_command(commands)


def _evaluation_command(commands: Any) -> None:
    scored = _command(commands, "eval", "evaluation.evaluate", "how well questions with known answers are answered")
    scored.add_argument("--questions", type=Path, metavar="FILE", help="JSON lines (else the starter library's)")
    scored.add_argument("--split", choices=[*SPLITS, "all"], default="dev", help="which part of them (dev)")
    scored.add_argument("--profile", help="which parts answer (or CML_PROFILE)")
    scored.add_argument(
        "--multihop",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="SET_FOLDER",
        help="rank these sets of passages too (corpus.jsonl, queries.jsonl)",
    )
    scored.add_argument("--json", action="store_true", help="all figures as JSON")
    scored.add_argument("--out", type=Path, metavar="REPORT.md", help="write the report too, its plots beside it")


def _library_commands(commands: Any) -> None:
    built = _command(commands, "index", "library.index", "read a library and build its index")
    built.add_argument("--library", action="append", help=LIBRARY_HELP)
    built.add_argument("--merge", action="store_true", help="one whole snapshot, no segment of changes over it")

    linted = _command(commands, "lint", "library.lint_libraries", "what in a library should be mended", indexed=False)
    linted.add_argument("paths", nargs="*", metavar="PATH", help="folders, files or git URLs (or CML_LIBRARY)")
    linted.add_argument("--json", action="store_true", help="the whole report as JSON")
    linted.add_argument("--html", type=Path, metavar="FILE", help="write the whole report as one page")
    linted.add_argument("--all", action="store_true", help="every finding, not only the first of each kind")
    linted.add_argument("--strict", action="store_true", help="warnings fail too")

    export = commands.add_parser("export", help="write the library in other forms", description="write the library")
    forms = export.add_subparsers(required=True, metavar="WHAT")
    graph = _command(forms, "graph", "library.export_graph", "every relation with who says so, as JSON", indexed=False)
    graph.add_argument("--out", type=Path, metavar="FILE", help="where to write it (else to the terminal)")
    graph.add_argument("--library", action="append", help=LIBRARY_HELP)


def _models_command(commands: Any) -> None:
    held = _command(commands, "verify", "verifying.verifying", "hold sentences against their evidence", indexed=False)
    held.add_argument("--pairs", type=Path, required=True, help='JSON lines with "id", "evidence" and "sentence"')
    held.add_argument("--out", type=Path, required=True, help='JSON lines to write: "id" and "verdict"')
    held.add_argument("--why", action="store_true", help="write too what the evidence does not bear out")
    held.add_argument("--words-only", action="store_true", help="compare words alone, without the text encoder")
    listed = _command(
        commands, "models", "models.models", "which models there are and fit this machine; get one", indexed=False
    )
    listed.add_argument("words", nargs="*", metavar="NAME | get NAME", help="one card; or bring it (also ORG/NAME)")
    listed.add_argument("--fits", action="store_true", help="only those that fit this machine")
    listed.add_argument("--json", action="store_true", help="every fact with its source and date")


def _diagram_command(commands: Any) -> None:
    read = _command(
        commands, "diagram", "diagrams.diagram", "which boxes and arrows a picture or drawing holds", indexed=False
    )
    read.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="picture, photo, SVG, .drawio, .dot, .mmd, .puml, .pptx, PDF, or a text with mermaid in it",
    )
    read.add_argument("--number", type=int, metavar="N", help="which one, where a file holds several (from 1)")
    form = read.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="everything that was read, as JSON")
    form.add_argument("--mermaid", action="store_true", help="as a mermaid flowchart")
    form.add_argument("--dot", action="store_true", help="as a graph for Graphviz")
    form.add_argument("--svg", action="store_true", help="as a drawing")
    read.add_argument("--overlay", type=Path, metavar="OUT.png", help="draw what was read over the picture")


def _lecture_command(commands: Any) -> None:
    read = _command(
        commands, "lecture", "lectures.lecture", "which slides, words and chapters a recording holds, by the second"
    )
    read.add_argument("file", type=Path, metavar="FILE", help="film, sound recording, or captions on their own")
    read.add_argument("--captions", type=Path, metavar="F", help="what is said in it: .srt or .vtt")
    read.add_argument("--deck", type=Path, metavar="DECK", help="its slides as a PDF or .pptx: says the page of each")
    read.add_argument("--json", action="store_true", help="slides, transcript, chapters and patterns as JSON")


def _command(commands: Any, name: str, run: str, text: str, indexed: bool = True) -> argparse.ArgumentParser:
    """Args: run: "module.function" of this package; only the command that is called is loaded."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    if indexed:
        parser.add_argument("--index", type=Path, help="folder of the index (or CML_INDEX)")
    parser.set_defaults(run=run, index=None)
    return parser


def _batch(parser: argparse.ArgumentParser, required: bool = False) -> None:
    parser.add_argument("--questions", type=Path, required=required, help='JSON lines with "id" and "question"')
    parser.add_argument("--out", type=Path, required=required, help="JSON lines to write")
