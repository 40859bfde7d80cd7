"""More of the forms in which people ask about diagrams: what comes after and before, lanes, beginnings and ends."""

from __future__ import annotations

from cml_mm.answering.diagram_forms import (
    ARROW,
    BOX,
    COMES,
    DOES,
    EFFECT,
    FLOWS,
    JUST,
    LANE,
    NOUN,
    WHO,
    C,
    Form,
    X,
    forms,
)

# Words around a request to describe all of it, which name no part of it.
_FILLER = (
    rf"(?:it|this|that|the|my|our|your|whole|entire|file|{NOUN}|to|me|us|for|in|words|a|few|sentences|short|shortly"
    r"|briefly|please|what|is|are|does|do|can|did|shown|shows?|here|there|you|we|see|say|tell|depict|mean|understand"
    r"|understood|all|about|on|of|how|works?|upload(?:ed)?|i)"
)

FLOW_FORMS: tuple[Form, ...] = (
    *forms(
        "condition",
        r"what (?:happens|follows|comes(?: next)?|is next|is done|do we do|is to be done|should we do"
        rf"|must be done|then)(?: \w+)? (?:if|when|where|in case|once|unless) {C}",
        rf"(?:what|who|where|which \w+)\b[^,?]* (?:if|when|in case|once|unless) {C}",
        r"(?:if|when|in case|suppose|once|unless|assuming) (?P<c>[^,]+?)(?:,| then) ?(?:then )?(?:what|who"
        r"|where|which|how)\b.*",
        rf"and (?:if|when) {C}",
        rf"what (?:if|when|about if) {C}",
        rf"where does {C} (?:answer )?(?:lead|go)",
    ),
    *forms(
        "roots",
        r"(?:what|which|who|where)\b.*\b(?:from in the first place|originally(?: from)?|from to begin with"
        r"|from at the (?:start|beginning|very start))",
        rf"(?:where|how|with (?:what|whom|which {BOX})) (?:do|does|did|is|are)\b.*\b(?:starts?|begins?"
        r"|originates?|set off|kick off|enter(?: in| here)?)(?: from)?",
        r"(?:what|which|who)(?: (?:is|are|comes?|goes|box|step|one|happens|acts?|person|stands?"
        r"|do we do))* (?:the )?(?:very )?(?:first|to start with|at the (?:very )?(?:start|beginning|top"
        rf"|outset)|starting|initial|entry|opening)(?: {BOX}| points?| steps?| of all| thing)*(?: (?:to"
        r"|that|which|in|of)\b.*)?",
        rf"(?:what|which|who)(?: {BOX})? (?:starts?|begins?|opens|sets?|kicks?)(?: (?:it|this|that"
        r"|everything|things|off|the \w+|all))*",
        r"(?:what|which|who|list|show)\b.*\b(?:have|has|with|without|nothing)\b.*\b(?:no(?:thing)?"
        rf" (?:{ARROW} )?(?:before|coming in|going in|leading (?:in|to)|arriving|pointing|incoming)"
        r"|no incoming|any incoming|comes? before (?:it|them))\b.*",
        r"(?:what|which|list|show|name) (?:are |is )?(?:all )?(?:the )?(?:roots?|sources|starting points?"
        r"|entry points?|beginnings?|inputs|origins?|triggers?)(?: (?:of|in|to) (?:it|this|that|here|all|the whole))?",
        r"(?:is|are) there (?:one|more than one|several) (?:starts?|beginnings?|roots?|starting points?)",
    ),
    *forms(
        "leaves",
        r"(?:where|how) (?:do|does|did|is|are)\b.*\b(?:ends?|finish(?:es)?|stops?|end up|lead in the end"
        r"|over|terminates?|go in the end|arrive in the end)",
        r"(?:what|which|who)(?: (?:is|are|comes?|goes|box|step|one|happens|stands?|do we do))*"
        r" (?:the )?(?:very )?(?:last|final|at the (?:very )?(?:end|bottom)|end|in the end|ending"
        rf"|closing)(?: {BOX}| points?| steps?| results?| of all| thing)*(?: (?:to|that|which|in|of)\b.*)?",
        rf"(?:what|which|who)(?: {BOX})? (?:ends?|finishes|closes|concludes)(?: (?:it|this|that|everything"
        r"|things|the \w+|all))*",
        r"(?:what|which|who|list|show)\b.*\b(?:have|has|with|without|nothing)\b.*\b(?:no"
        rf" (?:{ARROW} )?(?:after|going out|leading (?:out|away|on)|leaving|out|outgoing)|no outgoing"
        r"|any outgoing|nothing after|comes? after (?:it|them))\b.*",
        r"(?:what|which|list|show|name|are there)(?: (?:are|is|any|all|the|does))* (?:leaves|ends"
        r"|end points?|dead ends?|outcomes?|results?|endings?|outputs?|sinks?|it produce"
        r"|comes? out(?: of it| at the end)?)(?: (?:of|in|to) (?:it|this|that|here|all|the whole))?",
        r"what (?:comes|does it come) out(?: of it)?(?: (?:in|at) the end)?",
        r"what is the (?:outcome|result|end)(?: of (?:it|this|that|everything|all (?:of )?(?:it|this)"
        r"|the (?:process|whole|procedure)))?",
    ),
    *forms(
        "lane_of",
        rf"(?:which|what|in (?:which|what|whose)) {LANE} (?:is|does|are|do|holds?|contains?"
        rf"|has)(?: it)? {X}(?: (?:in|stand in|belong to|lie in|part of|sit in))?",
        rf"whose (?:job|task|step|role|turn|work|responsibility|duty) (?:is|are) (?:it to )?{X}",
        r"who(?: is| are)? (?:responsible for|in charge of|carries out|carry out|handles?|takes care of"
        rf"|does|do|performs?|is to|has to|must|should) {X}",
        rf"(?:to (?:which|what) {LANE}|to whom) (?:does|do) {X} belong",
        rf"where is {X}",
    ),
    *forms(
        "in_lane",
        rf"(?:what|who|which(?: {BOX})?|how)(?: all| else)? (?:is|are|stands?|lies|happens?|sits?|goes on"
        r"|takes place|belongs?|comes?|do you find|falls?|is done|is there|are there)(?: (?:placed"
        rf"|to be found|shown|listed))? (?:in|inside|within|to|under|by|for|into) {X}",
        rf"what {DOES} {X} (?:(?:have|has|need|get|want) to )?(?:do|decide|carry out|contain|hold|include"
        r"|cover|consist of|look after|take care of|handle)(?: .*)?",
        r"(?:what|which)(?: \w+)? (?:is|are) (?:the )?(?:tasks?|steps?|jobs?|duties|roles?|parts?|members?"
        rf"|boxes|contents?|work) (?:of|in|inside|for) {X}",
        rf"(?:what|which) (?:is|are) {X}['’]s? (?:tasks?|steps?|jobs?|duties|part|roles?|work)",
        rf"(?:who|what|which(?: {BOX})?) (?:belongs?|is part|are part|is a member|are members|is inside)"
        rf" (?:to|of|in) {X}",
        rf"(?:list|show|name)(?: all| everything| the| {BOX}| steps| what is)* (?:in|of|inside|within) {X}",
    ),
    *forms(
        "lanes",
        r"(?:which|what|list|show|name|are there|does it have)\b.{0,16}\b(?:swim ?)?(?:lanes?|groups?"
        r"|containers?|clusters?|departments?|columns)\b(?: \w+){0,4}",
        r"who (?:is|are) (?:all )?(?:involved|taking part|in it)",
        r"who (?:takes? part|has a part|has a role|does something)(?: \w+){0,3}",
    ),
    *forms(
        "legend",
        r"what (?:does|do) (?:the )?(?:colou?rs?|legend)(?: of .*)? (?:mean|stand for|say|tell|show)(?: \w+)?",
        r"what is (?:in )?the legend.*",
        r"(?:is|are) there (?:a legend|a key|colou?rs)\b.*",
    ),
    *forms(
        "colour",
        r"what (?:does|do|is|are) (?:the )?(?:colou?r )?(?P<c>(?:light |dark )?(?:red|orange|yellow|green"
        r"|blue|turquoise|purple|violet|pink|brown|gr[ea]y|black|white))(?: (?:colou?r|one|ones"
        rf"|{BOX}))* ?(?:mean|stand for|for|say|show)?",
        rf"(?:which|what|list|show)(?: {BOX})? (?:is|are|has|have)?(?: in| coloured| painted"
        r"| the colou?r)* ?(?P<c>(?:light |dark )?(?:red|orange|yellow|green|blue|turquoise|purple|violet"
        rf"|pink|brown|gr[ea]y|black|white))(?: {BOX})?",
    ),
    *forms(
        "all_after",
        rf"(?:what|which|who|list|show|name)(?: (?:{BOX}|is|are|all|does))*(?: (?:everything|all|everyone"
        rf"|anything|the rest))(?: (?:{BOX}|that|which|who|what|is|are|of))*(?: (?:comes?|happens?|follows?"
        rf"|lies|stands?|downstream|reached))* (?:after|below|behind|downstream of|following|from) {X}",
        rf"(?:everything|all(?: {BOX})?)(?: (?:that|which|comes?|happens?|is|lies|are))* (?:after|below"
        rf"|downstream of|following) {X}",
        rf"(?:what|who|which(?: {BOX})?)(?: all)? (?:is|are|lies|comes?) (?:downstream of|affected by"
        rf"|reached from|reachable from|later than|anywhere after) {X}",
        rf"(?:what|who|which(?: {BOX})?)(?: all| else)? (?:depends?|relies|rely|rests?|hangs?|builds?) on {X}",
        rf"what (?:all )?{DOES} {X} (?:eventually|finally|in the end|ultimately|in the long run|indirectly"
        r"|all) (?:lead to|affect|influence|reach|feed|end in|bring|cause)",
        rf"(?:what|who|which(?: {BOX})?)(?: all)? {DOES} {X} (?:lead to|affect|influence|reach|feed"
        r"|end in)(?:,? (?:eventually|finally|in the end|ultimately|in the long run|indirectly"
        r"|directly or indirectly))",
        rf"(?:where|what) {DOES} {X} (?:end up|finally lead|lead in the end|lead to in the end)(?: in| to)?",
    ),
    *forms(
        "all_before",
        rf"(?:what|which|who|list|show|name)?(?: (?:{BOX}|is|are|all|does))*(?: ?(?:everything|all|everyone"
        rf"|anything))(?: (?:{BOX}|that|which|who|what|is|are|of))*(?: (?:must|has to|have to|needs? to"
        rf"|comes?|happens?|happen|come|be done|leads?|lies))* (?:before|above|upstream of|up to|until) {X}",
        rf"(?:what|who|which(?: {BOX})?)(?: all)? (?:is|are|lies|comes?) (?:upstream of|earlier than"
        rf"|anywhere before) {X}",
        r"what (?:all )?(?:must|has to|have to|needs? to|should) (?:happen|come|be done|be there"
        rf"|be finished)(?: first)?(?: before| for| until) {X}",
        rf"(?:what|who|which(?: {BOX})?)(?: all)? (?:leads?|contributes?|feeds?)(?: in)?(?: to)? {X},?"
        r" (?:directly or indirectly|in the end|eventually|indirectly|one way or another)",
        rf"what {DOES} {X} (?:depend|rely|rest|build|hang) on(?: (?:in the end|eventually|altogether|all in all))?",
    ),
    *forms(
        "after",
        rf"{WHO}(?:(?: \w+)? {COMES})? {JUST}(?:after|behind|below|beneath|under|underneath|downstream of"
        rf"|following|next to follow|from) {X}",
        rf"{WHO} (?:is|are|comes?|follows?) {JUST}(?:next )?(?:after|from|below|under) {X}",
        rf"(?:after|following|once|when|behind|below|under|from) {X},? (?:is done,? |is over,? "
        r"|is finished,? |has decided,? |happened,? )?(?:what|who|which|where|then what)\b.*",
        rf"what {DOES} {X} {JUST}{FLOWS} ?(?:in)?(?:to|at|on to|on)?(?: {JUST})?",
        rf"what {DOES} {X} {JUST}{EFFECT}(?: {JUST})?",
        rf"whom? {DOES} {X} {JUST}{FLOWS} ?(?:to)?",
        rf"where {DOES} {X} {JUST}(?:leads?|goe?s?|points?|flows?|runs?|passes|pass|continues?|moves?"
        r"|sends?)(?: (?:to|on|next|afterwards|then|on to))*",
        rf"(?:where|what|who) (?:is|are|comes|happens|follows)? ?(?:next|then|afterwards),? (?:after|from|to) {X}",
        r"where (?:do|does|can|could|would|should) (?:you|we|one|it|i|they|things|people|the \w+) (?:go"
        rf"|get|come|move|turn|continue)(?: (?:next|on|then))? (?:from|after) {X}",
        rf"(?:what|who|which(?: {BOX})?) (?:{JUST})?(?:follows?|succeeds?|reports? to|answers? to"
        r"|receives? from|gets? (?:\w+ )?from|is fed by|are fed by|is led by|is caused by|results? from"
        rf"|comes? out of|is triggered by|is influenced by|is reached from) {X}",
        rf"(?:what|which)(?: (?:is|are))? (?:the )?(?:next|following|outgoing|subsequent)(?: {BOX}| {ARROW}"
        rf"| steps?)* (?:of|after|from|to|for) {X}",
        r"(?:what|which)(?: (?:is|are))? (?:the )?(?:outputs?|effects?|consequences?|successors?"
        rf"|followers?|children|results?) (?:of|from) {X}",
        rf"(?:which|what) {ARROW} (?:leave|leaves|start at|starts at|go out of|come from|comes from|go from"
        rf"|begin at|lead away from|go out from) {X}",
        rf"what (?:does|do) {X} do(?: next| then| afterwards)?",
        rf"what about after {X}",
    ),
    *forms(
        "before",
        rf"{WHO}(?:(?: \w+)? {COMES})? {JUST}(?:before|above|ahead of|upstream of|in front of|prior to) {X}",
        rf"before {X},? (?:what|who|which|where)\b.*",
        rf"(?:what|who|which(?: {BOX})?)(?: all| else)? (?:{JUST})?(?:{FLOWS}|{EFFECT}|precedes?"
        r"|contributes?|reports?|delivers?|brings?|supplies|supply|gives?|pays?|hands? over)(?: directly"
        rf"| straight| back| right)?(?: (?:in)?to| at| on| into| upon| in| for)? {X}",
        rf"where {DOES} {X} come from",
        rf"from (?:where|whom|what|which {BOX}) (?:does|do|is|are) {X}(?: (?:come|get|receive|fed|reached"
        r"|supplied)\b.*)?",
        rf"(?:what|which)(?: (?:is|are))? (?:the )?(?:previous|preceding|incoming|last)(?: {BOX}| {ARROW}"
        rf"| steps?)* (?:of|before|to|into|for) {X}",
        r"(?:what|which)(?: (?:is|are))? (?:the )?(?:inputs?|causes?|sources?|predecessors?|conditions?"
        rf"|parents?) (?:of|to|for|into) {X}",
        rf"(?:which|what) {ARROW} (?:arrive|arrives|end|ends|go|goes|come|comes|lead|leads|point|points|run"
        rf"|runs) (?:at|in|into|in to|to|on) {X}",
        rf"what (?:is|are) {X} (?:fed|caused|driven|influenced|triggered|preceded|supplied|led|paid"
        r"|financed|affected|reached)(?: by| from)?",
        rf"(?:what|who(?:m)?) {DOES} {X} (?:need|require|get \w+ from|receive from|report to|come after"
        r"|follow|answer to|wait for)",
        rf"how {DOES} (?:you|we|one|it) (?:get|come) to {X}",
    ),
    *forms(
        "verb_of",
        rf"(?:what|who|whom|which(?: {BOX})?) {DOES} {X} "
        r"(?P<verb>\w+(?: (?:on|to|for|with|in|over|by|about|into|from|up))?)",
    ),
    *forms(
        "verb_by",
        rf"(?:who|what|which(?: {BOX})?) (?P<verb>\w+(?: (?:on|to|for|with|in|over|about|into|from|up))?) {X}",
        rf"by whom (?:is|are) {X} (?P<verb>\w+)",
        rf"(?:what|who) (?:is|are) (?P<verb>\w+) by {X}",
    ),
    *forms(
        "lane_of",
        rf"who {X}",
    ),
    *forms(
        "boxes",
        rf"(?:which|what|list|show|name|give)\b.{{0,20}}\b{BOX}\b(?: (?:are|is|there|do|does|in|it|you|have"
        r"|see|of|all|has|this|can|find|read|did|did you|found)\b)*",
        r"(?:who|what) is (?:all )?(?:in|on) (?:it|there|here)",
    ),
    *forms(
        "arrows",
        rf"(?:which|what|list|show|name|give)\b.{{0,20}}\b{ARROW}\b(?: (?:are|is|there|do|does|in|it|you"
        r"|have|see|of|all|has|this|can|find|read|did|did you|found)\b)*",
    ),
    *forms(
        "is_there",
        rf"(?:is|are) there (?:an?|any|the)? ?(?:{BOX} )?(?:called |named |for |with the words? )?{X}(?:"
        r" (?:in (?:it|there|here)|anywhere|at all|somewhere))?",
        r"(?:does|do) (?:it|this|that|the \w+) (?:show|mention|contain|hold|have|name|include) (?:an?|any"
        rf"|the)? ?{X}",
        rf"(?:is|are) {X} (?:in (?:it|there|here)|shown|mentioned|on it|part of (?:it|this))",
    ),
    *forms(
        "describe",
        rf"(?:please )?(?:describe|explain|summari[sz]e|read|interpret|outline|walk (?:me|us) through|talk"
        rf" (?:me|us) through|about|overview|what)(?: {_FILLER})*",
        rf"(?:give|show)(?: {_FILLER})* (?:an? )?(?:overview|summary)(?: {_FILLER})*",
        rf"how (?:does|do)(?: {_FILLER})* (?:work|go)",
        rf"what kind of {NOUN}(?: {_FILLER})*",
    ),
    *forms(
        "about",
        rf"(?:please )?(?:describe|explain|about|what about) {X}(?: to (?:me|us))?",
        rf"(?:what|who) (?:is|are) {X}(?: for| about)?",
        rf"what (?:do you know|can you say|does it say|is said) (?:about|of) {X}",
        rf"what (?:is|are) (?:the )?(?:role|place|position|part|job) of {X}",
    ),
)
