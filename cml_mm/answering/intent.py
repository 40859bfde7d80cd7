"""What kind of answer a question wants: a definition, relations, a list, a comparison, or help.

Read from its words and from the names of the library that it speaks. It looks nothing
up: whether the graph holds such a relation is for the plans to find out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cml_mm import prose
from cml_mm.answering.grammar import Fact
from cml_mm.answering.listing_words import Listing, Most, read_listing, read_most
from cml_mm.answering.reach import Hop, Joined, Named, Reach, hops_in, names_in
from cml_mm.answering.relation_questions import Reading, read_relations
from cml_mm.answering.relation_spelling import spelt
from cml_mm.answering.relation_words import NAME_MARK
from cml_mm.retrieval.names import NameMatch
from cml_mm.types import RelationKind

IntentKind = Literal[
    "help", "define", "relations", "hops", "whether", "around", "similar", "list", "count", "most",
    "tension", "adopters", "adopted", "compare", "path",
]  # fmt: skip


@dataclass(frozen=True)
class Intent:
    """`subjects` are slugs in order.

    `relation` and `outgoing` belong to kind "relations", one relation of one name. `asks`
    belong to "hops": chains, joint questions, several relations; `counted` says that their
    number is asked for. `facts` are relations between two names: asked for by "whether", or
    stated on the way; `denied` asks whether one does without the other. `joint` adopters use
    all of several patterns. `listing` and `most` belong to the kinds of these names.
    """

    kind: IntentKind
    subjects: tuple[str, ...] = ()
    relation: RelationKind | None = None
    outgoing: bool = True
    asks: tuple[Reach, ...] = ()
    facts: tuple[Fact, ...] = ()
    excepted: tuple[str, ...] = ()
    counted: bool = False
    joint: bool = False
    denied: bool = False
    listing: Listing | None = None
    most: Most | None = None


_TENSION = re.compile(
    r"\b(tensions?|tug.of.war|pulls? against|pull against each other|conflicts? with|clash\w*|at odds|contradict\w*"
    r"|trade.?offs?|works? against|opposing forces|core conflict)\b"
)
_ADOPTERS = re.compile(
    r"\b(who|where|which (organi[sz]ations?|co-?ops?|cooperatives?|cities|companies|groups?|people|communities"
    r"|lighthouses?|adopters?|projects?|places|networks?|associations?)"
    r"|(has|have|did|does|do) any(body|one)|(has|have) any \w+)\b"
    r".*\b(uses?|used|using|adopt(s|ed)?|appl(y|ies|ied)|practi[cs]es?d?|has done|have done|did|tried|set up|done it"
    r"|in use|in practice)\b"
    r"|\b(adopters?|users) of\b|\bexamples? of \S* ?in (use|practice)\b"
)
IN_COMMON = re.compile(r"\b(in common|shared?|alike|both|compare|differ\w*|versus|vs)\b")
_ADOPTED = re.compile(r"\b(use[sd]?|using|adopt(s|ed)?|appl(y|ies|ied)|practi[cs]es?d?|follow(s|ed)?)\b")
# Words that always compare, asked first; and words that do so only where nothing else is asked of two names.
_DIFFERENCE = re.compile(
    r"\b(differences?|differs?|different from|compare[ds]?|comparison|versus|vs|better than|distinguish\w*"
    r"|the same (thing )?as|same thing|set apart|tell apart)\b"
)
_CHOICE = re.compile(r"\b(or|rather than)\b")
_PATH = re.compile(r"\b(path|steps?|leads?|chain|route|connect(s|ed|ion)?|link(s|ed)?|relate[sd]?|between|get from)\b")
_AROUND = re.compile(
    rf"\b(around|neighbou?r(?:s|hood)? (?:of|to|around)|(?<={NAME_MARK} )neighbou?r(?:s|hood)"
    r"|surround\w*|connect(s|ed|ions?)?|relat(e|ed|es|ions?|ionships?)"
    r"|link(s|ed)?|touch(es)?|next to|hang(s)? together|context of|fits? in(to)?)\b"
)
_WANTS_TO_SEE = re.compile(
    r"^\W*(?:(?:and|so|please|now|can you|could you) )*(?:what|which|show|how|list|where|tell|name|find|give|draw"
    r"|is|are|the|around|neighbou?rs?|neighbou?rhood|relations|connections|links)\b"
)
_SIMILAR = re.compile(
    rf"\b(similar|close|akin|comparable|analogous|kindred) (to|with) {NAME_MARK}"
    rf"|(?<!would )(?<!i )(?<!we )\blike {NAME_MARK}|\bresembl\w+ {NAME_MARK}|{NAME_MARK}-like"
    rf"|\b(twins?|siblings?|relatives?|cousins?) of {NAME_MARK}|\bwhat does {NAME_MARK} (resemble|look like)"
)
_DEFINE = re.compile(
    r"^(?:(?:can|could|would|will) you (?:please )?|please )?"
    r"(what('s| is| are| does| do)\b.*|define|definition|explain|describe"
    r"|tell (me|us) (?:(?:everything|all|more|something|a bit) )?about|summari[sz]e|sum up|meaning of|who is"
    r"|remind me)"
)
_HOW_MANY = re.compile(
    r"^\W*(?:(?:and|so|please|tell me|do you know|say) )*(how many|count|(?:what is )?the number of)\b"
)


def read_intent(question: str, names: tuple[NameMatch, ...], lighthouses: frozenset[str]) -> Intent:
    """The kind of answer that is wanted.

    Args:
        question: as asked.
        names: the library's names found in it, in order.
        lighthouses: slugs that are adopters, not patterns.
    """
    said = tuple(match.slugs[0] for match in names)
    subjects = tuple(dict.fromkeys(said))
    marked = spelt(_with_names_marked(question, names))
    counted = bool(_HOW_MANY.search(marked))
    text = _HOW_MANY.sub("which", marked)
    if not subjects:
        return _of_the_library(marked)
    patterns = tuple(slug for slug in subjects if slug not in lighthouses)
    adopters = tuple(slug for slug in subjects if slug in lighthouses)
    if len(patterns) > 1 and _DIFFERENCE.search(text):
        return Intent("compare", patterns)
    reading = read_relations(text, said)
    if (intent := _adoption(text, reading, patterns, adopters, counted)) is not None:
        return intent
    if reading is not None and (read := _of_reading(reading, patterns, counted)) is not None:
        return read
    if not patterns:
        return Intent("define", adopters)
    if len(patterns) > 1 and (two := _about_two(text, patterns)):
        return two
    if len(patterns) == 1 and _SIMILAR.search(text):
        return Intent("similar", patterns)
    if _TENSION.search(text):
        return Intent("tension", patterns)
    if len(patterns) == 1 and _AROUND.search(text) and _WANTS_TO_SEE.search(text) and len(_rest(text)) <= 3:
        return Intent("around", patterns)
    if _about_the_name(text, names):
        return Intent("define", patterns)
    return Intent("help", patterns)


def _of_the_library(text: str) -> Intent:
    """Questions that name no page: a list, a number, what has the most of something."""
    if most := read_most(text):
        return Intent("most", relation=most.relation, outgoing=most.outgoing, most=most)
    if listing := read_listing(text):
        return Intent("count" if listing.counted else "list", listing=listing)
    return Intent("help")


def _adoption(
    text: str, reading: Reading | None, patterns: tuple[str, ...], adopters: tuple[str, ...], counted: bool
) -> Intent | None:
    """Who uses a pattern, or what an adopter uses; None where more than this, or something else, is asked."""
    hops = [found for ask in reading.asks for found in hops_in(ask)] if reading else []
    used = [found for found in hops if found.kind == "ADOPTS"]
    if reading and reading.excepted and used and len(used) == len(hops):
        return Intent("hops", patterns, "ADOPTS", False, reading.asks, excepted=reading.excepted, counted=counted)
    if len(adopters) > 1 and not patterns and IN_COMMON.search(text):
        return Intent("adopted", adopters, joint=True)
    if used and len(used) < len(hops):
        return None  # "what do the patterns that X uses require?"
    joint = bool(reading) and any(
        isinstance(ask, Joined) and ask.how == "all" for ask in (reading.asks if reading else ())
    )
    if adopters and patterns and used and joint:
        return None  # "who beside A uses X?" is told apart by its hops
    if adopters and _ADOPTED.search(text) and not (reading and reading.whether):
        return Intent("adopted", adopters, joint=joint, counted=counted)
    if patterns and _ADOPTERS.search(text):
        return Intent("adopters", patterns, joint=joint, counted=counted)
    return None


def _of_reading(reading: Reading, patterns: tuple[str, ...], counted: bool) -> Intent | None:
    """From what the grammar read to an intent; None where another kind fits these words better."""
    hops = [found for ask in reading.asks for found in hops_in(ask)]
    if reading.whether:
        fact = reading.facts[-1]
        if fact.kind == "TENSIONS_WITH":
            return Intent("tension", (fact.subject, fact.object), "TENSIONS_WITH")
        return Intent("whether", (fact.subject, fact.object), fact.kind, facts=(fact,), denied=reading.denied)
    if all(found.kind == "ADOPTS" for found in hops):
        return None  # "use" is too common a word to stand for adoption alone
    ask = reading.asks[0]
    if len(reading.asks) > 1 or not isinstance(ask, Hop) or not isinstance(ask.of, Named) or reading.excepted:
        if _is_about_two(reading.asks, patterns):
            return None
        subjects = tuple(dict.fromkeys(name for ask in reading.asks for name in names_in(ask)))
        last = hops[-1]
        return Intent(
            "hops", subjects, last.kind, last.outgoing, reading.asks, reading.facts, reading.excepted, counted=counted
        )
    if counted:
        return Intent("hops", (ask.of.slug,), ask.kind, ask.outgoing, reading.asks, counted=True)
    if ask.kind == "TENSIONS_WITH":
        return Intent("tension", (ask.of.slug,))
    return Intent("relations", (ask.of.slug,), ask.kind, ask.outgoing)


def _is_about_two(asks: tuple[Reach, ...], patterns: tuple[str, ...]) -> bool:
    """ "Where do X and Y pull against each other?": between the two, not what each of them has."""
    hops = hops_in(asks[0])
    mutual = all(found.kind == "TENSIONS_WITH" and isinstance(found.of, Named) for found in hops)
    return len(asks) == 1 and len(patterns) > 1 and len(hops) == len(patterns) and mutual


def _about_two(text: str, patterns: tuple[str, ...]) -> Intent | None:
    if _TENSION.search(text):
        return Intent("path", patterns)
    if _PATH.search(text):
        return Intent("path", patterns)
    if _CHOICE.search(text):
        return Intent("compare", patterns)
    return None


def _about_the_name(text: str, names: tuple[NameMatch, ...]) -> bool:
    """A bare name, or "what is" and little else beside it."""
    rest = _rest(text)
    if not rest:
        return True
    named = sum(match.words for match in names)
    return bool(_DEFINE.search(text.strip())) and len(rest) <= max(3, named + 1)


def _rest(text: str) -> list[str]:
    """Content words beside the names."""
    return [word for word in prose.words(text.replace(NAME_MARK, " ")) if word not in prose.STOP_WORDS]


def _with_names_marked(question: str, names: tuple[NameMatch, ...]) -> str:
    """The folded question with each name replaced by one mark."""
    folded = prose.fold(question)
    found = list(prose.WORD.finditer(folded))
    for match in sorted(names, key=lambda match: -match.start):
        if match.end <= len(found):
            start, end = found[match.start].start(), found[match.end - 1].end()
            owner = re.search(r"['’]s?$", folded[start:end])  # "Mondragon's" is a mark and its ending
            folded = folded[:start] + NAME_MARK + (owner.group() if owner else "") + folded[end:]
    return re.sub(rf"[\"'“”‘«»]\s*{NAME_MARK}\s*[\"'“”’«»](?!\w)", NAME_MARK, folded)
