"""Checks of what the front matter says about the page: identity, rights, labels, tension."""

from __future__ import annotations

from collections.abc import Iterator

from cml_mm.corpus.frontmatter import as_fields, as_text
from cml_mm.corpus.lint.demands import DEMANDS, missing_fields, states
from cml_mm.corpus.lint.kinds import found, some
from cml_mm.corpus.lint.pages import LintPage
from cml_mm.corpus.lint.report import Finding
from cml_mm.corpus.names import is_placeholder, name_key, words_of

# What a script left of "Medium" and the like, and words that stand for "nothing yet".
_STUBS = frozenset(
    {"", "med", "low", "high", "tbd", "todo", "n a", "na", "none", "null", "xxx", "label", "placeholder"}
)
_SHORTEST_LABEL = 3  # letters; "KPI" is a name, "Me" is not
_VERSUS = frozenset({"vs", "versus"})
_TENSION = "ontology.search_hints.primary_tension"
# Fields that have a finding of their own.
_OWN = frozenset({"id", "title", "summary", "license", "attribution", _TENSION})


def identity(page: LintPage) -> Iterator[Finding]:
    if not page.meta:
        return  # said already
    if not as_text(page.meta.get("title")):
        yield found("title_missing", page.path, f"No title; “{page.title}” was taken instead.")
    identifier = as_text(page.meta.get("id"))
    if is_placeholder(identifier):
        yield found("id_placeholder", page.path, f"The id is still {identifier}.")
    elif not identifier and "id" in DEMANDS[page.format].fields:
        yield found("id_missing", page.path, "The page has no id.")


def summary_missing(page: LintPage) -> Iterator[Finding]:
    says = as_text(page.meta.get("summary")) or as_text(page.meta.get("description"))
    if page.meta and DEMANDS[page.format].summary and not says:
        yield found("summary_missing", page.path, "No summary; the page's opening words are shown instead.")


def rights(page: LintPage) -> Iterator[Finding]:
    if not states(page, "license"):
        yield found("licence_missing", page.path, "The page states no licence.")
    if not states(page, "attribution"):
        yield found("attribution_missing", page.path, "The page does not say whom to credit.")


def field_missing(page: LintPage) -> Iterator[Finding]:
    if page.kind == "lighthouse" or page.format == "none":
        return
    absent = [name for name in missing_fields(page) if name not in _OWN]
    if absent:
        message = f"Format {page.format} has {some(absent, 12)}."
        yield found("field_missing", page.path, message, len(absent))


def tension(page: LintPage) -> Iterator[Finding]:
    stated = as_text(page.field(_TENSION))
    if not stated:
        if DEMANDS[page.format].tension and page.kind == "pattern":
            yield found("tension_missing", page.path, "No primary tension is stated.")
    elif tension_of_title(stated, page.title):
        yield found("tension_of_title", page.path, f"“{stated}” holds no word that the title does not.")


def labels(page: LintPage) -> Iterator[Finding]:
    worthless, template = judge_labels(page)
    if worthless:
        yield found("label_worthless", page.path, f"No name at all: {some(worthless, 8)}.", len(worthless))
    if template:
        message = f"The title, or the title with words added: {some(template, 8)}."
        yield found("label_template", page.path, message, len(template))


def tension_of_title(stated: str, title: str) -> bool:
    """Whether a tension is made of words of the title alone."""
    return not set(words_of(stated)) - set(words_of(title)) - _VERSUS


def judge_labels(page: LintPage) -> tuple[list[str], list[str]]:
    """The context labels that say nothing, and those made of the title, each as "persona “label”"."""
    own = f" {name_key(page.title)} "
    worthless: list[str] = []
    template: list[str] = []
    for persona, value in as_fields(page.meta.get("context_labels")).items():
        label = as_text(value)
        key = name_key(label)
        if key in _STUBS or len(key) < _SHORTEST_LABEL:
            worthless.append(f"{persona} “{label}”")
        elif own in f" {key} ":
            template.append(f"{persona} “{label}”")
    return worthless, template


FIELD_CHECKS = (identity, summary_missing, rights, field_missing, tension, labels)
