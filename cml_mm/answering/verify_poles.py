"""Phrases that stand at the two ends of one scale: open and closed, paid and unpaid, nearly all and hardly any.

Single words that are opposites are compared in `verify_negation`. Here whole phrases are: a clause that
stands at one pole, and a nearest statement of the evidence that stands at the other alone, cannot both be
true of the same thing. A denial before a phrase turns it to the other pole.
"""

from __future__ import annotations

import re

from cml_mm import prose
from cml_mm.answering.verify_alignment import Pairing, found_in
from cml_mm.answering.verify_text import Clause, base

# Of each scale the one pole and the other.
_SCALES: tuple[tuple[str, str], ...] = (
    (
        r"accept(?:s|ed)?|allow(?:s|ed)?|welcomes?|welcomed|permit(?:s|ted)?|open to|free to|are admitted|is admitted"
        r"|admits?|may (?:be )?(?:\w+)|can (?:be )?(?:\w+)|entitled to",
        r"forbidden|banned|barred|prohibited|outlawed|off limits|excluded|shut out|kept out|turned away|forbids?|bans"
        r"|prohibits?|bars|disallowed|not allowed|not permitted|not accepted|not welcome|may not|must not|cannot"
        r"|can't|inaccessible|no \w+ (?:is|are) (?:allowed|accepted)",
    ),
    (
        r"open|opens|opened|reopened|reopens|reopening|in operation|in use|in service|up and running",
        r"closed|closes|shut|shuts|stayed shut|out of use|out of service|shut down|locked|derelict|disused"
        r"|sealed off",
    ),
    (
        r"survived|survives|intact|unharmed|undamaged|unscathed|spared|came through|withstood|weathered|preserved"
        r"|escaped|saved|rescued",
        r"destroyed|destroys|flattened|wrecked|ruined|perished|demolished|killed|wiped out|felled|uprooted|burnt down"
        r"|burned down|torn down|pulled down|knocked down|lost in|damaged by|collapsed",
    ),
    (
        r"made a profit|turned a profit|makes a profit|profitable|in the black|made money|broke even|a surplus"
        r"|in profit"
        r"|in credit",
        r"made a loss|lost money|in the red|a deficit|at a loss|loss-making|unprofitable|ran up debts?|in debt"
        r"|fail(?:s|ed)? to (?:turn|make) a profit",
    ),
    (
        r"salary|salaried|wages?|is paid|are paid|gets paid|get paid|is paid for|receives? pay|earns?|remunerated"
        r"|paid (?:post|job|position|role)",
        r"unpaid|unsalaried|without pay|voluntar(?:y|ily)|as volunteers?|no pay|gratis|for nothing"
        r"|unremunerated|honorary",
    ),
    (
        r"in favour of|in favor of|supporting|spoke for|spoke up for|supported|supports?|backed|backs|endorsed"
        r"|approved of|argued for"
        r"|voted for|campaigned for|pro|welcomed|stood up for|keen on|defended|sided with",
        r"against|objected|opposed|opposes?|objected to|critici[sz]ed|hostile to|attacked|rejected|fought"
        r"|condemned|resisted",
    ),
    (
        r"nearly all|almost all|most|practically all|virtually all|nearly every|almost every|the majority"
        r"|almost everyone"
        r"|nearly everyone|a large majority|the bulk|many|nearly everybody",
        r"hardly any|hardly anyone|hardly anybody|scarcely any|almost no|almost none|next to no|very few|few"
        r"|a handful"
        r"|barely any|almost nobody|hardly a|a small minority|next to nobody|almost no one",
    ),
    (
        r"passed|was adopted|was approved|carried|got through|was accepted|won|succeeded|came off|worked out",
        r"failed|was rejected|was defeated|was voted down|was turned down|fell through|lost|came to nothing"
        r"|fizzled out",
    ),
    (
        r"on time|punctual(?:ly)?|on schedule|by the deadline|in time|early|ahead of (?:time|schedule)"
        r"|met the deadline",
        r"late|too late|behind schedule|overdue|after the deadline|missed the deadline|overran|delayed",
    ),
    (
        r"rose|rises|grew|grown|risen|grows|increased|increases|went up|goes up|climbed|soared|gained|up from"
        r"|doubled|tripled"
        r"|expanded|picked up|jumped",
        r"fell|falls|shrank|shrinks|decreased|decreases|went down|goes down|dropped|sank|plunged|declined|halved"
        r"|dwindled|shrunk|fallen|tailed off|contracted|slumped",
    ),
    (
        r"free|free of charge|for free|without charge|costs nothing|at no cost|gratis|no fee|no charge",
        r"costs \w+|charges?|is charged|are charged|for a fee|a fee|has to pay|have to pay|must pay|need to pay"
        r"|paying"
        r"|fee of|not free",
    ),
    (
        r"plenty of|ample|abundant|enough|sufficient|a surplus of|more than enough|well stocked|no shortage",
        r"short of|a shortage|lack of|lacks?|too few|too little|insufficient|scarce|not enough|runs? out of"
        r"|ran out of",
    ),
    (
        r"works|been working|is working|are working|in order|in working order|functions|functioned|functional"
        r"|runs well|operational|worked",
        r"broken|out of order|broke down|breaks down|failed|does not work|faulty|defective|not working",
    ),
    (
        r"public|open to everyone|open to all|open to the public|in public|anyone may|published",
        r"private|behind closed doors|in secret|confidential|secret|kept secret|members only|not public|in private",
    ),
    (
        r"kept|keeps?|retain(?:s|ed)?|remain(?:s|ed)? in force|still in force|continues?|continued|still|carries on",
        r"dropped|abolished|scrapped|ended|discontinued|gave up|given up|abandoned|lapsed|repealed|axed|withdrawn",
    ),
    (
        r"accepted|agreed to|agreed|said yes|consented|took up|signed",
        r"refused|turned down|declined|rejected|said no|would not|rebuffed",
    ),
    (
        r"safe|fit to drink|drinkable|clean|harmless|unpolluted",
        r"unsafe|unfit|dangerous|polluted|contaminated|dirty|harmful|poisonous|hazardous",
    ),
    (
        r"easy|easily|simple|without difficulty|straightforward|effortless",
        r"hard|difficult|with difficulty|struggled|struggles?|a struggle|complicated|tricky",
    ),
    (
        r"pays?|covers?|paid|covered|meets the cost|refunds?|reimburses?|bears the cost|foots the bill",
        r"(?:have|has|had|must|need|needs)(?: to)? (?:pay(?: for)?|funds?) (?:their|his|her|its|your|our) own"
        r"|(?:pays?|paid|funds?|meets?|covers?|bears?) (?:\w+ )?(?:for )?(?:their|his|her|its|your|our) own"
        r"|at (?:their|his|her|its) own expense|out of (?:their|his|her) own pockets?",
    ),
    (
        r"stays?|stayed|remain(?:s|ed)?|kept on|still there|is still|continues? as",
        r"left|leaves|quit|resigned|stepped down|stood down|departed|moved away|moved out|gone",
    ),
    (
        r"full|fully booked|sold out|packed|crowded|every seat|overcrowded|no vacanc(?:y|ies)",
        r"empty|half-empty|deserted|unsold|vacant|spare places|seats left|tickets left|places left|unoccupied",
    ),
    (
        r"compulsory|mandatory|obligatory|must|required|obliged to|have to|has to|had to|asked to|made to"
        r"|called on to",
        r"voluntary|optional|not required|need not|not obliged|free to choose|up to (?:them|members|each)"
        r"|as they like",
    ),
    (
        r"shared|jointly|together|in common|collectively|communal(?:ly)?",
        r"individually|separately|alone|on (?:their|his|her|its) own|each for",
    ),
    (
        r"liked|loved|enjoyed|praised|pleased|satisfied|happy|popular|delighted|glad",
        r"disliked|hated|complained|unhappy|dissatisfied|displeased|unpopular|disappointed|angry",
    ),
    (
        r"came back|come back|comes back|returned|reappeared|recovered|are back|is back|present",
        r"absent|vanished|disappeared|died out|gone for good|never came back|missing|extinct",
    ),
    (
        r"(?:has|have|had)? ?(?:risen|grown|increased|multiplied)|more (?:frequent|common|numerous)"
        r"|rarer no more|on the rise",
        r"(?:has|have|had)? ?(?:fallen|shrunk|dropped|declined|decreased)|less (?:frequent|common)|rarer|fewer"
        r"|on the wane",
    ),
    (
        r"won|beat|victory|came first",
        r"lost|defeat|came last|was beaten|were beaten",
    ),
)
_POLES = tuple(tuple(re.compile(rf"(?<![\w-])(?:{pole})(?![\w-])") for pole in scale) for scale in _SCALES)
_TURNS = re.compile(
    r"(?:\b(?:not|never|no|nobody|none|nothing|neither|nor|without|cannot|no one|hardly|barely)|n['’]t"
    r"|\b(?:fail|refuse|decline|cease|stop)(?:s|ed|d)?(?: to)?|\bunable to|\bfar from)(?: \w+){0,2} \Z"
    r"|\b(?:nobody|no one|none|never)(?: \w+){0,6} \Z"
)
_UP_TO_A_POINT = re.compile(
    r"\b(?:until|unless|except|only|apart from|but|before|if|no longer|at first|initially|at the start|used to"
    r"|once|otherwise)\b"
)
_CARRYING = frozenset(
    "receive receives received become became becomes work works working stay stays remained remains kept".split()
)
_LEAST_SHARE = 0.6  # of the other words of a clause that its statement must hold


