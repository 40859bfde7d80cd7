"""The English forms in which people speak of their own files; read by `file_questions`."""

from __future__ import annotations

import re

# Nouns that mean a file wherever "my", "our", "this" or "the" stands before them …
STRONG = (
    r"files?|documents?|uploads?|attachments?|pdfs?|docx|csv|scans?|screenshots?|spreadsheets?|slides|slide deck"
    r"|presentations?|deck|statutes?|by-?laws?|minutes"
)
# … and those that may mean something else: they count beside a word like "say", or where a file is called so.
WEAK = (
    r"rules?|rule ?book|charter|constitution|contract|lease|agreements?|notices?(?! (?:boards?|periods?)\b)"
    r"|letters?|reports?|budget|polic(?:y|ies)"
    r"|agendas?|handbook|guidelines?|memo|protocol|tables?|plans?|proposals?|leaflet|flyer|poster|photos?|pictures?"
    r"|images?|pages?|slides?|clauses?|articles?|paragraphs?|texts?|paper|list|notes?|survey|transcript|manual"
    r"|invoice"
    r"|accounts|diagram|drawing|section"
)
_OWN = (
    r"(?:(?:in|on|of|from|by|to|with|for|at|about|under|within|across|per)\s+)?"
    r"(?:(?:any|all|each|both|some|one|which|none|every) of )?"
    r"(?:my|our|this|these|that|those|the|both(?: the)?|all(?: my| our| the)?|either|each|every)"
)
_BETWEEN = r"(?:\s+(?:own|two|three|uploaded|whole|new|old|attached|latest|last|newest|other|same|present|current))*"
NAMED_BY = r"(?:\s+(?:of|from|for)\s+(?:the\s+)?(?:\d{1,2}\.?\s+)?[A-Z][\w’'-]+(?:\s+\d{1,4})*|\s+(?:19|20)\d\d\b)?"
MENTION = re.compile(rf"\b{_OWN}{_BETWEEN}(?:['’]s?)?\s+(?P<noun>{STRONG}|{WEAK})\b(?:['’]s?)?", re.IGNORECASE)
STRONG_NOUN = re.compile(STRONG, re.IGNORECASE)
# After these a weak noun means a file.
SAYS = re.compile(
    r"\b(?:say|says|said|state[sd]?|mention(?:s|ed)?|according to|written|stand(?:s)? in|read|tells?|define[sd]?"
    r"|provide[sd]? for|about)\b"
)
COMPARES_WITH = re.compile(
    r"\b(?:compar\w+|go(?:es)? against|against|fits?|contradict\w*|conflicts?|in line with|agrees? with|match(?:es)?"
    r"|square[sd]? with|violat\w+|clash\w*|speaks? (?:to|about)|lives? up to|meets?|respects?|follows?"
    r"|consistent|pulls?"
    r"|break|breaks|differ\w*|measure[sd]? up|stand to|hold up)\b"
)
POINTED = re.compile(
    r"\b(?:this|that|these) (?:pages?|slides?|picture|photo|image|clauses?|paragraph|text|paper|table|notice|letter"
    r"|report|contract|charter|agreement|leaflet|poster|flyer|diagram|handbook|memo|transcript)\b",
    re.IGNORECASE,
)
UPLOADED = re.compile(
    r"\b(?:what|which files?|everything|the one|something|all) (?:(?:that )?(?:i|we)(?:'ve| have)? (?:just )?"
    r"|have (?:i|we) |did (?:i|we) )"
    r"(?:uploaded|upload|added|add|sent|attached|dropped|brought|given you)\b"
)
THIS_FILE = re.compile(
    r"\b(?:this|that|the) (?:file|document|pdf|scan|upload|attachment)\b|\b(?:this|that) (?:page|slide)\b"
)
LATEST = re.compile(r"\b(?:last|latest|newest|most recent) (?:file|document|upload|pdf|scan|minutes|slides|picture)\b")

