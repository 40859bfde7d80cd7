"""The linter's report as one page: no script, nothing fetched, light and dark, every word escaped."""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from cml_mm.cli.lint_text import (
    SEVERITY_WORDS,
    findings_by_kind,
    group_words,
    places_words,
    share_words,
)
from cml_mm.corpus.lint.report import PAGE_FORMATS, Conversion, Finding, LintReport, Share, counts

_HERE = Path(__file__).parent
_TOKENS = _HERE.parent / "ui" / "tokens.css"  # read as text: the report must not load the screens
_MOST_OF_A_KIND = 40
_MOST_NAMES = 200
_FORMAT_WORDS = {"none": "no format"}


def report_html(report: LintReport) -> str:
    """The whole report; every finding stands once under its file, the first of each kind under the kind."""
    body = "\n".join(
        (*_head(report), *_formats(report), *_kinds(report), *_wanted(report), *_conversions(report), *_files(report))
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>Library report: {_text(', '.join(map(_short, report.libraries)))}</title>\n"
        f"<style>\n{_styles()}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _styles() -> str:
    """Our tokens, the dark ones behind the reader's own preference, and the page's rules."""
    tokens = _TOKENS.read_text(encoding="utf-8")
    light = re.search(r"^:root\s*\{(.*?)\}", tokens, re.S | re.M)
    dark = re.search(r"^\.dark\b[^{]*\{(.*?)\}", tokens, re.S | re.M)
    rules = f":root {{{light[1]}}}\n" if light else ""
    if dark:
        rules += f"@media (prefers-color-scheme: dark) {{ :root {{{dark[1]}}} }}\n"
    return rules + (_HERE / "lint_page.css").read_text(encoding="utf-8")


def _head(report: LintReport) -> Iterator[str]:
    number = counts(report)
    yield "<header>"
    yield f"<h1>{_text(', '.join(map(_short, report.libraries)))}</h1>"
    yield f"<p>{report.patterns:,} patterns and {report.lighthouses:,} lighthouses were looked through.</p>"
    yield '<ul class="tally">'
    for severity, many in (("error", number.errors), ("warning", number.warnings), ("note", number.notes)):
        plural = "" if many == 1 else "s"
        yield (
            f'<li class="{severity}"><b>{many:,}</b>{severity}{plural}'
            f' <span class="quiet">{SEVERITY_WORDS[severity]}</span></li>'
        )
    yield "</ul>"
    parts = [("formats", "Formats side by side"), ("kinds", "What was found"), ("wanted", "Names without a page")]
    parts += [("conversion", "From v1 to v7.1")] if report.conversions else []
    parts += [("files", "File by file")]
    links = "".join(f'<a href="#{anchor}">{words}</a>' for anchor, words in parts)
    yield f'<nav aria-label="Parts of this report">{links}</nav>'
    yield "</header>"


def _formats(report: LintReport) -> Iterator[str]:
    shown = [number for number, group in enumerate(report.groups) if group.pages]
    yield '<h2 id="formats">Formats side by side</h2>'
    if not shown:
        yield "<p>No pattern page was found.</p>"
        return
    yield "<p>What each generation of front matter asks for, and how many of its pages meet it.</p>"
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Formats side by side"><table><thead><tr>'
    heads = [_FORMAT_WORDS.get(PAGE_FORMATS[number], PAGE_FORMATS[number]) for number in shown]
    pages = [f"{report.groups[number].pages:,} pages" for number in shown]
    cells = zip(heads, pages, strict=True)
    yield '<th scope="col">Demand</th>' + "".join(
        f'<th scope="col">{head}<br><span class="quiet">{page}</span></th>' for head, page in cells
    )
    yield "</tr></thead><tbody>"
    for row in report.formats:
        cells_html = "".join(_share(row.shares[number]) for number in shown)
        yield f'<tr><th scope="row">{_text(row.demand)}</th>{cells_html}</tr>'
    verdicts = "".join(
        f'<td><span class="verdict">{group_words(report.groups[number])}</span></td>' for number in shown
    )
    yield f'<tr><th scope="row">Verdict</th>{verdicts}</tr>'
    yield "</tbody></table></div>"


def _share(share: Share | None) -> str:
    if share is None:
        return '<td class="quiet">not asked</td>'
    width = 100 * share.met / share.asked
    return f'<td>{share_words(share)}<span class="bar"><i style="width:{width:.1f}%"></i></span></td>'


def _kinds(report: LintReport) -> Iterator[str]:
    groups = findings_by_kind(report)
    yield '<h2 id="kinds">What was found</h2>'
    if not groups:
        yield "<p>Nothing to mend.</p>"
        return
    yield '<div class="scroll" tabindex="0" role="region" aria-label="Kinds of findings"><table><thead><tr>'
    yield '<th scope="col">Kind</th><th scope="col">Severity</th><th scope="col" class="num">Findings</th>'
    yield '<th scope="col" class="num">Places</th></tr></thead><tbody>'
    for kind, severity, findings in groups:
        places = sum(finding.places for finding in findings)
        yield (
            f'<tr><th scope="row"><a href="#{_kind_anchor(kind.id, severity)}">{_text(kind.title)}</a></th>'
            f'<td class="sev {severity}">{severity}</td><td class="num">{len(findings):,}</td>'
            f'<td class="num">{places:,}</td></tr>'
        )
    yield "</tbody></table></div>"
    for kind, severity, findings in groups:
        yield f'<section><h3 id="{_kind_anchor(kind.id, severity)}">{_text(kind.title)}</h3>'
        yield f'<p class="hint"><span class="sev {severity}">{severity}</span>, {places_words(findings)}. '
        yield f"{_text(kind.hint)}</p>"
        yield from _kind_list(findings)
        yield "</section>"


def _kind_list(findings: list[Finding]) -> Iterator[str]:
    first = "Show them" if len(findings) <= _MOST_OF_A_KIND else f"Show the first {_MOST_OF_A_KIND}"
    yield f'<details{" open" if len(findings) <= 3 else ""}><summary>{first}</summary><ul class="plain">'
    for finding in findings[:_MOST_OF_A_KIND]:
        yield f"<li>{_file_link(finding.path)} {_text(finding.message)}</li>"
    yield "</ul>"
    if len(findings) > _MOST_OF_A_KIND:
        more = f"{len(findings) - _MOST_OF_A_KIND:,} more stand under"
        yield f'<p class="quiet">{more} <a href="#files">their files</a>.</p>'
    yield "</details>"


def _wanted(report: LintReport) -> Iterator[str]:
    files = {finding.path for finding in report.findings}
    yield '<h2 id="wanted">Names without a page</h2>'
    if not report.wanted:
        yield "<p>Every name that a page points to is in the library.</p>"
        return
    yield f"<p>{len(report.wanted):,} names that pages point to and the library does not hold, most wanted first.</p>"
    for name in report.wanted[:_MOST_NAMES]:
        many = len(name.paths)
        yield f"<details><summary>{_text(name.name)}, {many:,} page{'' if many == 1 else 's'}</summary>"
        yield f"{_paths(name.paths, files)}</details>"
    if len(report.wanted) > _MOST_NAMES:
        yield f'<p class="quiet">{len(report.wanted) - _MOST_NAMES:,} more are in the JSON report.</p>'


def _conversions(report: LintReport) -> Iterator[str]:
    files = {finding.path for finding in report.findings}
    if not report.conversions:
        return
    yield '<h2 id="conversion">From v1 to v7.1</h2>'
    yield (
        f"<p>What each of the {len(report.conversions):,} pages of the first format lacks. Pages that lack the same"
        " stand together; fields to carry over are said already, in another field.</p>"
    )
    alike: dict[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], list[Conversion]] = {}
    for item in report.conversions:
        key = (item.fields_to_write, item.fields_to_carry, item.sections_to_write)
        alike.setdefault(key, []).append(item)
    for (write, carry, sections), items in sorted(alike.items(), key=lambda entry: (-len(entry[1]), entry[0])):
        many = len(items)
        lead = f"{many:,} page{'' if many == 1 else 's'}: sections {_list(sections)}"
        yield f"<details><summary>{_text(lead)}</summary>"
        yield f"<p>Fields to write: {_text(_list(write))}.<br>To carry over: {_text(_list(carry))}.</p>"
        yield f"{_paths([item.path for item in items], files)}</details>"


