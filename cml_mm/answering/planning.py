"""Chooses what to write: refuse, answer from the graph, or help. Nothing is written here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain

from cml_mm import prose
from cml_mm.answering.abstain import Refusal, is_greeting, is_inside, is_sure, refuse
from cml_mm.answering.adopters import Adopters
from cml_mm.answering.book import Draft
from cml_mm.answering.compose import Composer
from cml_mm.answering.graph_plans import GraphPlans
from cml_mm.answering.intent import IN_COMMON
from cml_mm.answering.language import language_words
from cml_mm.answering.listing import ListPlans
from cml_mm.answering.order import is_order_question
from cml_mm.answering.path_plans import PathPlans
from cml_mm.answering.plan import Asked, Plan, first_then
from cml_mm.answering.relation_words import EXCEPT_WORDS
from cml_mm.answering.strangers import unheard_names
from cml_mm.retrieval.names import NameIndex, NameMatch, unknown_names
from cml_mm.types import Notice

_ADOPTION = re.compile(r"\b(adopt\w*|use[sd]?|using|appl(y|ies|ied)|implement\w*)\b")
_COMPARES = re.compile(r"\b(difference|differs?|compare[ds]?|versus|vs|the same|and|or)\b")
_NAMING = re.compile(
    r"^\W*(?:(?:and|so|but|please|can you|could you|hi|hello) )*(?:what(?:'s| is| are| does)\b|define|explain|describe"
    r"|tell (?:me|us) about|compare|how do(?:es)?\b.*\bdiffer)|\b(?:versus|vs|difference between)\b"
)
_YES_NO = re.compile(r"^\W*(?:(?:and|so|but|then) )*(?:do|does|did|is|are|can|could|will|would|should|must)\b")
MOST_NAMING_TERMS = 8  # content words of a question about a name: a longer one tells of a situation
_RELATES = re.compile(r"\b(without|requires?|needs?|enables?|depends? on|leads? to|alternative|tension|instead of)\b")
MOST_PAGES_BESIDE = 2
_CAPITALISED = re.compile(r"(?<=[\w,] )[A-Z][\w'’-]+(?: (?:(?:of|the|and|for|with|in) )?[A-Z][\w'’-]+)+")
_ORDERED = re.compile(r"\b(order|sequence|plan|road ?map|steps? (to|towards))\b")
_EXACT = frozenset({"relations", "hops", "whether"})
GREETING_WORDS = "Ask about a problem that you have, about a pattern, or how two patterns stand to each other."
UNSURE_WORDS = "The library has nothing that clearly fits; this is the nearest. Other words may find more."


@dataclass(frozen=True)
class Planner:
    """From a question and what was found for it to a plan."""

    composer: Composer
    names: NameIndex
    adopters: Adopters
    graph: GraphPlans
    paths: PathPlans
    lists: ListPlans

    @classmethod
    def over(cls, composer: Composer, names: NameIndex) -> Planner:
        paths = PathPlans(composer)
        return cls(composer, names, Adopters.of(composer), GraphPlans(composer, paths), paths, ListPlans(composer))

    def plan(self, asked: Asked, language: str | None) -> Plan:
        """Args: language: the English name of the question's language, where it is not English."""
        notices = tuple(_as_read(match) for match in asked.ranking.names if match.spelled)
        if is_greeting(asked.question):
            return self._refused(Refusal(GREETING_WORDS), ())
        if language:
            notices = (Notice("language", language_words(language, self.composer.encoder.english_only)), *notices)
        else:
            listed = self._listed(asked)
            if listed:
                return listed
            adoption = bool(_ADOPTION.search(prose.fold(asked.question)))
            shared = bool(IN_COMMON.search(prose.fold(asked.question)))
            if (adoption or shared) and (told := self._adopted(asked, least=1 if adoption else 2)):
                return told
            if unknown := self._unknown(asked):
                return unknown
            refusal = refuse(asked.question, asked.ranking, self.composer.bm25, adoption)
            if refusal:
                return self._refused(refusal, asked.patterns)
        unsure = bool(language) or not is_sure(asked.ranking, self.composer.bm25)
        if unsure and not language:
            notices = (*notices, Notice("confidence", UNSURE_WORDS))
        exact = self._structured(asked) if self._is_exact(asked) else None
        plan = exact or self._special(asked) or self._structured(asked) or self._help(asked, unsure)
        return replace(plan, notices=notices + plan.notices)

    def _listed(self, asked: Asked) -> Plan | None:
        """Lists and numbers over the whole library; None where it has nothing of the topic."""
        intent = asked.intent
        if intent.most:
            return self.lists.most(asked, intent.most)
        return self.lists.listing(asked, intent.listing) if intent.listing else None

    def _adopted(self, asked: Asked, least: int) -> Plan | None:
        """What adopters use, one of whom has no page of its own; None where fewer than `least` are named."""
        named = self.adopters.named_in(asked.question)
        if not named or EXCEPT_WORDS.search(prose.fold(asked.question)):
            return None
        words = " ".join(self.adopters.title(slug) for slug in named)
        pages = tuple(slug for slug in asked.intent.subjects if slug not in asked.patterns and self._is_adopter(slug))
        if not all(is_inside(match.name, words) or match.slugs[0] in pages for match in asked.ranking.names):
            return None
        adopters = (*pages, *named)
        if len(adopters) < least:
            return None
        if len(adopters) > 1:
            return self.adopters.both_use(adopters, asked.book, asked.patterns)
        return self.adopters.what_uses(named[0], (), asked.book, asked.patterns)

    def _unknown(self, asked: Asked) -> Plan | None:
        """Says that a name is not the library's, which ones look like it, and what it holds of the others."""
        unknown = (
            unknown_names(asked.question, self.names) or self._unknown_capitals(asked) or self._unheard_names(asked)
        )
        if not unknown:
            return None
        if asked.intent.kind == "relations" and not self._speaks(unknown[0], asked):
            return self._relations_beside(unknown[0], asked)
        folded = prose.fold(asked.question)
        alone = all(is_inside(match.name, unknown[0]) for match in asked.ranking.names)
        beside = _COMPARES.search(folded) or (_RELATES.search(folded) and not self._speaks(unknown[0], asked))
        compared = asked.intent.kind in ("define", "help") and bool(beside)
        if not alone and not compared:
            return None
        near = self.names.near(unknown[0])
        said = f"The library holds nothing called “{unknown[0]}”."
        if near:
            said += f" The nearest {'name is' if len(near) == 1 else 'names are'} {_either(near)}."
        followups = tuple(asked.question.replace(unknown[0], title) for title in near)
        if not alone and (plan := self._structured(replace(asked, intent=replace(asked.intent, kind="define")))):
            drafts = chain((Draft(said, (), 0, near),), plan.drafts)
            return replace(plan, drafts=drafts, followups=followups, in_words=False)
        refused = self._refused(Refusal(said), () if near else asked.patterns)
        ranked = first_then((slug for title in near for slug in self.names.resolve(title)), asked.patterns)
        return replace(refused, ranked=ranked, followups=followups)

    def _relations_beside(self, unknown: str, asked: Asked) -> Plan | None:
        """ "Does X require Y?" where nothing is called Y: says so, then what X does require."""
        if not _YES_NO.search(prose.fold(asked.question)):
            return None
        plan = self.graph.relations(asked)
        said = Draft(f"The library holds nothing called “{unknown}”.", (), 0)
        return replace(plan, drafts=chain((said,), (_further(draft) for draft in plan.drafts)))

    def _unheard_names(self, asked: Asked) -> tuple[str, ...]:
        """What a question asks to define or compare and the library never mentions, in small letters too."""
        folded = prose.fold(asked.question)
        naming = asked.intent.kind in ("define", "help", "compare") and _NAMING.search(folded)
        if not naming and not (asked.intent.kind == "relations" and _YES_NO.search(folded)):
            return ()
        if len(prose.terms(asked.question)) > MOST_NAMING_TERMS:
            return ()
        beside = bool(
            asked.intent.subjects
        )  # next to a name of the library's a name is meant, though a page may say it
        most = MOST_PAGES_BESIDE if beside else 0
        return unheard_names(asked.question, asked.ranking.names, self.composer.bm25, most)

    def _unknown_capitals(self, asked: Asked) -> tuple[str, ...]:
        """What a question asks to define or compare, written as a name, that no page bears."""
        folded = prose.fold(asked.question)
        naming = _NAMING.search(folded) or (_YES_NO.search(folded) and _RELATES.search(folded))
        if asked.intent.kind not in ("define", "help") or not naming:
            return ()
        written = (found.group() for found in _CAPITALISED.finditer(asked.question))
        return tuple(name for name in written if self.names.whole(name) is None and not self._speaks(name, asked))

    def _speaks(self, name: str, asked: Asked) -> bool:
        """Whether a name of the library stands inside these words, or they inside it."""
        known = (match.name for match in asked.ranking.names)
        return any(is_inside(name, other) or is_inside(other, name) for other in known)

    def _is_exact(self, asked: Asked) -> bool:
        """Whether the question was read as one of relations, which no other kind may take over."""
        return asked.intent.kind in _EXACT and not _ORDERED.search(prose.fold(asked.question))

    def _is_adopter(self, slug: str) -> bool:
        return self.composer.library.entries[slug].kind == "lighthouse"

    def _special(self, asked: Asked) -> Plan | None:
        """An order to try things in, or what is spoken of without its name: two sides, a tension."""
        order = self.paths.order(asked) if is_order_question(asked.question) else None
        return order or self.paths.compare_unnamed(asked) or self.paths.holding_tension(asked)

    def _structured(self, asked: Asked) -> Plan | None:
        """Answers from the graph, exactly; None where the question is not of that kind."""
        intent, book, patterns = asked.intent, asked.book, asked.patterns
        if not intent.subjects or intent.kind == "help":
            return None
        first = intent.subjects[0]
        if intent.kind == "define":
            title = self.composer.library.entries[first].title
            drafts = self.composer.define(first, book, lens=asked.lens)
            return Plan(title, drafts, first_then(intent.subjects, patterns), in_words=True)
        if intent.kind == "compare":
            return self.paths.compare(asked)
        if intent.kind == "path":
            return self.paths.path(asked)
        if intent.kind == "tension":
            return self.paths.tension(asked)
        if intent.kind in ("adopted", "adopters"):
            return self._adoption(asked)
        exact = {
            "hops": self.graph.hops,
            "whether": self.graph.whether,
            "around": self.graph.around,
            "similar": self.graph.similar,
        }
        return exact.get(intent.kind, self.graph.relations)(asked)

    def _adoption(self, asked: Asked) -> Plan:
        """Who uses a pattern, or what somebody uses; of several names what they share."""
        intent, book, patterns = asked.intent, asked.book, asked.patterns
        several, first = len(intent.subjects) > 1, intent.subjects[0]
        if intent.kind == "adopted":
            if several:
                return self.adopters.both_use(intent.subjects, book, patterns)
            plan = self.adopters.what_uses(first, self.graph.declared(first, outgoing=True), book, patterns)
        elif several:
            return self.adopters.who_uses_all(intent.subjects, book, patterns)
        else:
            plan = self.adopters.who_uses(first, self.graph.declared(first, outgoing=False), book, patterns)
        if intent.counted:
            words = f"{plan.title}: {self.adopters.count(first, intent.kind == 'adopted')}."
            plan = replace(plan, drafts=chain((Draft(words, (), 0),), plan.drafts))
        return plan

    def _help(self, asked: Asked, unsure: bool) -> Plan:
        best = self.composer.library.entries[asked.patterns[0]].title
        title = f"Perhaps {best}" if unsure else f"Start with {best}"
        drafts = self.composer.help(asked.ranking, asked.patterns, asked.book, unsure, asked.lens)
        return Plan(title, drafts, asked.patterns, in_words=True)

    def _refused(self, refusal: Refusal, patterns: tuple[str, ...]) -> Plan:
        entry = self.composer.library.entries[patterns[0]] if patterns else None
        drafts = [Draft(refusal.reason, (), 0)]
        if entry:
            words = f"The nearest is {entry.title}. It does not answer your question."
            drafts.append(Draft(words, (), 0, (entry.title,)))
        return Plan("That is not in the library", iter(drafts), patterns, status="not_in_library")


def _as_read(match: NameMatch) -> Notice:
    return Notice("input", f"Read “{match.name}” as {match.spelled}.")


def _further(draft: Draft) -> Draft:
    """One paragraph later."""
    return replace(draft, paragraph=draft.paragraph + 1)


def _either(titles: tuple[str, ...]) -> str:
    return f"{', '.join(titles[:-1])} and {titles[-1]}" if len(titles) > 1 else titles[0]
