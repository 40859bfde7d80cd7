"""About this library: where it comes from, when it was read, and what is missing or mended."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from cml_mm.types import TRUST_LAYERS, TRUST_WORDS, IndexStatus, LibrarySource, Problem, ProfileState
from cml_mm.ui.icons import icon, trust_mark
from cml_mm.ui.profiles_view import profiles_html
from cml_mm.ui.text import escape, safe_url

_SHOWN_PATHS = 60
_NUMBER = re.compile(r"\d[\d,.]*")
_LAYERS = {
    "curated": "A person wrote it into a page, with a reason.",
    "approved": "A machine proposed it and a person said yes.",
    "earlier": "It stood in an earlier edition of the library.",
    "machine": "A machine wrote it down and nobody has checked it.",
    "inferred": "It was worked out from other relations or from likeness.",
}


def about_html(
    status: IndexStatus, profiles: Sequence[ProfileState] = (), may_choose: bool = False, said: str = ""
) -> str:
    """The page, from what the index knows of itself.

    Args:
        profiles: who can answer, one of them in use; none where that is not told.
        may_choose: whether another one may be taken into use here.
        said: what came of choosing one, in words.
    """
    return (
        '<article class="rd about" aria-labelledby="rd-title" data-title="About this library">'
        '<p class="to-list"><a class="own" href="?view=library" data-lib="list">'
        f"{icon('back')}All pages</a></p>"
        '<h1 id="rd-title" tabindex="-1">About this library</h1>'
        '<p class="sum">What is in it, where it comes from, and what it does not hold.</p>'
        f"{_holdings(status)}{_sources(status.sources)}{_licences(status.licences)}{_layers()}"
        f"{profiles_html(profiles, may_choose, said)}{_repairs(status)}{_index(status)}</article>"
    )


def _holdings(status: IndexStatus) -> str:
    rows = (
        ("Patterns", status.patterns),
        ("Groups that use them (lighthouses)", status.lighthouses),
        ("Other documents", status.documents),
        ("Adopters named on pages", status.adopters),
        ("Sections", status.sections),
        ("Relations between pages", status.relations),
        ("Names given that no page has", status.dangling),
    )
    return _section("What is in it", _table((name, f"{count:,}") for name, count in rows if count))


def _sources(sources: Sequence[LibrarySource]) -> str:
    if not sources:
        return _section("Where it comes from", "<p>The index does not record its sources. Build it again to know.</p>")
    return _section("Where it comes from", f'<ul class="srcs">{"".join(_source(source) for source in sources)}</ul>')


def _source(source: LibrarySource) -> str:
    url = safe_url(source.url)
    link = (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(url)}</a>'
        if url
        else "A local folder"
    )
    commit = f'commit <span class="mono">{escape(source.commit[:7])}</span>' if source.commit else ""
    day = f"of {escape(_day(source.date))}" if source.date else ""
    facts = " ".join(part for part in (commit, day) if part)
    notice = f'<p class="rust">{escape(source.notice)}</p>' if source.notice else ""
    return f"<li><b>{escape(source.name)}</b><p>{link}</p>{f'<p>{facts}</p>' if facts else ''}{notice}</li>"


def _licences(licences: Sequence[str]) -> str:
    if not licences:
        return ""
    named = "".join(f"<li>{escape(licence)}</li>" for licence in licences)
    words = "<p>Every page names its authors and its licence at its end; answers carry both with their sources.</p>"
    return _section("Licences", f'<ul class="plain">{named}</ul>{words}')


def _layers() -> str:
    rows = "".join(
        f'<div><dt><span class="tl">{trust_mark(layer)}{TRUST_WORDS[layer]}</span></dt><dd>{_LAYERS[layer]}</dd></div>'
        for layer in TRUST_LAYERS
    )
    words = "<p>Every relation says who stands behind it. Answers rest on the first three wherever they can.</p>"
    return _section("Who stands behind a relation", f'{words}<dl class="table words">{rows}</dl>')


def _repairs(status: IndexStatus) -> str:
    left_out = [problem for problem in status.problems if problem.skipped]
    mended = [problem for problem in status.problems if not problem.skipped]
    if not status.problems:
        return _section("Mended or left out", "<p>Every page could be read as it was written.</p>")
    parts = []
    if left_out:
        parts.append(f"<h3>Left out ({len(left_out):,})</h3>{_problems(left_out)}")
    if mended:
        parts.append(f"<h3>Mended or worth knowing ({len(mended):,})</h3>{_problems(mended)}")
    return _section("Mended or left out", "".join(parts))


def _problems(problems: Sequence[Problem]) -> str:
    """Grouped by what is said, numbers aside; the most frequent first."""
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(_NUMBER.sub("0", problem.message), []).append(problem)
    ranked = sorted(groups.values(), key=len, reverse=True)
    return f'<div class="problems">{"".join(_problem(group) for group in ranked)}</div>'


def _problem(group: Sequence[Problem]) -> str:
    same = len({problem.message for problem in group}) == 1
    rows = "".join(_file(problem, tell=not same) for problem in group[:_SHOWN_PATHS])
    left = len(group) - _SHOWN_PATHS
    more = f'<p class="small mut">and {left:,} more</p>' if left > 0 else ""
    files = f"{len(group):,} file{'' if len(group) == 1 else 's'}"
    return (
        f'<details class="rest"><summary><span>{escape(group[0].message)}</span> <span class="mut">{files}</span>'
        f"{icon('down')}</summary><ul>{rows}</ul>{more}</details>"
    )


def _file(problem: Problem, tell: bool) -> str:
    message = f"<p>{escape(problem.message)}</p>" if tell else ""
    return f'<li><span class="file">{escape(problem.path)}</span>{message}</li>'


def _index(status: IndexStatus) -> str:
    deep = "all sections" if status.complete else f"{status.section_vectors:,} of {status.sections:,} sections so far"
    rows = (
        ("Read and indexed", _day(status.built, time=True)),
        ("Encoder of meaning", status.encoder),
        ("Read deeply", deep),
        ("Fingerprint", status.fingerprint),
        ("Schema", str(status.schema)),
    )
    return _section("The index", _table((name, words) for name, words in rows if words))


def _section(title: str, body: str) -> str:
    return f'<section class="part"><h2>{title}</h2>{body}</section>'


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(words)}</dd></div>" for name, words in rows)
    return f'<dl class="table">{cells}</dl>'


def _day(stamp: str, time: bool = False) -> str:
    """ISO 8601 → "9 October 2026"; as written where it is no date."""
    try:
        day = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    except ValueError:
        return stamp
    words = f"{day.day} {day:%B %Y}"
    return f"{words}, {day:%H:%M} UTC" if time else words
