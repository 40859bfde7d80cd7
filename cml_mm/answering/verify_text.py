"""A text as the verifier reads it: words with their separators, clauses, sentences.

Without a parser: verbs are told by their neighbours and endings, clauses by their joints. What cannot
be told is left open, and a check that needs it finds nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cml_mm import prose
from cml_mm.answering.verify_numbers import UNIT_WORDS, as_digits
from cml_mm.answering.verify_verbs import IRREGULAR, VERBS
from cml_mm.answering.verify_words import joined

BE = frozenset("is are was were be been being am isn aren wasn weren".split())
MODALS = frozenset("may might can could must shall should will would ought cannot need".split())
_HELPING = MODALS | frozenset("to do does did don doesn didn not never won cannot".split())
_NO_PARTICIPLES = frozenset("bring cling fling ring sing spring sting string swing wring".split())
DETERMINERS = frozenset(
    "the a an its their his her our your my this that these those each every all some any no both most many several"
    " few another".split()
)
PRONOUNS = frozenset("it they he she them him her we you this these those its their his".split())
PREPOSITIONS = frozenset(
    "of in on at to for from by with into about against over under between through during within"
    " without after before"
    " since until upon per towards toward across along among than as via onto off".split()
)
_LIGHT = frozenset(
    prose.stem(word)
    for word in (
        "well still yet even just quite therefore thus hence however although though whereas while meanwhile unless"
        " whether via among across upon according instead besides including includes one ones two way"
        " case able unable"
        " become becomes becoming take takes taken took give put come comes came cannot ought shall"
        " might us everyone everybody"
        " anyone anybody nobody none nothing everything always never sometimes often usually mostly many several"
        " already again once per whose thereby others another whenever wherever been say says said tell place"
        " people person thing things total happen already currently now today around roughly about"
        " approximately nearly"
        " both either neither first also additionally moreover furthermore up down out off since so part"
    ).split()
)
_BETWEEN = frozenset(
    "not never also only often always usually sometimes rarely now then still all each have has had".split()
)
_NO_VERB = MODALS | _BETWEEN | DETERMINERS | PRONOUNS | PREPOSITIONS
_NOUN_ENDINGS = (
    "tion",
    "tions",
    "ment",
    "ments",
    "ings",
    "ness",
    "ship",
    "ive",
    "ance",
    "ence",
    "ity",
    "ities",
    "or",
    "ors",
)
_DOING = frozenset("do does did has have had".split())
_OBJECTS = frozenset("the a an its their his her them it him us this these those every each".split())
_FRONTS = frozenset("because since when if after before once although though while whereas as unless until".split())
_WORD = re.compile(r"\d[\d.,:]*(?<=\d)|[^\W_]+(?:['’][^\W_]+)*")
_JOINT = re.compile(
    r"(?:[;:—–]|\s-\s|,\s(?=(?:and|but|or|yet|so|while|whereas|which|who|whom|whose|where|when|because|since|as|although"
    r"|though|if|unless|until|after|before|for|not|never|with)\b)"
    r"|\s(?=(?:but|while|whereas|because|although|though|unless|if|when|until)\b))"
)


@dataclass(frozen=True)
class Word:
    """One word; `before` is what stands between it and the word before."""

    text: str
    low: str
    stem: str
    place: int
    before: str
    content: bool

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


@dataclass(frozen=True)
class Clause:
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return "".join(word.before + word.text for word in self.words).strip()

    @property
    def content(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.content)


@dataclass(frozen=True)
class Statement:
    """One sentence, with its clauses in order."""

    text: str
    words: tuple[Word, ...]
    clauses: tuple[Clause, ...]

    @property
    def content(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.content)


@lru_cache(maxsize=20_000)
def base(low: str) -> str:
    """The stem of a folded word, irregular forms brought to their verb first."""
    return prose.stem(IRREGULAR.get(low, low))


def read_statements(text: str) -> tuple[Statement, ...]:
    """The sentences of a text; list items and lines count as paragraphs."""
    found = []
    for line in text.split("\n"):
        whole = prose.Span(0, len(line))
        found += [read_statement(span.of(line)) for span in prose.sentences(line, whole)]
    return tuple(one for one in found if one.words)


@lru_cache(maxsize=4_000)
def read_statement(text: str) -> Statement:
    """One sentence: phrases joined, number words as digits, cut into words and clauses."""
    told = as_digits(joined(text))
    words = _words(told)
    return Statement(text, words, _clauses(told, words))


def is_verb(words: tuple[Word, ...], at: int) -> bool:
    """Whether the word at a place of its clause is a verb, as far as its neighbours and form tell."""
    word = words[at]
    if word.before.endswith("-"):
        return False
    if word.low in _DOING and at and at + 1 < len(words) and words[at + 1].low in _OBJECTS:
        return True
    if word.low in BE or word.low in _NO_VERB or not word.low.isalpha() or word.low.endswith(_NOUN_ENDINGS):
        return False
    lead = at - 1
    while lead > 0 and (words[lead].low in _BETWEEN or words[lead].low.endswith("ly")):
        lead -= 1
    before = words[lead].low if lead >= 0 else ""
    if word.low.endswith("ing") and word.low not in _NO_PARTICIPLES:
        return before in BE and word.stem in VERBS
    if _next_is_verb(words, at) and before not in _HELPING:
        return False
    if before in _HELPING and before != "need":
        return word.low not in DETERMINERS and word.low not in PREPOSITIONS and (before != "to" or word.stem in VERBS)
    known = word.stem in VERBS
    if word.low in IRREGULAR and known:
        return before not in DETERMINERS
    if before in DETERMINERS or before in PREPOSITIONS or word.capital or before in UNIT_WORDS or before[:1].isdigit():
        return False
    if word.low.endswith("ed") and len(word.low) > 4:
        modifies = lead >= 1 and words[lead - 1].low in _HELPING and before not in BE
        return not modifies and (known or before in BE or at > 0)
    follows = words[at + 1].low if at + 1 < len(words) and not words[at + 1].before.strip() else ""
    told = word.low.endswith("s") and not before.endswith("s") and follows in _OBJECTS and word.content
    return (known or told) and at > 0


def is_passive(words: tuple[Word, ...], at: int) -> bool:
    """Whether a verb stands in the passive: a form of "be" before it, its own a participle."""
    low = words[at].low
    participle = low.endswith(("ed", "en", "wn", "ne")) or low in IRREGULAR
    if participle and at + 1 < len(words) and words[at + 1].low == "by":
        return True
    near = [word.low for word in words[max(0, at - 4) : at]]
    return participle and bool(set(near) & BE) and not any(low in DETERMINERS for low in near[-1:])


def _next_is_verb(words: tuple[Word, ...], at: int) -> bool:
    """Whether the next word is surely a verb, so that this one is a noun: "the list is", "costs fell"."""
    if at + 1 >= len(words) or words[at + 1].before.strip():
        return False
    low = words[at + 1].low
    return (
        low in BE
        or low in MODALS
        or (low in IRREGULAR and words[at + 1].stem in VERBS and low not in ("set", "put", "let"))
    )


def _words(text: str) -> tuple[Word, ...]:
    found: list[Word] = []
    end = 0
    for place, match in enumerate(_WORD.finditer(text)):
        spelt = match.group()
        low = prose.fold(re.sub(r"['’]s?$|['’]s$", "", spelt)).replace("’", "'")
        stem = base(low)
        unit = low in UNIT_WORDS and (
            low not in ("minutes", "second", "seconds") or (bool(found) and found[-1].low[0].isdigit())
        )
        content = low not in prose.STOP_WORDS and stem not in _LIGHT and not unit and not spelt[0].isdigit()
        found.append(Word(spelt, low, stem, place, text[end : match.start()], content))
        end = match.end()
    return tuple(found)


def _clauses(text: str, words: tuple[Word, ...]) -> tuple[Clause, ...]:
    cuts = [match.end() for match in _JOINT.finditer(text)]
    parts: list[list[Word]] = [[]]
    end = 0
    for word, found in zip(words, _WORD.finditer(text), strict=True):
        joint = any(end < cut <= found.start() for cut in cuts)
        end = found.end()
        front = words[0].low in _FRONTS and len(parts) == 1 and word.before.startswith(",") and len(parts[0]) > 2
        listed = word.before.startswith(",") and _has_verb(tuple(parts[-1])) and _is_clause(words, word)
        if parts[-1] and (joint or front or listed or _begins_clause(words, word, parts[-1])):
            parts.append([])
        parts[-1].append(word)
    return tuple(Clause(tuple(part)) for part in _merged(parts))


def _begins_clause(words: tuple[Word, ...], word: Word, before: list[Word]) -> bool:
    """Whether a bare "and" joins two clauses and not two names or nouns."""
    if word.low != "and" or not _has_verb(tuple(before)):
        return False
    after = []
    for later in words[word.place + 1 :]:
        if later.low in ("and", "but") or ";" in later.before:
            break
        after.append(later)
    if _ends_list(before) and not _has_verb((word, *after[:3])):
        return False
    telling = sum(1 for one in after if one.content or one.text[:1].isdigit())
    return telling >= 2 and (
        telling >= 3
        or after[0].low in ("how", "what", "who", "whether", "when", "where", "why", "which")
        or _has_verb((word, *after))
        or any(one.low in PREPOSITIONS for one in after)
        or any(one.capital for one in after[:2])
        or (after[0].low in ("its", "their", "the", "his", "her") and len(after) <= 4)
    )


def _ends_list(before: list[Word]) -> bool:
    """Whether some words end in an item after a comma, as in "lends drills, sanders and ladders"."""
    for at in range(len(before) - 1, max(0, len(before) - 4), -1):
        if before[at].before.startswith(","):
            return not any(word.low in BE | PREPOSITIONS for word in before[at:]) and not _has_verb(tuple(before[at:]))
    return False


def _is_clause(words: tuple[Word, ...], word: Word) -> bool:
    """Whether a doer and a verb follow a comma directly: "…, Vermeer trains the apprentices"."""
    if not (word.capital or word.low in DETERMINERS or word.low in PRONOUNS):
        return False
    for at in range(word.place + 1, min(word.place + 4, len(words))):
        if words[at].before.strip():
            return False
        if words[at].low in BE or is_verb(words, at):
            return True
    return False


def _has_verb(words: tuple[Word, ...]) -> bool:
    return any(word.low in BE or is_verb(words, at) for at, word in enumerate(words))


def _merged(parts: list[list[Word]]) -> list[list[Word]]:
    """Parts without any content or number joined to the part before."""
    kept: list[list[Word]] = []
    for part in parts:
        bare = not any(word.content or word.text[:1].isdigit() for word in part)
        if kept and (bare or not any(word.content or word.low[0].isdigit() for word in kept[-1])):
            kept[-1] += part
        else:
            kept.append(part)
    return kept
