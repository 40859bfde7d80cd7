"""The English forms in which people ask about a recorded talk; read by `lecture_questions`."""

from __future__ import annotations

import re

TALK = (
    r"(?:talks?|lectures?|videos?|recordings?|films?|clips?|podcasts?|webinars?|seminars?|screencasts?"
    r"|keynotes?|movies?"
    r"|audios?|interviews?|speech|meetings?|presentations?|sessions?|discussions?|class|course|episode)"
)
_ROLE = (
    r"(?:speakers?|lecturers?|presenters?|teachers?|professors?|prof|instructors?|narrators?|hosts?|guests?|tutors?"
    r"|trainers?|moderators?|woman|man|lady|people|person)"
)
THIS_TALK = rf"(?:the|this|that|my|our|her|his|their|each|these|those)(?: \w+)? (?:{TALK})"
_PRONOUN = r"(?:s?he(?:/(?:he|she))?|they|somebody|someone|anybody|anyone)"
ANY_WHO = rf"(?:{_PRONOUN}|(?:the|this|that|our|my)(?: \w+)? (?:{_ROLE}|{TALK})|we|you|it|one|i)"
AUX = r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|'s)"
# Verbs of speaking; those that need a word before what is said keep it outside, so that it is taken off.
SAY = (
    r"(?:say(?:s|ing)?|said|tell(?:s|ing)?|told|explain(?:s|ed|ing)?|mention(?:s|ed|ing)?|talk(?:s|ed"
    r"|ing)?|speak(?:s|ing)?"
    r"|spoke|spoken|discuss(?:es|ed|ing)?|describ(?:e|es|ed|ing)|defin(?:e|es|ed|ing)|introduc(?:e|es|ed|ing)"
    r"|cover(?:s|ed|ing)?|address(?:es|ed|ing)?|present(?:s|ed|ing)?|raise[sd]?|rais(?:e|es|ed|ing)"
    r"|bring(?:s|ing)? up"
    r"|brought up|touch(?:es|ed|ing)?(?= (?:up)?on)|refer(?:s|red|ring)?(?= to)|stat(?:e|es|ed|ing)"
    r"|claim(?:s|ed|ing)?"
    r"|argu(?:e|es|ed|ing)|point(?:s|ed|ing)? out|go(?:es|ing)? into|went into|deal(?:s|t"
    r"|ing)?(?= with)|warn(?:s|ed|ing)?"
    r"|suggest(?:s|ed|ing)?|recommend(?:s|ed|ing)?|advis(?:e|es|ed|ing)|propos(?:e|es|ed|ing)|stress(?:es|ed|ing)?"
    r"|emphasi[sz](?:e|es|ed|ing)|teach(?:es|ing)?|taught|nam(?:e|es|ed|ing)|note[sd]?|outlin(?:e|es|ed|ing)"
    r"|turn(?:s|ed|ing)?(?= to)|com(?:e|es|ing) (?:up|to)|came (?:up|to)|get(?:s|ting)? to|got to|ask(?:s|ed|ing)?"
    r"|answer(?:s|ed|ing)?|list(?:s|ed|ing)?|treat(?:s|ed|ing)?|begin(?:s)?(?= (?:to|with))|start(?:s"
    r"|ed)?(?= (?:to|with|talk\w*|on))"
    r"|appear(?:s|ed|ing)?|occur(?:s|red|ring)?"
    r"|(?:mak(?:e|es|ing)|made)(?= (?:about|on|of))|use[sd]?(?= the (?:word|term))|giv(?:e|es|ing)|gave"
    r"|quot(?:e|es|ed|ing))"
)
SAID = (
    r"(?:said|told|explained|mentioned|talked|spoken|discussed|described|defined|introduced|covered|addressed|presented"
    r"|raised|brought up|touched|referred|stated|claimed|argued|pointed out|gone into|dealt|warned|suggested"
    r"|recommended"
    r"|advised|proposed|stressed|emphasi[sz]ed|taught|named|noted|outlined|turned|com(?:e|es|ing) up|came up|asked"
    r"|answered|listed|treated|appears?|occurs?|given|quoted|handled|shown|heard(?: of)?|found|used|announced|repeated)"
)
_WHEN = (
    r"(?:where(?:abouts)?(?: exactly)?|when(?: exactly)?"
    r"|(?:at |in |from |on |around )?(?:what|which) (?:time|point|minute|minutes|moment|second|seconds"
    r"|timestamp|time ?stamp|part|place"
    r"|chapter|section|segment|spot|passage|position)|how far in(?:to)?)"
)
POLITE = re.compile(
    r"^\W*(?:(?:please|so|and|ok|okay|hi|hello|hey|well|also|then|now|thanks|(?:can|could"
    r"|would) you(?: please)?(?: help me)?"
    r"|tell (?:me|us)|let me know|do you know|i(?:'d| would) like to know|i (?:want|need) to know"
    r"|i wonder|remind me"
    r"|i(?:'m| am) (?:looking for|trying to find)|i (?:want|need) to (?=find|hear|see|jump|go)"
    r"|help me(?: to)?)\b[\s,:]*)+",
    re.IGNORECASE,
)
FIRST = re.compile(
    r"\b(?:for the (?:very )?first time|the first time|first(?= (?:say|said|mention|talk|sp[eo]"
    r"|explain|discuss|bring|brought|"
    r"introduc|come|came|hear|heard|appear|refer|defin|describ|rais|use|touch|get|show))"
    r"|(?<=mentioned )first|(?<=said )first"
    r"|first(?=\W*$)|(?<=mention )first|earliest|initially)\b",
    re.IGNORECASE,
)
# One recording: "how long are the weekly meetings" asks for something else.
_ONE_TALK = (
    r"(?:the|this|that|my|our|her|his)(?: (?:whole|entire|full|recorded))?"
    r" (?:talk|lecture|video|recording|film|clip|podcast|webinar|seminar|screencast|keynote|movie|audio|interview"
    r"|speech|meeting|presentation|session|discussion|episode)\b"
)
LENGTH = re.compile(
    rf"^\W*how long (?:is|was)(?: it|(?: {_ONE_TALK})(?: [^?]{{2,60}}?)?)?(?: in all)?\W*$"
    rf"|^\W*how long (?:does|did|will)(?: it| {_ONE_TALK}) (?:last|go(?: on)?|run)(?: for)?\W*$"
    rf"|^\W*how long does {_ONE_TALK} take\W*$"
    rf"|\b(?:length|duration|running time|run ?time) of (?:it\b|{_ONE_TALK})"
    rf"|^\W*how many (?:minutes|hours)(?: long)? (?:is|does|are|was)(?: it| {_ONE_TALK})"
    r"(?: (?:take|last|go on|run|have|long))?\W*$",
    re.IGNORECASE,
)
SPEAKERS = re.compile(
    r"^\W*(?:who(?:'s| is| are| was| were)? (?:it )?(?:that )?(?:speak(?:s|ing)?|spoke|talk(?:s|ing)?"
    r"|present(?:s|ing)?|lectur(?:es|ing)"
    r"|giv(?:es|ing)|gave|hold(?:s|ing)|teach(?:es|ing)|narrat(?:es|ing)|heard)(?: (?:here|in it"
    r"|in (?:the|this|that) \w+"
    rf"|it|{THIS_TALK}))?"
    rf"|who(?:'s| is| are| was| were) (?:the |in the |in this )?(?:{_ROLE}|{TALK})(?: (?:in|of) .{{2,60}})?"
    rf"|(?:what|which|how many) (?:{_ROLE}|voices)"
    rf"(?: (?:are there|speak|talk|are (?:speaking|talking|heard)|(?:is|are) in (?:it|{THIS_TALK}))(?: \w+){{0,3}})?"
    rf"|(?:list|name|show) (?:all )?(?:the )?speakers|what(?:'s| is) the (?:speaker|lecturer|presenter)'s name"
    r"|what(?:'s| is) the name of the (?:speaker|lecturer|presenter))\W*$",
    re.IGNORECASE,
)
CHAPTERS = re.compile(
    r"^\W*(?:(?:list|show|name|give)(?: me| us)?(?: all)?(?: of)?|what are|which are|what|which"
    r"|how many|are there(?: any)?)?(?: the| its)?"
    r" ?(?:chapters?|sections|parts|segments|topics|subjects|outline|table of contents|contents"
    r"|structure|agenda|overview of the"
    rf" (?:chapters|topics))(?: (?:are there|(?:does|do|did) (?:{ANY_WHO}|{THIS_TALK})\b.{{0,30}}"
    rf"|is (?:it|{THIS_TALK})\b.{{0,20}} (?:about|divided into)|(?:of|in|from) (?:it|{THIS_TALK})\b.{{0,60}}))?\W*$"
    rf"|^\W*how is (?:it|{THIS_TALK}) (?:structured|organi[sz]ed|divided|built up|laid out)\W*$"
    rf"|^\W*what (?:topics?|subjects?|things|themes) (?:does|do|did|are|were) .{{2,60}}(?:cover|covered"
    rf"|discuss(?:ed)?|talk(?:ed)? about"
    r"|treat(?:ed)?|speak about|address(?:ed)?)\W*$",
    re.IGNORECASE,
)
_NTH = r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|next to last"
_COUNT = r"\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
CHAPTER = re.compile(
    rf"\b(?:chapter|part|section|segment) (?:number |no\.? ?)?(?P<number>{_COUNT})\b(?![:.]\d)"
    rf"|\b(?P<nth>{_NTH}) (?:chapter|part|section|segment)\b",
    re.IGNORECASE,
)
SLIDE = re.compile(
    rf"\b(?:slide|keyframe) (?:number |no\.? ?)?(?P<number>{_COUNT})\b(?![:.]\d)"
    rf"|\b(?P<nth>{_NTH}) (?:slide|keyframe)\b",
    re.IGNORECASE,
)
SLIDES = re.compile(
    r"^\W*(?:(?:list|show|name|give)(?: me| us)?(?: all)?(?: of)?|what are|which|what|how many)(?: the"
    r"| its)? ?slides"
    r"(?: (?:are there|are shown|were shown|does .{2,40}|do .{2,40}|is .{2,40}|(?:of|in|from) .{2,60}))?\W*$",
    re.IGNORECASE,
)
_SCREEN = r"(?:slides?|screen|projector|projection|board|keyframe|display)"
_WHILE = (
    r"(?:when|while|whilst|as|during|at the (?:moment|time|point)(?: (?:when|where|that))?|at|then when|the moment"
    r"|where)"
)
ON_SLIDE = re.compile(
    rf"^\W*(?:what|which|show|open|give|display|see|describe|on (?:which|what)|was there"
    rf"|is there)\b.*?\b{_SCREEN}\b"
    rf"(?P<after>.*?)\b{_WHILE} (?P<x>.+?)\W*$"
    rf"|^\W*what (?:is|was|were|are|do we|did we|can one|could one|does one|did the audience"
    rf"|can we)\b.{{0,25}}?\b(?:shown|show|see|seen"
    rf"|visible|displayed|projected|presented)\b.{{0,25}}?\b{_WHILE} (?P<x2>.+?)\W*$"
    rf"|^\W*{_WHILE} (?P<x3>.+?),? (?:what|which) (?:is|was|slide|were|did)\b.*?\b(?:{_SCREEN}|shown"
    rf"|displayed|visible|see)\b.*$",
    re.IGNORECASE,
)
SLIDE_ABOUT = re.compile(
    r"^\W*(?:(?:what|which) (?:is|was|are|were|stands|stood|does|do)\b[^?]{0,30}?\bslides?"
    r"|(?:what|which|show|open|find|give|go to|jump to|list|describe"
    r"|read)\b[^?]{0,20}?\bslides?)\b(?: (?:that|which|is|was|are|does))*"
    r" (?:about|on|of|with|for|titled|called|headed|named|where|mentions?|mentioned|shows?|lists?"
    r"|says?|talks? about|speaks? about"
    r"|deals? with|covers?|holds?|contains?|explains?|tells? about|names?|has"
    r"|have) (?P<x>.+?)(?: (?:say|show|contain|list|mean))?\W*$"
    r"|^\W*on (?:which|what) slides? (?:is|are|was|were|does|do|did|can)\b (?P<x2>.+?)(?: (?:shown"
    r"|mentioned|listed|named|stand|appear|found"
    r"|written|said|explained|seen|introduced))?\W*$",
    re.IGNORECASE,
)
PART = re.compile(
    r"\b(?:part|section|chapter|passage|bit|segment|moment)s?\b(?: (?:of|in) (?:the|this|her|his|our) \w+)?"
    r" (?:about|on|called|titled|named|dealing with|concerning|regarding|(?:where|in which|when"
    r"|that)(?: \w+){1,3}? "
    rf"{SAY}(?: (?:about|of|on|with|to|upon|how|that|why))?(?: the)?(?= )|with"
    rf"|covering) (?P<x>.+?)(?: (?:about|say|says|mean|cover|contain))?\W*$",
    re.IGNORECASE,
)
WHOLE = re.compile(
    r"\b(?:summari[sz]e|summari[sz]ed|sum(?:med)? up|summary|overview|gist|recap|outline"
    r"|key (?:points?|messages?|ideas?|takeaways?)"
    r"|main (?:points?|messages?|ideas?)|take-?aways?|in a nutshell|tl;?dr|synopsis|essence|boil down)\b"
    rf"|^\W*what(?:'s| is| was| are) (?:it|this|that|{THIS_TALK}|.{{2,60}}) (?:all )?about\W*$"
    rf"|^\W*what happens(?: in (?:it|{THIS_TALK}))?\W*$|^\W*describe (?:it|{THIS_TALK})\W*$",
    re.IGNORECASE,
)
_ITEMS = (
    r"(?:steps?|points?|principles?|reasons?|rules?|phases?|stages?|ways?|tips?|examples?|elements?"
    r"|things?|items?|bullets?"
    r"|bullet points?|benefits?|advantages?|disadvantages?|conditions?|recommendations?|lessons?"
    r"|ideas?|criteria|tasks?|measures?"
    r"|features?|ingredients?|components?|roles?|arguments?|problems?|risks?|kinds?|types?|forms?|tools?)"
)
STEPS = re.compile(
    rf"^\W*(?:list|name|give|enumerate|show|read out|count|what are|what were|which are|recall)(?: me"
    rf"| us)?(?: all)?(?: of)?(?: the| her| his"
    rf"| their)? ?(?P<before>(?:[\w'’-]+ ){{0,4}}?)(?P<noun>{_ITEMS})\b(?: (?:of|for|to|about|on|in"
    rf"|behind|that|which|when|toward|towards"
    rf"|from|with|by|mentioned|named|given|listed)\b)?(?P<x>[^?]*?)\W*$"
    rf"|^\W*(?:which|what|how many) (?P<before2>(?:[\w'’-]+ ){{0,3}}?)(?P<noun2>{_ITEMS}) (?:does|do"
    rf"|did|are|is|were|was) (?P<x2>[^?]+?)\W*$",
    re.IGNORECASE,
)
FLOW = re.compile(
    rf"^\W*what(?:'s| is| was| does| do| did| comes?| came| follow(?:s|ed)?| happen(?:s"
    rf"|ed)?)?(?: {ANY_WHO})?(?: {SAY}| come| comes| follow"
    r"|happen| talks? about| speaks? (?:of|about))*(?: about)?(?: (?:right|directly|immediately"
    r"|straight|just|next|said|shown|told|explained"
    r"|discussed))*(?: (?P<way>after|before|following|preceding)| follows(?P<way2>)"
    r"| precedes(?P<way3>)) (?:that |this )?(?P<x>[^?]+?)\W*$",
    re.IGNORECASE,
)
PATTERNS = re.compile(
    r"\b(?:which|what|any|list|name|show)\b[^?]{0,30}\bpatterns?\b[^?]*\b(?:touch\w*|mention\w*"
    r"|speaks?|spoken|talks?|talked|relat\w+|refer\w*"
    r"|appear\w*|come up|cover\w*|use[sd]?|discuss\w*|match\w*|fits?|named?|names|belongs?|connect\w*"
    r"|link\w*|address\w*|said|says?|there"
    r"|about|raise[sd]?|in)\b|^\W*(?:link|connect|relate)\b[^?]*\bpatterns?\b",
    re.IGNORECASE,
)
DISAGREE = re.compile(
    r"\b(?:disagree\w*|contradict\w*|at odds|pulls? against|go(?:es)? against|against|conflicts? with"
    r"|in conflict with|deviat\w*|criticis\w*|criticiz\w*"
    r"|opposes?|opposed|clash\w*|differs? from|different from|reject\w*|objects? to|objected to|argues? against"
    r"|departs?|dispute\w*)\b",
    re.IGNORECASE,
)
COMPARE = re.compile(
    r"\b(?:compar\w+|beside|side by side|next to|versus|vs\.?|agrees?|agree with|in line with|fits?"
    r"|match\w*|relates? to|square[sd]? with"
    r"|consistent|supports?|confirm\w*|stand to|hold up|measure[sd]? up)\b",
    re.IGNORECASE,
)
LIBRARY = re.compile(r"\b(?:patterns?|library|commons engine)\b", re.IGNORECASE)
_SAID_X = (
    r"(?: (?:about|of|on|upon|to|with|that|for))?(?: (?:the (?:topic|subject|idea|concept|notion|term|word|words"
    r"|phrase|matter|fact)s?(?: of| that)?))?"
)
FOUND = re.compile(
    r"^\W*(?:find|jump|go|take me|bring me|skip|play|show|seek|open|fast[- ]?forward|start|search"
    r"|locate|look|point me|give)(?: me| us)?(?: to| for)?"
    r" (?:the |a |all )?(?:(?:exact )?(?:parts?|moments?|places?|points?|bits?|passages?|sections?"
    r"|seconds?|timestamps?|time ?stamps?|times?|spots?"
    r"|minutes?|segments?|positions?|scenes?|mentions?) ?)?(?:where|when|in which|that|at which|about"
    r"|on|of|with|for)\b (?P<x>.+?)\W*$"
    r"|^\W*(?:the )?(?:timestamp|time ?stamp|time|minute|second|moment)s? (?:of|for|when|where"
    r"|at which|in which) (?P<x2>.+?)\W*$",
    re.IGNORECASE,
)
MENTION = re.compile(
    rf"^\W*{_WHEN}\b(?P<x>.+?)\W*$|^\W*(?:is|are|was|were|has|have|does|did|do)\b(?P<x2> .+?)\W*$",
    re.IGNORECASE,
)
WHERE = re.compile(rf"^\W*{_WHEN}(?= |\W*$)", re.IGNORECASE)
WHICH_SAYS = re.compile(
    rf"^\W*(?:who|which (?:speakers?|person|guest|participants?)|who else) (?:is it that "
    rf"|was it that )?(?:\w+ )?{SAY}{_SAID_X} (?P<x>.+?)\W*$",
    re.IGNORECASE,
)
# "When does she wrap up?"
ENDS = re.compile(
    rf"^\W*{_WHEN} {AUX}\W+{ANY_WHO} (?:\w+ )?(?:wraps? (?:it |things )?up|concludes?|sums? (?:it |things )?up"
    r"|comes? to (?:an end|a close|the conclusion)|summari[sz]es?|recaps?)\b",
    re.IGNORECASE,
)
OPINION = re.compile(
    r"(?:what(?:'s| is| was| are| were)) (?:(?P<who>her|his|their|the [\w ]{2,40}?'s?)) (?:view"
    r"|views|opinion|take|position|point|advice|definition|stance"
    r"|thoughts?|argument|claim|message|explanation|description|recommendation|conclusion"
    r"|answer)s? (?:on|about|of|regarding|for|to|concerning"
    r"|against) (?P<x>.+?)\W*$",
    re.IGNORECASE,
)
TAIL = re.compile(
    rf"(?:,? (?:in|of|from|during|by|on|at|within|throughout|for)(?: the end of)? (?:{THIS_TALK}|it"
    rf"|there|here|them)"
    rf"|,? (?:in|during|of|from) (?:any|all|one|both|which)(?: of)?(?: the| these| my| our)? {TALK}"
    r"|,? (?:for|in) (?:short|brief|detail|a few (?:words|sentences)|(?:two|three|five|ten) (?:words|sentences))"
    r"|,? (?:at all|ever|again|exactly|anywhere|please|then|too|as well|in the first place|first|there"
    r"|here|now))+\W*$",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^\W*(?:(?:about|of|on|upon|that|how|why|what|whether|if|to|with|for|regarding|concerning"
    r"|the (?:topic|subject|idea|concept|notion|term"
    r"|word|words|phrase|matter|fact|question|part|moment|point)s?(?: of| that| about| on| where)?|the"
    r"|a|an|any|anything|something|it is said"
    r"|it was said)\b\s*)+",
    re.IGNORECASE,
)