def at_other_pole(pairing: Pairing) -> str:
    """The phrase of a clause that its nearest statement stands against; empty where none."""
    mine = _folded(pairing.said.text)
    theirs = _folded(_beside(pairing).text)
    whole = _folded(pairing.statement.text)
    if _UP_TO_A_POINT.search(mine) or _UP_TO_A_POINT.search(theirs):
        return ""
    for scale in _POLES:
        here = _stood(scale, mine)
        there = _stood(scale, theirs) or _stood(scale, whole)
        if len(here) != 1 or len(there) != 1:
            continue
        (side, phrase), (other, against) = *here.items(), *there.items()
        if (
            side != other
            and (_beside(pairing) is not pairing.clause or len(_stood(scale, whole)) == 1)
            and _same_thing(pairing, phrase, against)
        ):
            return f"{phrase} / {against}"
    return ""


def _beside(pairing: Pairing) -> Clause:
    """The clause to compare with: the one that has the name of the sentence, where another has it alone."""
    names = [word for word in pairing.said.content if word.capital]
    theirs = pairing.statement.clauses
    for word in names:
        having = [clause for clause in theirs if any(word.stem == other.stem for other in clause.words)]
        if len(having) == 1:
            return having[0]
    return pairing.clause


def _stood(scale: tuple[re.Pattern[str], ...], text: str) -> dict[int, str]:
    """At which poles of a scale a text stands, 0 or 1, each with its phrase."""
    found: dict[int, str] = {}
    taken: list[tuple[int, int]] = []
    matches = [(match, side) for side, pole in enumerate(scale) for match in pole.finditer(text)]
    for match, side in sorted(matches, key=lambda one: one[0].start() - one[0].end()):
        if any(match.start() < end and start < match.end() for start, end in taken):
            continue
        taken.append(match.span())
        turned = _TURNS.search(text[: match.start()]) is not None
        found[1 - side if turned else side] = match.group()
    return found


def _same_thing(pairing: Pairing, phrase: str, against: str) -> bool:
    """Whether the clause speaks of the same otherwise: most of its other words stand in the statement."""
    own = {*phrase.split()}
    for one, words in ((phrase, pairing.statement.words), (against, pairing.said.words)):
        if one.startswith(("may ", "can ")) and not any(word.stem == base(one.split()[-1]) for word in words):
            return False
    rest = [word for word in pairing.said.words if word.content and word.low not in own and word.low not in _CARRYING]
    known = sum(found_in(word, pairing.statement.words) is not None for word in rest)
    names = [word for word in rest if word.capital and word.place]
    kept = all(found_in(word, pairing.statement.words) for word in names)
    same = {word.low for word in pairing.said.words} & {word.low for word in pairing.clause.words}
    if not rest and not any(len(low) > 4 and low not in own for low in same):
        return False
    return kept and known >= _LEAST_SHARE * len(rest)


def _folded(text: str) -> str:
    return " ".join(prose.fold(text).replace("’", "'").replace(",", " ").split())