def _files(report: LintReport) -> Iterator[str]:
    by_file: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_file.setdefault(finding.path, []).append(finding)
    yield '<h2 id="files">File by file</h2>'
    if not by_file:
        yield "<p>No file has a finding.</p>"
    for path in sorted(by_file):
        found = by_file[path]
        name = _text(path or "the whole library")
        yield f'<details id="{_file_anchor(path)}"><summary><span class="path">{name}</span>'
        yield f' <span class="quiet">{_severities(found)}</span></summary><ul class="plain">'
        for finding in found:
            anchor = _kind_anchor(finding.kind, finding.severity)
            yield (
                f'<li><span class="sev {finding.severity}">{finding.severity}</span>'
                f' <a href="#{anchor}">{_text(finding.kind)}</a>: {_text(finding.message)}</li>'
            )
        yield "</ul></details>"
    yield "<footer>Made by <code>cml lint</code>. Titles and names are quoted from the library's pages.</footer>"


def _severities(findings: list[Finding]) -> str:
    number = Counter(finding.severity for finding in findings)
    return ", ".join(f"{many} {severity}{'' if many == 1 else 's'}" for severity, many in number.items())


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"


def _kind_anchor(kind: str, severity: str) -> str:
    return f"kind-{kind}-{severity}"


def _file_anchor(path: str) -> str:
    """A fragment that any path can have: what is plain stays readable, the hash keeps it apart."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", path)[-60:]
    return f"file-{plain}-{hashlib.sha256(path.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


def _file_link(path: str) -> str:
    if not path:
        return ""
    return f'<a class="path" href="#{quote(_file_anchor(path))}">{_text(path)}</a>'


def _paths(paths: Iterable[str], files: set[str]) -> str:
    """Files, those with findings of their own as links."""
    items = (_file_link(path) if path in files else f'<span class="path">{_text(path)}</span>' for path in paths)
    return '<ul class="plain columns">' + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def _short(path: str) -> str:
    return Path(path).name or path


def _text(words: str) -> str:
    """Escaped, and without what no page may hold: control characters and lone surrogates."""
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]", "\ufffd", words)
    return html.escape(clean)
