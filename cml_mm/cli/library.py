"""`cml index`, `lint` and `export`: work on the library itself."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from cml_mm.cli.progress import ProgressLine
from cml_mm.engine import Engine
from cml_mm.errors import InputError
from cml_mm.profiles import document_reader
from cml_mm.settings import Settings


def index(options: argparse.Namespace, settings: Settings) -> int:
    if options.library:
        settings = replace(settings, libraries=tuple(options.library))
    began = time.process_time()
    status = Engine.build(settings, ProgressLine(sys.stderr), merge=options.merge)
    seconds = time.process_time() - began
    print(
        f"{status.patterns:,} patterns, {status.lighthouses:,} lighthouses, {status.documents:,} documents,"
        f" {status.relations:,} relations,"
        f" {status.section_vectors:,} of {status.sections:,} sections encoded; {seconds:.0f} CPU-s.\n{status.path}"
    )
    for source in status.sources:
        if source.notice:
            print(f"  {source.name}: {source.notice}", file=sys.stderr)
    for problem in status.problems:
        print(f"  {problem.path}: {problem.message}", file=sys.stderr)
    return 0


def lint_libraries(options: argparse.Namespace, settings: Settings) -> int:
    """Returns: 1 where there are errors (with --strict: warnings too), else 0."""
    from cml_mm.cli.lint_html import report_html
    from cml_mm.cli.lint_text import report_json, report_text
    from cml_mm.corpus.lint import counts, lint

    report = lint(_places(options.paths, settings), _telling("lint"))
    if options.html:
        _write(options.html, report_html(report))
    if options.json:
        print(json.dumps(report_json(report), ensure_ascii=False, indent=1))
    else:
        print(report_text(report, examples=None if options.all else 5))
        if options.html:
            print(f"\nThe whole report: {options.html}")
    number = counts(report)
    return 1 if number.errors or (options.strict and number.warnings) else 0


def export_graph(options: argparse.Namespace, settings: Settings) -> int:
    from cml_mm.corpus import load_library
    from cml_mm.corpus.graph_export import graph_json

    library = load_library(_places(options.library, settings), _telling("read"), document_reader())
    text = json.dumps(graph_json(library), ensure_ascii=False, indent=1) + "\n"
    if options.out is None:
        sys.stdout.write(text)
        return 0
    _write(options.out, text)
    print(f"{len(library.patterns):,} patterns, {len(library.relations):,} relations.\n{options.out}")
    return 0


def _places(named: Sequence[str], settings: Settings) -> list[Path]:
    """The libraries that are named, else those of the settings; repositories are fetched as for the index."""
    from cml_mm.engine.indexing import fetch_libraries

    return [source.path for source in fetch_libraries(settings, named)]


def _telling(stage: str) -> Callable[[int, int], None]:
    line = ProgressLine(sys.stderr)
    return lambda done, of: line(stage, done, of)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise InputError(f"{path} cannot be written ({exc.strerror}).", "Choose another place for it.") from exc
