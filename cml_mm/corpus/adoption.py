"""Who uses a pattern, read from the prose of its page: one sentence of proof for each name.

Two steps, since pages are read one by one and names are settled over the whole library:
`read_adoptions` gives names as written, `settle_adopters` joins the spellings of each adopter.
A missed adopter costs less than a wrong one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cml_mm.corpus.adopter_names import PageWords, find_names, may_adopt
from cml_mm.corpus.adopter_sentences import (
    Claim,
    claims_of_label,
    claims_of_sentence,
    is_against,
    is_against_heading,
    plain_words,
)
from cml_mm.corpus.names import name_key, slug_of
from cml_mm.prose import Span, fold, paragraphs, sentences
from cml_mm.types import Adoption, Section, TextSpan

_LONGEST_QUOTE = 400  # characters
_LABEL = re.compile(r"\*\*(?P<label>(?:[^*\n]|\*(?!\*)){2,160})\*\*[ \t]*(?P<after>[:.–—-]*)[ \t\n]*")
# Pages on what goes wrong tell of its victims, not of users.
_ON_HARM = re.compile(r"\b(?:dangers?|traps?|failures?|fallac(?:y|ies)|pitfalls?|syndrome|curse|addiction|critique)\b")


@dataclass(frozen=True)
class NamedAdoption:
    """Somebody uses the pattern of `page`, by the name that the page gives them.

    `span` cuts `quote` out of a section; `clarity` is greater for a clearer verb.
    """

    name: str
    page: str
    quote: str
    span: TextSpan
    clarity: int = 0


def read_adoptions(
    slug: str, kind: Literal["pattern", "lighthouse"], sections: Sequence[Section]
) -> tuple[NamedAdoption, ...]:
    """Find who uses the pattern of one page, under its known uses.

    Args:
        slug: the page's slug.
        kind: what page it is. A lighthouse declares its patterns in fields of its own, which are
            relations already, so its prose gives nothing.
        sections: the page's sections, text as written.

    Returns:
        One entry for each name and sentence, in reading order, names not joined yet.
    """
    if kind != "pattern" or _ON_HARM.search(slug.replace("-", " ")):
        return ()
    page = PageWords(slug, sections)
    found: list[NamedAdoption] = []
    for section in sections:
        if section.role != "known_uses" or is_against_heading(section.heading):
            continue
        for span, claims in _claims(section.text):
            quote = span.of(section.text)
            where = TextSpan(section.heading, span.start, span.end)
            for name, claim in _names(claims, page):
                on_topic = page.is_spoken_of(quote, name)
                if on_topic or not claim.needs_topic:
                    found.append(NamedAdoption(name, slug, quote, where, claim.clarity + 2 * on_topic))
    return tuple(dict.fromkeys(found))


def settle_adopters(
    found: Iterable[NamedAdoption], lighthouses: Mapping[str, str], not_adopters: Container[str] = frozenset()
) -> tuple[Adoption, ...]:
    """Join the spellings of each adopter and keep its best sentence for each pattern.

    Two names are one where they differ in case, accents, article or legal form ("Inc."), or by
    "City of". A word of kind or country ("Mondragon Cooperatives", "Buurtzorg Nederland") goes only
    where some page uses the name with and without it, or the name without it is a lighthouse's.

    Args:
        found: what `read_adoptions` gave for every page, in any order.
        lighthouses: slug to title.
        not_adopters: keys (by `names.name_key`) that mean something else: titles and aliases of patterns.

    Returns:
        One Adoption for each adopter and pattern, named by the lighthouse's title or else as most pages
        write it, in order of their slugs.
    """
    kept = [one for one in found if name_key(one.name) not in not_adopters and _key(one.name) not in not_adopters]
    homes = _homes(lighthouses)
    pages: dict[str, set[str]] = defaultdict(set)
    for one in kept:
        pages[_key(one.name)].add(one.page)
    joined = {key: _joined(key, pages, homes) for key in pages}
    best: dict[tuple[str, str], NamedAdoption] = {}
    for one in sorted(kept, key=_order):
        best.setdefault((joined[_key(one.name)], one.page), one)
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for name, _ in {(one.name, one.page) for one in kept}:
        spelt[joined[_key(name)]][name] += 1
    titles = {key: lighthouses[homes[key]] if key in homes else _most_used(counted) for key, counted in spelt.items()}
    slugs = {key: homes.get(key) or f"adopter-{slug_of(fold(titles[key]))}" for key in titles}
    settled = [
        Adoption(titles[key], slugs[key], one.page, one.quote, one.page, one.span) for (key, _), one in best.items()
    ]
    return tuple(sorted(settled, key=lambda one: (one.adopter_slug, one.pattern)))


def _claims(text: str) -> Iterator[tuple[Span, list[Claim]]]:
    """Sentences of a section that claim something of somebody: where they stand, and what they claim."""
    for paragraph in paragraphs(text):
        spans = sentences(text, paragraph)
        label = _LABEL.match(spans[0].of(text)) if spans else None
        if label is not None:
            if is_against_heading(label["label"]):
                continue
            alone = label.end() >= len(label.string)  # then the next sentence tells the case
            if alone and len(spans) > 1:
                spans[:2] = [Span(spans[0].start, spans[1].end)]
        for number, span in enumerate(spans):
            if span.end - span.start > _LONGEST_QUOTE:
                continue
            raw = span.of(text)
            if label is None or number > 0:
                claims = claims_of_sentence(plain_words(raw), labelled=False)
            else:
                body = plain_words(raw[label.end() :])
                claims = claims_of_label(label["label"], body, text[span.end : paragraph.end])
                runs_on = not label["after"] and not label["label"].rstrip().endswith((":", "."))
                claims += claims_of_sentence(plain_words(raw) if runs_on else body, labelled=bool(claims))
            if claims and not is_against(raw):
                yield span, claims


def _names(claims: list[Claim], page: PageWords) -> Iterator[tuple[str, Claim]]:
    for claim in claims:
        for name in find_names(claim.names):
            if may_adopt(name) and page.means_a_name(name) and not page.is_person(name):
                yield name, claim


_LEGAL = re.compile(r"(?: (?:inc|incorporated|ltd|limited|llc|plc|gmbh|ag|corp|corporation|company|co))+\Z")
_BODY_OF_PLACE = re.compile(
    r"\A(?:city|municipality|town|government) of (?=\w)|(?<=\w) (?:city council|city government)\Z"
)
# Words that one page adds to a name and the next leaves out; they join only on a witness.
_KIND = re.compile(
    r"(?: (?:motors?|cooperatives?|co operatives?|co ops?|coops?|federation|group|network|nederland|netherlands|spain|"
    r"usa|uk|brazil|austria|international|workers?|owned|corporation|movement|complex|ecosystem|communit(?:y|ies)|united|"
    r"teams?|projects?|organi[sz]ation))+\Z"
)


def _order(one: NamedAdoption) -> tuple[str, int, int, str, int, str]:
    return (one.page, -one.clarity, one.span.start, one.span.section, one.span.end, one.name)


def _key(name: str) -> str:
    """A name as spellings of it are compared."""
    key = re.sub(r"\Athe (?=\w)", "", name_key(fold(name)))
    key = _BODY_OF_PLACE.sub("", key)
    return _LEGAL.sub("", key) or key


def _homes(lighthouses: Mapping[str, str]) -> dict[str, str]:
    """Keys of lighthouses' titles to their slugs; the first slug where two mean the same."""
    homes: dict[str, str] = {}
    for slug in sorted(lighthouses):
        homes.setdefault(_key(lighthouses[slug]), slug)
    return homes


def _joined(key: str, pages: Mapping[str, Collection[str]], homes: Mapping[str, str]) -> str:
    """The key without words of kind, where a witness says that it is the same adopter."""
    base = _KIND.sub("", key)
    if base == key or not base:
        return key
    same_page = not set(pages.get(base, ())).isdisjoint(pages[key])
    return base if same_page or base in homes else key


def _most_used(counted: Mapping[str, int]) -> str:
    """The spelling that most pages use; the shorter of equals."""
    return min(counted, key=lambda name: (-counted[name], len(name), name))
