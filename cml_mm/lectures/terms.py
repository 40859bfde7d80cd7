"""The words that tell what a stretch of speech or a slide is about, in any language, without dictionaries.

Plurals are taken off as Harman's "S" stemmer does (How effective is suffixing?, JASIS 42, 1991): light enough not to
join words that differ. Scripts that write no blanks are read in pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Languages whose writing puts no blanks between words.
UNSPACED = frozenset({"zh", "ja", "th", "lo", "my", "km"})
_UNSPACED_WORD = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

STOP_WORDS = frozenset(
    """a about above actually after again all almost already also always am an and another any anyway are around as ask
    at away back be because been before being below between both but by call came can case come could course did do
    does doing done down during each either else end enough etc even ever every everyone example fact few first for
    from further get give go going gonna good got great had has have having he hello here hi him his how however i if
    in instead into is it its itself just keep kind know last later least less let like little ll look lot made make
    making many may maybe me mean might mine more most move much must my need never new next no not nothing now of off
    often oh ok okay on once one only or other our out over own people perhaps please point possible put question
    quite rather re really right said same saw say see seen seem set shall she should show since so some somebody
    someone something sometimes soon sort start still stop such sum take talk tell than thank thanks that the their
    them then there these they thing think this those though three through thus time to today together too took
    towards try turn two um uh under until up upon us use usual usually ve very wanna want was way we welcome well
    went were what when where whether which while who whole whom whose why will with within without word would yeah
    yes yet you your
    der die das den dem des ein eine einer eines einem einen und oder aber ist sind war waren wird werden nicht auch auf
    mit von für fur zu zum zur im am an als wie wir ihr sie er es dass sich so noch nur hier dann wenn haben hat
    le la les un une des du de et ou mais est sont dans par pour sur avec que qui ce cette ces nous vous ils elle pas
    el los las una unos unas del y o pero es son en por para con se su sus lo al como mas más este esta
    os um uma dos das na nos nas não nao ao com""".split()
)


def flat(text: str) -> str:
    """A text on one line, single blanks between its words."""
    return " ".join(text.split())


def fold(text: str) -> str:
    """Lower case without accents: the form in which words are compared."""
    if text.isascii():
        return text.lower()
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))


def singular(word: str) -> str:
    """A folded English word without the ending of a plural, as Harman's "S" stemmer takes it off."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("us", "ss", "is")):
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def words(text: str) -> list[str]:
    """Folded words, possessive endings and hyphens split off; unspaced scripts in pairs of characters."""
    return [part for found in WORD.findall(text) for part in _parts(fold(found))]


def terms(text: str) -> list[str]:
    """Content words in order, without their plural."""
    return [singular(word) for word in words(text) if word not in STOP_WORDS and (len(word) > 1 or word.isdecimal())]


def _parts(word: str) -> Iterator[str]:
    if _UNSPACED_WORD.search(word):
        yield from (word[at : at + 2] for at in range(max(1, len(word) - 1)))
    else:
        yield re.split("['’]", word)[0]