_FILES = r"(?:files?|documents?|uploads?|attachments?|papers|pdfs)"
INVENTORY = re.compile(
    rf"^\W*(?:(?:please|so|and|ok|can you|could you|hi|hello)\W+)*(?:what(?:['’]s| is| are| do you see"
    rf"| do you know| stands)?"
    rf" (?:in|inside|among|from) (?:all )?(?:my|our|the|these|those) {_FILES}"
    rf"|(?:list|show(?: me)?|name|give me|tell me|tell me about) (?:all )?(?:of )?(?:my|our|the|these) {_FILES}"
    rf"|(?:what|which|how many) {_FILES} (?:do|have|did|can|are)\b(?! (?:they )?(?:about|mention)\b).*"
    rf"|what (?:have|did) (?:i|we) (?:upload\w*|add\w*)"
    rf"|what is in (?:them|here)|what do (?:my|our|these|the) {_FILES} (?:contain|hold|cover)"
    rf"|what are (?:my|our|these|the) {_FILES}(?: about)?)\W*$"
)
SUMMARY = re.compile(
    r"\b(?:summari[sz]e|sum up|summary of|overview of|outline of|gist of|main points?|key points?|main ideas?|tl;?dr"
    r"|in a nutshell|in (?:a few|two|three) sentences)\b"
    r"|\bwhat(?:['’]s| is| are| was| were) (?!in\b).{0,60}\b(?:about|all about)\W*$"
    r"|\bwhat does .{0,60}\b(?:contain|cover|deal with)\W*$"
    r"|^\W*(?:describe|tell (?:me|us) (?:more )?about|explain|what is) (?:this|that|the|my|our) (?:\w+ )?"
    rf"(?:{STRONG}|photo|picture|image|charter|contract|notice|letter|report|paper|text)\W*$"
)
PAGES = re.compile(r"\bhow (?:many (?P<unit>pages?|slides?|sheets?|rows?|words?)|long (?:is|are))\b")
PLACE_ONLY = frozenset(
    """say says said state states stand stands stood written write read show quote tell contain contains hold holds
    content contents text words word about exactly mean means give please whole see look cite open print
    another else more and""".split()
)
MENTIONS = re.compile(
    rf"\b(?:(?:which|what|what other|how many|in which|any|do any|does any|is any|are any) (?:of )?(?:my |our "
    rf"|the |these )?(?:\w+ )?{_FILES}"
    r"|(?:which|any|all|one|none) of (?:them|these|those)|where(?: in (?:my|our|these|the) (?:\w+ )?"
    rf"(?:{STRONG}))?|do (?:my|our|the|these) {_FILES})\b(?P<between>.*?)\b"
    r"(?:mention(?:s|ed)?|speaks? (?:of|about)|talks? about|deals? with|contains?|refers? to|discuss(?:es)?|covers?"
    r"|names?|says? (?:something|anything) (?:about|on|of)|writes? about|about)\b(?P<topic>.*)$"
)
WHERE_MENTIONED = re.compile(r"\bwhere (?:is|are) (?P<topic>.+?) (?:mentioned|spoken of|discussed|named|dealt with)\b")
COMPARE = re.compile(
    r"\b(?:compar\w+|differences?|differs?|differ|contrast|changed|versus|vs|side by side|in common|agree"
    r"|contradict)\b"
)
# What joins a question about files with the library: its patterns, itself, or one by name.
LIBRARY = re.compile(r"\b(?:the |your |this |of the )?(?:library|patterns?|commons (?:engine|library))\b")
AGAINST = re.compile(
    r"\b(?:go(?:es)? against|against|contradict\w*|conflicts? (?:with|between|are)|clash\w*|violat\w+|break|breaks"
    r"|at odds"
    r"|pulls? against"
    r"|opposed?|undermines?|tensions?)\b"
)
DECISIONS = re.compile(
    r"^\W*(?:please )?(?:(?:list|show|name|give)\b.{0,12}\b(?:decisions?|resolutions?)|(?:what|which) (?:decisions?"
    r"|resolutions?) (?:were|was|have been|did \w+(?: \w+)?) (?:made|taken|reached|passed|make|take)"
    r"|what (?:was|were|has been|did (?:we|they)) (?:decided?|agreed?|resolved?))"
    r"(?: (?:in|at|of|by) (?:the |our |my |this )?[\w ]{1,30})?\W*$"
)
DECIDED = re.compile(
    r"\b(?:decided|decides|agreed|agrees|resolved|approved|adopted|confirmed|accepted|rejected|refused|elected"
    r"|appointed|passed|carried|voted|postponed)\b",
    re.IGNORECASE,
)
# Words around a topic that say only where to look.
FRAME = re.compile(
    r"\b(?:what|which|where) (?:do|does|did|is|are) (?=\W*(?:say|says|state|mention|written|said|contain))"
    r"|\b(?:say|says|said|state[sd]?|mention(?:s|ed)?|written|contain(?:s|ed)?|tells?(?: (?:me|us))?|speaks?|talks?)"
    r"(?: (?:something|anything))?(?: (?:about|on|of|regarding|concerning))?\b"
    r"|\b(?:according to|regarding|concerning|with regard to|when it comes to)\b|\b(?:can|could) you\b|\bplease\b",
    re.IGNORECASE,
)
ABOUT = re.compile(
    r"\b(?:says?|said|states?|mentions?|written|speaks?|talks?|think|thinks|tells? (?:me|us)|fits? what"
    r"|compare\w*|differ"
    r"|agree|changed?)\b.*?\b(?:about|on|of|regarding|concerning)\s+(?P<topic>.+)$",
    re.IGNORECASE,
)
