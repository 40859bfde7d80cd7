"""What a clause is about: of "she talks about the quorum" or "how is the quorum explained" the quorum."""

from __future__ import annotations

import re

from cml_mm import prose
from cml_mm.answering import lecture_forms as forms

_NEVER_TOPIC = frozenset(
    "it that this them then there here she he they said say slide slides video talk lecture recording film".split()
)
_ACTIVE = re.compile(
    rf"^\W*(?:{forms.AUX}\W)?\s*(?:i |we |you )?(?:find |hear |see |know )?(?:where |when |that "
    rf"|how )?(?P<who>{forms.ANY_WHO}|her|him|them)"
    rf" (?:(?:{forms.AUX}|ever|also|even|actually|really|already|again|just|then|first|begins?|starts?"
    rf"|to|not|have|been|being|be) )*"
    rf"(?P<say>{forms.SAY}|hears? about|heard about|learn(?:s|ed)? about)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    rf"^\W*(?:{forms.AUX}\W)?\s*(?P<x>.+?)"
    rf"(?: (?:{forms.AUX}|ever|also|even|actually|been|being|be|get|gets|got|first|again))*"
    rf" {forms.SAID}\b(?: (?:about|of|on|up|out|into|to|upon|with|by \w+|by the \w+))*\W*$",
    re.IGNORECASE,
)
_NOUN = re.compile(
    rf"^\W*(?:{forms.AUX}\W)?\s*(?:(?:i|we|you|one) )?(?:(?:find|hear|see|get|watch) )?(?:the |a |an "
    rf"|her |his |their )?"
    r"(?:explanation|definition|mention|description|discussion|introduction|part|passage|bit|section"
    r"|talk|example|story|remark|quote|statement|sentence"
    r"|warning|advice)s? (?:of|about|on|for|with|that|where|when|to) (?P<x>.+?)(?: (?:begin|begins|start"
    r"|starts|come|comes|stand|stands|located|found))?\W*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^\W*(?:what(?: else| exactly| all| things?)?|how(?: exactly)?|why|according to|quote|repeat"
    r"|everything|anything|all(?: that)?|which words)\b(?P<rest>.*)$",
    re.IGNORECASE,
)


def said_topic(text: str) -> str:
    """What is spoken of in a clause: of "she talks about the quorum" or "the quorum is explained" the quorum."""
    if found := _ACTIVE.match(text):
        return topic_of(found["rest"])
    if found := _NOUN.match(text):
        return topic_of(found["x"])
    if found := _PASSIVE.match(text):
        return topic_of(found["x"])
    return topic_of(text)


def mentioned_topic(text: str) -> str:
    """The same of a question's own clause, which must have a word of speaking; "" without one."""
    text = re.sub(rf"^\W*(?:in|of|during) {forms.THIS_TALK}", " ", text, flags=re.IGNORECASE)
    found = _ACTIVE.match(text)
    if found:
        return topic_of(found["rest"])
    for form in (_NOUN, _PASSIVE):
        if found := form.match(text):
            return topic_of(found["x"])
    return ""


def told_topic(told: str) -> str:
    """ "What does she say about the quorum?", "how is the quorum explained?": the quorum."""
    found = _ABOUT.match(told)
    if not found:
        return ""
    rest = found["rest"]
    if active := _ACTIVE.match(rest):
        return topic_of(active["rest"])
    passive = re.match(
        rf"^\W*(?:{forms.AUX}|gets|has been|is being)\s+(?:been |being )?{forms.SAY} (?P<x>.+)$", rest, re.IGNORECASE
    )
    if passive:
        return topic_of(passive["x"])
    how = re.match(r"^\W*how\b", told, re.IGNORECASE) and re.match(
        rf"^\W*{forms.AUX}\s+(?P<x>.+?) (?:explained|defined|described|introduced|presented|discussed)\W*$",
        rest,
        re.IGNORECASE,
    )
    return topic_of(how["x"]) if how else ""


def topic_of(text: str) -> str:
    """The bare matter: without "about the idea of" before it and "in the talk" behind; "" where nothing is left."""
    told = text.strip(" ?!.,;:\"“”'‘’")
    while (cut := forms.TAIL.sub("", told).strip(" ?!.,;:\"“”'‘’")) != told:
        told = cut
    told = forms.LEAD.sub("", told).strip(" ?!.,;:\"“”'‘’")
    return told if set(prose.words(told)) - prose.STOP_WORDS - _NEVER_TOPIC else ""
