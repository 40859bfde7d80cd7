"""The linter's report as text and as JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from cml_mm.corpus.lint.kinds import Kind, kind_of_id
from cml_mm.corpus.lint.report import (
    PAGE_FORMATS,
    SEVERITIES,
    Finding,
    FormatGroup,
    LintReport,
    Share,
    counts,
)

REPORT_VERSION = 1
SEVERITY_WORDS = {"error": "to mend", "warning": "should be mended", "note": "may be mended"}
_MOST_WANTED = 10


def report_json(report: LintReport) -> dict[str, Any]:
    """The whole report as JSON values, with its counts, its verdicts and a version."""
    written = {"version": REPORT_VERSION, **dataclasses.asdict(report)}
    written["counts"] = dataclasses.asdict(counts(report))
    for group, row in zip(report.groups, written["groups"], strict=True):
        row["verdict"] = group.verdict
    for row in written["formats"]:
        row["shares"] = dict(zip(PAGE_FORMATS, row["shares"], strict=True))
    written["kinds"] = [dataclasses.asdict(kind_of_id(count["kind"])) for count in written["counts"]["by_kind"]]
    return written


def report_text(report: LintReport, examples: int | None = 5) -> str:
    """The report for a terminal: the summary, then every kind.

    Args:
        report: what the linter found.
        examples: findings shown of each kind; None for all.
    """
    return "\n".join((*_summary(report), *_formats(report), *_wanted(report, examples), *_kinds(report, examples)))


def findings_by_kind(report: LintReport) -> list[tuple[Kind, str, list[Finding]]]:
    """Findings by severity and kind, errors first, as (kind, severity, findings)."""
    groups = groupby(report.findings, key=lambda finding: (finding.severity, finding.kind))
    return [(kind_of_id(kind), severity, list(group)) for (severity, kind), group in groups]


def share_words(share: Share | None) -> str:
    """ "12 of 30, 40 %"; a dash where the format does not ask."""
    if share is None:
        return "–"
    # Never 100 % of what is not all, never 0 % of what is something.
    percent = round(100 * share.met / share.asked)
    if share.met < share.asked:
        percent = min(percent, 99)
    if share.met:
        percent = max(percent, 1)
    return f"{share.met:,} of {share.asked:,}, {percent}\u00a0%"


def group_words(group: FormatGroup) -> str:
    """The verdict of a group with what it counts."""
    if not group.pages:
        return "–"
    return f"{group.verdict}: {group.ready:,} ready, {group.needs_work:,} to do, {group.not_readable:,} not readable"


def places_words(findings: list[Finding]) -> str:
    """ "3 findings", and in how many places where that is more."""
    number, places = len(findings), sum(finding.places for finding in findings)
    words = f"{number:,} finding{'' if number == 1 else 's'}"
    return words if places == number else f"{words} in {places:,} places"


def _summary(report: LintReport) -> Iterator[str]:
    number = counts(report)
    yield f"{report.patterns:,} patterns and {report.lighthouses:,} lighthouses in {', '.join(report.libraries)}"
    yield f"{number.errors:,} errors, {number.warnings:,} warnings, {number.notes:,} notes"
    if not report.findings:
        yield "Nothing to mend."
    severity = ""
    for kind, of, findings in findings_by_kind(report):
        if of != severity:
            severity = of
            yield f"\n{severity}: {SEVERITY_WORDS[severity]}"
        yield f"  {len(findings):>6,}  {kind.title} ({kind.id})"


def _formats(report: LintReport) -> Iterator[str]:
    shown = [number for number, group in enumerate(report.groups) if group.pages]
    if not shown:
        return
    yield "\nFormats side by side"
    names = [f"{_format_words(PAGE_FORMATS[number])}, {report.groups[number].pages:,} pages" for number in shown]
    yield f"  {'':40}" + "".join(f"{name:>26}" for name in names)
    for row in report.formats:
        yield f"  {row.demand:40}" + "".join(f"{share_words(row.shares[number]):>26}" for number in shown)
    for number in shown:
        yield f"  {_format_words(PAGE_FORMATS[number])}: {group_words(report.groups[number])}"
    if report.conversions:
        yield f"  {len(report.conversions):,} pages of format v1: what each lacks for v7.1 stands in --json and --html."


def _format_words(form: str) -> str:
    return "no format" if form == "none" else form


def _wanted(report: LintReport, examples: int | None) -> Iterator[str]:
    if not report.wanted:
        return
    yield f"\nNamed but not in the library: {len(report.wanted):,} names"
    most = len(report.wanted) if examples is None else _MOST_WANTED
    for name in report.wanted[:most]:
        yield f"  {len(name.paths):>6,}  {name.name}"
    if len(report.wanted) > most:
        yield f"          and {len(report.wanted) - most:,} more"


def _kinds(report: LintReport, examples: int | None) -> Iterator[str]:
    for severity in SEVERITIES:
        for kind, of, findings in findings_by_kind(report):
            if of != severity:
                continue
            yield f"\n{severity}  {kind.title} ({kind.id}): {places_words(findings)}"
            for finding in findings[:examples]:
                yield f"  {finding.path}: {finding.message}" if finding.path else f"  {finding.message}"
            if examples is not None and len(findings) > examples:
                yield f"  and {len(findings) - examples:,} more; --all shows them"
            yield f"  → {findings[0].hint}"
