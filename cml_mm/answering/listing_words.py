"""Questions about the library as a whole: lists by topic, numbers, and what has the most of something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cml_mm import prose
from cml_mm.answering.relation_words import read_clause
from cml_mm.types import RelationKind

Listed = Literal["patterns", "lighthouses", "documents", "pages", "domains", "relations", "tensions"]
MOST_TOPIC = 3  # content words of a topic; more describe a situation


@dataclass(frozen=True)
class Listing:
    """What is to be listed or counted. `topic` is as asked, folded; empty for all of it."""

    what: Listed
    topic: str = ""
    counted: bool = False


@dataclass(frozen=True)
class Most:
    """Which pages take part in the most relations (`relation` None: of any kind), the fewest, or none.

    `outgoing`: as their subject.
    """

    relation: RelationKind | None
    outgoing: bool
    fewest: bool = False
    none: bool = False


_NOUNS: dict[str, Listed] = {
    "pattern": "patterns",
    "practice": "patterns",
    "lighthous": "lighthouses",
    "adopt": "lighthouses",
    "document": "documents",
    "page": "pages",
    "domain": "domains",
    "topic": "domains",
    "field": "domains",
    "relat": "relations",
    "link": "relations",
    "edg": "relations",
    "connect": "relations",
    "tension": "tensions",
}
_NOUN = (
    r"(?P<noun>patterns?|practices|lighthouses?|adopters|documents|pages|domains|topics|fields|relations?(?:hips)?"
    r"|links|edges|connections|tensions)"
)
_HAVE = (
    r"(?:(?:are|is) (?:there|in (?:here|it|the library|this library|your library))|do you (?:have|know|hold|list)"
    r"|(?:does|do) (?:the|this|your) library (?:have|hold|contain|know|list)|can you (?:show|list|name)"
    r"|have you got|has the library got|exist|can i find|are listed|are known)"
)
_ABOUT = (
    r"(?:about|on|for|around|concerning|regarding|dealing with|deal with|to do with|have to do with|related to|"
    r"relating to|touching on|in the (?:domain|field|area|topic) (?:of )?|from the (?:domain|field) (?:of )?|"
    r"under|tagged|filed under|(?:meant|made|suited|suitable|written|intended) for|suit|fit|at (?:the )?|in)"
)
_LEAD = r"^\W*(?:(?:and|so|please|hi|hello|now|ok|okay) )*"
_TOPIC = r"(?P<topic>[^?.!;]+?)"
_END = r"\s*[?.!]*\s*$"
_SHOW = r"(?:(?:can|could) you )?(?:list|show|name|give|tell|find|display|enumerate)(?: me| us)? "
_ALL = r"(?:all |every |the |your |of )*"
_THAT_ARE = r"(?: (?:that|which))?(?: are)?"
_UPON = r"(?:about|on|for|concerning)"
_FORMS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(form)
    for form in (
        rf"{_LEAD}(?:which|what)(?: kinds? of| sorts? of)?(?: other)? {_NOUN}(?: {_HAVE})?{_THAT_ARE} {_ABOUT} {_TOPIC}"
        rf"(?: {_HAVE})?{_END}",
        rf"{_LEAD}(?:which|what) {_NOUN} {_HAVE}{_END}",
        rf"{_LEAD}(?:which|what) (?P<topic>[\w -]+?) {_NOUN} {_HAVE}{_END}",
        rf"{_LEAD}{_SHOW}{_ALL}{_NOUN}(?: {_HAVE})?(?:{_THAT_ARE} {_ABOUT} {_TOPIC})?{_END}",
        rf"{_LEAD}{_SHOW}{_ALL}(?P<topic>[\w -]+?) {_NOUN}{_END}",
        rf"{_LEAD}(?:all )?(?:the )?{_NOUN} (?:{_UPON}|dealing with|in the domain(?: of)?|related to) {_TOPIC}{_END}",
        rf"{_LEAD}(?:are there|do you have|is there) (?:any )?{_NOUN} {_ABOUT} {_TOPIC}{_END}",
        rf"{_LEAD}what (?:{_HAVE}|do you have|is there|have you)(?: here)? (?:about|on|for|concerning) {_TOPIC}{_END}",
        rf"{_LEAD}what does the library (?:have|hold|say|know|offer)(?: to say)? {_UPON} {_TOPIC}{_END}",
    )
)
_COUNT = re.compile(
    rf"{_LEAD}(?:(?:do you know|tell me|say) )?(?:how many|count(?: (?:all|of))?"
    r"|(?:what is )?the (?:total )?number of) (?:different |the |all )*"
    rf"(?:(?P<before>[\w-]+(?: [\w-]+)?) )?{_NOUN}\b(?P<rest>[^?.!;]*){_END}"
)
_COUNT_TOPIC = re.compile(rf"(?:^|\s)(?:(?:that|which) )?(?:are )?{_ABOUT} {_TOPIC}(?: {_HAVE})?$")
_EMPTY = frozenset(
    """library libraries total altogether all here exist exists hold holds contain contains list listed commons cml
    index collection whole know known currently now everything anything it this you the in there are does do have
    your of is overall pattern patterns""".split()
)
_OWN = re.compile(r"\b(our|my|we|i|us)\b")
_MOST = re.compile(r"\b(most|the largest number of|largest|highest|many others|fewest|least|more than any other)\b")
_CONNECTED = re.compile(r"\b(connected|connections|linked|links|central|relations?|related|neighbou?rs)\b")
_PASSIVE_BY = re.compile(r"\bby (?:the )?(?:most|many|fewest|largest)\b")
_MANY_DO = re.compile(r"\b(?:most|many)(?: other| of the)?(?: patterns?| others?| pages?| ones?)+ (?!do\b|does\b)")
_NONE = re.compile(
    r"\b(?:have|has|with|show) no\b|\bwithout any\b"
    r"|\b(?:do|does|are|is)(?: not|n't|n’t) [^.?!]*\b(?:anything|any|others?|other (?:patterns?|ones?))\W*$"
    r"|\b(?:nothing|none|no (?:other )?(?:ones?|patterns?|others?))(?: else)?\W*$"
)
_LISTED_PAGES = re.compile(r"\b(?:which|what|list|name|show|how many|all|any) (?:\w+ ){0,2}?(?:patterns?|pages?)\b")
_PAGES = re.compile(r"\b(patterns?|pages?|lighthouses?|one|practice|adopters?|others)\b")


def read_listing(text: str) -> Listing | None:
    """Args:
    text: a folded question that names no page.
    Returns: None where no list and no number of things of the library is asked for.
    """
    if count := _COUNT.search(text):
        return _counted(count)
    for form in _FORMS:
        found = form.search(text)
        if not found:
            continue
        parts = found.groupdict()
        topic = topic_words(parts.get("topic") or "")
        if _OWN.search(topic) or len(prose.terms(topic)) > MOST_TOPIC:
            return None
        return Listing(_listed(parts.get("noun") or "patterns"), topic)
    return None


def read_most(text: str) -> Most | None:
    """ "Which pattern is required by most others?", "what has the most prerequisites?"."""
    none = bool(_NONE.search(text))
    pages = _LISTED_PAGES if none else _PAGES
    if not (none or _MOST.search(text)) or not pages.search(text) or _OWN.search(text):
        return None
    fewest = bool(re.search(r"\b(fewest|least)\b", text))
    clause = read_clause(text, [])
    said = [token for token in clause.tokens if token.relation]
    if len(clause.rest) > 2:
        return None
    if not said:
        if none:
            return None
        return Most(None, True, fewest) if _CONNECTED.search(text) else None
    token = said[0]
    relation = token.relation
    if relation == "ADOPTS":
        return Most(relation, bool(re.search(r"\b(lighthouses?|adopters?|who)\b", text)) and not token.flipped, fewest)
    if token.kind == "noun":
        return Most(relation, not token.flipped, fewest, none)
    incoming = token.flipped or bool(_PASSIVE_BY.search(text)) or bool(_MANY_DO.search(text))
    return Most(relation, not incoming, fewest, none)


def topic_words(text: str) -> str:
    """A topic without the words that only lead to it."""
    text = re.sub(r"\s+", " ", text).strip(" ,'\"“”‘’")
    text = re.sub(r"^(?:(?:domain|field|area|topic) (?:of )?|the |an? |all |any |some |your )+", "", text)
    return re.sub(r"\b(?:domain|field|area|topic|stage|scale|persona|people|use|purposes?)$", "", text).strip() or text


def _counted(count: re.Match[str]) -> Listing | None:
    rest = count["rest"].strip()
    about = _COUNT_TOPIC.search(rest)
    topic = topic_words(about["topic"] if about else (count["before"] or ""))
    if about is None and [word for word in prose.words(rest) if word not in _EMPTY]:
        return None
    if set(prose.words(topic)) <= _EMPTY:
        topic = ""
    if _OWN.search(rest) or len(prose.terms(topic)) > MOST_TOPIC:
        return None
    return Listing(_listed(count["noun"]), topic, counted=True)


def _listed(noun: str) -> Listed:
    return _NOUNS.get(prose.stem(noun), "patterns")
