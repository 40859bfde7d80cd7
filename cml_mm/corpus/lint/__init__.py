"""The linter: what in a library of patterns should be mended, and how its formats compare."""

from __future__ import annotations

from cml_mm.corpus.lint.linting import lint
from cml_mm.corpus.lint.report import Counts, Finding, LintReport, counts

__all__ = ["Counts", "Finding", "LintReport", "counts", "lint"]
