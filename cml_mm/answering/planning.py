"""Chooses what to write: refuse, answer from the graph, or help. Nothing is written here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cml_mm import prose
from cml_mm.answering.abstain import SURE_CONFIDENCE, Refusal, confidence, is_inside, refuse
from cml_mm.answering.adopters import Adopters
from cml_mm.answering.book import Draft
from cml_mm.answering.compose import Composer
from cml_mm.answering.graph_plans import GraphPlans
from cml_mm.answering.path_plans import PathPlans
from cml_mm.answering.plan import Asked, Plan, first_then
from cml_mm.retrieval.names import NameIndex
from cml_mm.types import Notice

_ADOPTION = re.compile(r"\b(adopt\w*|use[sd]?|using|appl(y|ies|ied)|implement\w*)\b")
UNSURE_WORDS = "The library has nothing that clearly fits; this is the nearest. Other words may find more."


@dataclass(frozen=True)
class Planner:
    """From a question and what was found for it to a plan."""

    composer: Composer
    names: NameIndex
    adopters: Adopters
    graph: GraphPlans
    paths: PathPlans

    @classmethod
    def over(cls, composer: Composer, names: NameIndex) -> Planner:
        return cls(composer, names, Adopters.of(composer), GraphPlans(composer), PathPlans(composer))

    def plan(self, asked: Asked, language: str | None) -> Plan:
        """Args: language: the English name of the question's language, where it is not English."""
        notices: tuple[Notice, ...] = ()
        if language:
            notices = (Notice("language", _language_words(language)),)
        else:
            adoption = bool(_ADOPTION.search(prose.fold(asked.question)))
            adopter = self.adopters.named_in(asked.question) if adoption else None
            if adopter and all(is_inside(match.name, self.adopters.title(adopter)) for match in asked.ranking.names):
                return self.adopters.what_uses(adopter, (), asked.book, asked.patterns)
            refusal = refuse(asked.question, asked.ranking, self.names, self.composer.bm25, adoption)
            if refusal:
                return self._refused(refusal, asked.patterns)
        unsure = bool(language) or (not asked.ranking.names and confidence(asked.ranking) < SURE_CONFIDENCE)
        if unsure and not language:
            notices = (Notice("confidence", UNSURE_WORDS),)
        plan = self._structured(asked) or self._help(asked, unsure)
        return replace(plan, notices=notices + plan.notices)

    def _structured(self, asked: Asked) -> Plan | None:
        """Answers from the graph, exactly; None where the question is not of that kind."""
        intent, book, patterns = asked.intent, asked.book, asked.patterns
        if not intent.subjects or intent.kind == "help":
            return None
        first = intent.subjects[0]
        if intent.kind == "define":
            title = self.composer.library.entries[first].title
            return Plan(title, self.composer.define(first, book), first_then(intent.subjects, patterns))
        if intent.kind == "compare":
            return self.paths.compare(asked)
        if intent.kind == "path":
            return self.paths.path(asked)
        if intent.kind == "tension":
            return self.paths.tension(asked)
        if intent.kind == "adopted":
            return self.adopters.what_uses(first, self.graph.declared(first, outgoing=True), book, patterns)
        if intent.kind == "adopters":
            return self.adopters.who_uses(first, self.graph.declared(first, outgoing=False), book, patterns)
        return self.graph.relations(asked)

    def _help(self, asked: Asked, unsure: bool) -> Plan:
        best = self.composer.library.entries[asked.patterns[0]].title
        title = f"Perhaps {best}" if unsure else f"Start with {best}"
        return Plan(title, self.composer.help(asked.ranking, asked.patterns, asked.book, unsure), asked.patterns)

    def _refused(self, refusal: Refusal, patterns: tuple[str, ...]) -> Plan:
        entry = self.composer.library.entries[patterns[0]] if patterns else None
        drafts = [Draft(refusal.reason, (), 0)]
        if entry:
            words = f"The nearest is {entry.title}. It does not answer your question."
            drafts.append(Draft(words, (), 0, (entry.title,)))
        return Plan("That is not in the library", iter(drafts), patterns, status="not_in_library")


def _language_words(language: str) -> str:
    return (
        f"Your question seems to be in {language}. This library is in English and the built-in encoder reads"
        " English only, so what was found may miss the point. Asking in English works better."
    )
