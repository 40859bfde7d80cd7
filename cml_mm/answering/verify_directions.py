"""Relations that language tells from both ends in other words: older than and built before, sold to and bought from.

Verbs that both texts share are compared in `verify_roles`. Here each relation has its turns of phrase, with
the end that comes first in them; a sentence that puts the ends of the evidence in each other's places has
turned the relation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cml_mm import prose
from cml_mm.answering.verify_alignment import Held, found_in
from cml_mm.answering.verify_text import PREPOSITIONS, Statement, Word

# Of each relation: phrases with its first end before them, then phrases with its second end before them.
_RELATIONS: tuple[tuple[str, str], ...] = (
    (  # earlier, later
        r"(?:was|were) (?:\w+ )?before|(?:is|are|was|were) older than|(?:is|are) the older of|predat(?:es?|ed)"
        r"|preced(?:es?|ed)"
        r"|came before|comes before|(?:was|were) followed by|(?:was|were) (?:\w+ )?earlier than"
        r"|goes back further than",
        r"(?:was|were) (?:\w+ ){0,3}after|(?:is|are|was|were) (?:younger|newer|later) than|followed|follows"
        r"|came after"
        r"|comes after|postdat(?:es?|ed)|(?:was|were) preceded by|succeeded",
    ),
    (  # what came out, what it came from
        r"forked (?:off )?from|split (?:off )?from|fork of|grew out of|grown out of|developed (?:from|out of)"
        r"|emerged from"
        r"|arose (?:from|out of)|sprang from|broke away from|breakaway from|deriv(?:es|ed) from|evolved (?:from"
        r"|out of)"
        r"|offshoot of|spin-?off (?:of|from)|seceded from|based on|descend(?:s|ed) from|modelled on|started as",
        r"gave rise to|gave birth to|spawned|turned into|became|led to|developed into|grew into|evolved into"
        r"|split into",
    ),
    (  # plaintiff, defendant
        r"sued|sues|took(?=.* to court)|takes(?=.* to court)|brought an action against"
        r"|filed (?:a )?(?:law)?suit against"
        r"|brought a case against|went to court against|prosecuted|started proceedings against|is suing",
        r"(?:was|were) sued by|(?:was|were) taken to court by|faced a (?:law)?suit (?:by|from)|(?:was"
        r"|were) prosecuted by",
    ),
    (  # giver, receiver
        r"lent|lends|lend|made a loan|makes loans|made loans|gave|gives|give|sold|sells|sell|suppl(?:y|ies|ied)"
        r"|provid(?:e|es|ed)|deliver(?:s|ed)?|donat(?:e|es|ed)|handed|granted|grants|lets?|bequeathed|loaned|loans",
        r"borrow(?:s|ed)?|bought(?=.* from)|buys?(?=.* from)|purchas(?:e|es|ed)(?=.* from)|receiv(?:e|es|ed)"
        r"|got|gets?"
        r"|obtain(?:s|ed)?|inherit(?:s|ed)|ow(?:es?|ed)|(?:is|are|was|were) (?:supplied|lent|given|granted|handed)"
        r"|leas(?:es?|ed)(?=.* from)|rent(?:s|ed)?(?=.* from)|ha(?:s|ve|d) a loan from",
    ),
    (  # who pays, who is paid
        r"pay|pays|paid|makes? payments? to|made payments? to|funds?|funded|finances?|financed|subsidi[sz]es?",
        r"(?:is|are|was|were) (?:paid|funded|financed|subsidi[sz]ed) by|(?:is|are) paid by|receiv(?:e|es"
        r"|ed) (?:money|payments?)"
        r" from|live[sd]? (?:on|off)|charg(?:e|es|ed)",
    ),
    (  # tributary, river
        r"flows? into|flowed into|joins?|tributary of|feeds?|empt(?:ies|y) into|drains? into|runs? into"
        r"|discharges? into",
        r"(?:is|are) fed by|is joined by|takes in|receives (?:the )?(?:water|waters) of|flows? out of|rises? in",
    ),
    (  # the more, the less
        r"exceeds?|exceeded|outnumbers?|outnumbered|outstrips?|outstripped|surpass(?:es|ed)?"
        r"|(?:is|are|was|were) (?:\w+ )?(?:larger|bigger|greater|higher|longer|taller|busier|wider|deeper"
        r"|heavier|dearer|more \w+)"
        r" than|more(?: \w+){0,3} than|outweighs?",
        r"falls? short of|fell short of|lags? behind|lagged behind|fewer(?: \w+){0,5} than|less(?: \w+){0,3} than"
        r"|(?:is|are|was|were) (?:\w+ )?(?:smaller|lower|shorter|narrower|lighter|cheaper|quieter|fewer"
        r"|less \w+) than"
        r"|(?:is|are) (?:exceeded|outnumbered|outstripped) by",
    ),
    (  # who watches over, who is watched over
        r"oversees?|oversaw|supervis(?:es?|ed)|monitors?|monitored|inspects?|inspected|controls?|controlled"
        r"|audits?|audited"
        r"|directs?|manages?|governs?|checks?|checked|can dismiss|appoints?|appointed|elects?|elected|guides?",
        r"(?:is|are|was|were) (?:overseen|supervised|monitored|inspected|controlled|audited|managed|governed"
        r"|checked|appointed"
        r"|elected|dismissed) by|answers? to|reports? to|(?:is|are) answerable to|(?:is|are) accountable to"
        r"|(?:is|are) under the (?:control|supervision)",
    ),
    (  # who prevails, who gives way
        r"overrides?|overrode|overrul(?:es?|ed)|prevails? over|takes? precedence over|outranks?|trumps?"
        r"|vetoe[sd]|beat|beats"
        r"|defeated|defeats|won against|overturn(?:s|ed)?",
        r"(?:is|are|was|were) (?:overridden|overruled|beaten|defeated|outranked|trumped) by|lost to|yields? to"
        r"|gives? way to"
        r"|loses? to|bows? to|defers? to",
    ),
    (  # whole, part
        r"includ(?:es?|ed)|compris(?:es?|ed)|contain(?:s|ed)?|consists? of",
        r"(?:is|are|was|were|forms?) (?:a )?part of|belongs? to|(?:is|are) included in|(?:is|are) contained in"
        r"|(?:is|are) (?:a )?(?:members?|subset|section|branch|department) of",
    ),
    (  # newcomer, predecessor
        r"replac(?:e|es|ed)|succeeded|succeeds|took over from|supersed(?:es?|ed)|supplanted|took the place of"
        r"|stepped in for",
        r"(?:was|were|is|are) (?:replaced|succeeded|superseded|supplanted) by|gave way to|made way for|handed over to"
        r"|made room for|preceded",
    ),
    (  # who teaches, who learns
        r"taught|teach(?:es)?|train(?:s|ed)?|coach(?:es|ed)?|instruct(?:s|ed)?|mentor(?:s|ed)?|tutor(?:s|ed)?",
        r"learn(?:s|ed|t)?(?=.* from)|(?:is|are|was|were) (?:taught|trained|coached|instructed|mentored|tutored) by"
        r"|(?:is|are|was|were) (?:a )?(?:pupils?|students?|apprentices?) (?:of|to)|studied under",
    ),
    (  # who started it, whom it inspired
        r"inspired|inspires|influenced|influences|prompted|shaped",
        r"(?:was|were|is|are) (?:inspired|influenced|prompted|shaped) by|(?:was|were) modelled on|copied"
        r"|imitated|borrowed from",
    ),
    (  # who leaves land or work, who takes it: a cause and what it brings about
        r"caus(?:es?|ed)|le(?:d|ads) to|result(?:s|ed) in|brought about|brings about|triggered|triggers|gave rise to",
        r"(?:was|were|is|are) (?:caused|triggered|brought about) by|result(?:s|ed) from|stem(?:s|med) from|arose from"
        r"|(?:is|are|was|were) due to|(?:is|are|was|were) the result of",
    ),
)
_PHRASES = tuple(tuple(re.compile(rf"(?<![\w-])(?:{phrases})(?![\w-])") for phrases in ends) for ends in _RELATIONS)

_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)(?: \w+)? \Z")
_AMOUNTS = ("more ", "fewer ", "less ")
_TAKING = frozenset("receive receives received got get gets obtain obtains obtained inherits inherited".split())


@dataclass(frozen=True)
class _Told:
    first: tuple[Word, ...]
    last: tuple[Word, ...]


def direction_turned(said: Statement, held: Held) -> str:
    """The turn of phrase with which a sentence turns a relation of its evidence; empty where none."""
    for number in range(len(_PHRASES)):
        for phrase, mine in _told(number, said):
            others = [other for one in held.statements for _, other in _told(number, one)]
            if any(_straight(mine, other) for other in others):
                continue
            if any(_crossed(mine, other) for other in others):
                return phrase
    return ""


def _told(number: int, said: Statement) -> list[tuple[str, _Told]]:
    """A relation as told in each clause of a statement; the doer of a clause without one is the doer before it."""
    found = []
    carried: tuple[Word, ...] = ()
    for clause in said.clauses:
        text, places = _folded(clause.words)
        for side, phrases in enumerate(_PHRASES[number]):
            match = phrases.search(text)
            if match is None or (side == 0 and _PHRASES[number][1].search(text)):
                continue
            tail = text[match.end() :]
            bare = match.group().split()[-1] not in PREPOSITIONS
            passive = side == 0 and bare and (tail.startswith(" by ") or bool(_PASSIVE.search(text[: match.start()])))
            joint = re.search(r" by\b" if passive else r" from\b", tail)
            needed = passive or (side == 1 and match.group().split()[0] in _TAKING)
            if needed and joint is None:
                continue
            opens = match.end() + joint.end() if needed and joint is not None else match.end()
            before = tuple(w for w, at in zip(clause.words, places, strict=True) if at < match.start() and _tells(w))
            after = tuple(w for w, at in zip(clause.words, places, strict=True) if at >= opens and _tells(w))
            inside = tuple(
                w
                for w, at in zip(clause.words, places, strict=True)
                if match.start() <= at < match.end() and _tells(w) and match.group().startswith(_AMOUNTS)
            )
            ends = (before or inside or carried, after)
            if all(ends):
                found.append((match.group(), _Told(*(ends[::-1] if bool(side) != passive else ends))))
        carried = tuple(word for word in clause.words[:6] if _tells(word))[:3] or carried
    return found


def _folded(words: tuple[Word, ...]) -> tuple[str, list[int]]:
    """The words of a clause with one blank between, and where each begins."""
    places, text = [], ""
    for word in words:
        text += " " if text else ""
        places.append(len(text))
        text += prose.fold(word.text).replace("’", "'")
    return text, places


def _tells(word: Word) -> bool:
    return word.content


def _crossed(mine: _Told, theirs: _Told) -> bool:
    return _only(mine.first, theirs.last, theirs.first) and _only(mine.last, theirs.first, theirs.last)


def _straight(mine: _Told, theirs: _Told) -> bool:
    return _only(mine.first, theirs.first, theirs.last)


def _only(words: tuple[Word, ...], there: tuple[Word, ...], here: tuple[Word, ...]) -> bool:
    return any(found_in(word, there) is not None and found_in(word, here) is None for word in words)
