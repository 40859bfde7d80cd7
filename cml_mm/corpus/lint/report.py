"""What the linter says: findings, what is named but missing, and how each format fares."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
PageFormat = Literal["v1", "v7.1", "v8.2", "none"]
PAGE_FORMATS: tuple[PageFormat, ...] = ("v1", "v7.1", "v8.2", "none")
FormatVerdict = Literal["ready", "needs work", "not readable", "no pages"]


@dataclass(frozen=True)
class Finding:
    """One thing to mend, or to know, about one file.

    `path` is relative to its library; `places` counts how often it stands in the file.
    """

    kind: str
    path: str
    message: str
    severity: Severity
    hint: str
    places: int = 1


@dataclass(frozen=True)
class Wanted:
    """A name that pages point to and the library does not hold."""

    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class Share:
    """How many of the pages that a format's demand applies to meet it."""

    met: int
    asked: int


@dataclass(frozen=True)
class FormatGroup:
    """All pattern pages of one generation of front matter."""

    format: PageFormat
    pages: int
    ready: int
    needs_work: int
    not_readable: int

    @property
    def verdict(self) -> FormatVerdict:
        """What holds for most of the group: ready only where every page is."""
        if not self.pages:
            return "no pages"
        if self.not_readable * 2 > self.pages:
            return "not readable"
        return "ready" if self.ready == self.pages else "needs work"


@dataclass(frozen=True)
class FormatRow:
    """One demand, and how each format's pages meet it: None where the format does not make it."""

    demand: str
    shares: tuple[Share | None, ...]  # in the order of PAGE_FORMATS


@dataclass(frozen=True)
class Conversion:
    """What a page of the first format lacks to become v7.1."""

    path: str
    slug: str
    fields_to_write: tuple[str, ...]
    fields_to_carry: tuple[str, ...]  # said already, in another field
    sections_to_write: tuple[str, ...]


@dataclass(frozen=True)
class LintReport:
    """The whole report, in an order that depends on the files alone."""

    libraries: tuple[str, ...]
    patterns: int
    lighthouses: int
    findings: tuple[Finding, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    groups: tuple[FormatGroup, ...] = ()
    formats: tuple[FormatRow, ...] = ()
    conversions: tuple[Conversion, ...] = ()


@dataclass(frozen=True)
class KindCount:
    """How many files and places a kind of finding was seen in."""

    kind: str
    findings: int
    places: int


@dataclass(frozen=True)
class Counts:
    """The report as numbers."""

    pages: int
    errors: int
    warnings: int
    notes: int
    by_kind: tuple[KindCount, ...]

    def places(self, kind: str) -> int:
        """In how many places a kind was seen; 0 where it was not."""
        return next((count.places for count in self.by_kind if count.kind == kind), 0)


def counts(report: LintReport) -> Counts:
    """A report as numbers, kinds in the order of the report."""
    severities = Counter(finding.severity for finding in report.findings)
    found: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for finding in report.findings:
        found[finding.kind] += 1
        places[finding.kind] += finding.places
    return Counts(
        pages=report.patterns + report.lighthouses,
        errors=severities["error"],
        warnings=severities["warning"],
        notes=severities["note"],
        by_kind=tuple(KindCount(kind, number, places[kind]) for kind, number in found.items()),
    )
