"""Common verbs, and irregular forms with the word that they are forms of."""

from __future__ import annotations

from cml_mm import prose

VERBS = frozenset(
    prose.stem(word)
    for word in (
        " accept accuse achieve adopt advise agree aim allow answer appoint approve ask assign attend avoid"
        " ban beat become begin belong benefit borrow bring broadcast build buy calibrate call cancel carry"
        " cause chair change check choose claim clean close collect come complement comprise consult contain"
        " contradict contribute control convince coordinate cost cover create criticise decide decline"
        " decrease defeat deliver demand deny depend describe design direct discourage discuss dismiss"
        " distribute divide donate draw drink drive drop earn eat elect employ enable encourage end enforce"
        " establish exceed exclude expand expect explain expose fade fail fall fear feed find finish fix"
        " follow forbid form foster found fund gain gather generate get give go govern grant grow guide hand"
        " handle happen have hear help hire hold host improve include increase influence inform inspect"
        " instruct introduce invite join keep lack launch lay lead learn leave lend let levy limit list live"
        " lose maintain make manage measure meet mend merge miss monitor move name need note offer open"
        " operate oppose order organise owe own participate pass pay persuade phone pick plan plant praise"
        " precede prepare prevent produce prohibit promise propose protect provide publish pull purchase put"
        " raise rank rate reach read receive recommend reduce refuse regard reject rely remain remove rent"
        " repair repay replace report represent require reserve resign rest retain return reuse reveal review"
        " rise rotate round rule run save say search see seek select sell send serve set settle shape share"
        " shift show shrink shut sign sit solve speak specialise spend split sponsor stand start stay steer"
        " step stop store strengthen stress strike study sue suggest supervise supply support swap sweep"
        " tackle take tax teach tell tend test thank threaten trade train transfer transform translate treat"
        " trigger trust try turn undermine underpin update urge use value vary visit vote wait walk warn wash"
        " watch weaken wear weigh welcome win wish work worry write yield"
    ).split()
)
IRREGULAR = {
    "kept": "keep", "held": "hold", "led": "lead", "paid": "pay", "sold": "sell", "bought": "buy", "built": "build",
    "chosen": "choose", "chose": "choose", "written": "write", "wrote": "write", "given": "give", "gave": "give",
    "taken": "take", "took": "take", "made": "make", "found": "found", "met": "meet", "lent": "lend", "sent": "send",
    "spent": "spend", "taught": "teach", "told": "tell", "said": "say", "brought": "bring", "thought": "think",
    "fell": "fall", "fallen": "fall", "rose": "rise", "risen": "rise", "grew": "grow", "grown": "grow", "ran": "run",
    "began": "begin", "begun": "begin", "became": "become", "broke": "break", "broken": "break", "drawn": "draw",
    "drew": "draw", "driven": "drive", "drove": "drive", "fed": "feed", "felt": "feel", "forbade": "forbid",
    "forbidden": "forbid", "heard": "hear", "hidden": "hide", "hid": "hide", "knew": "know", "known": "know",
    "laid": "lay", "left": "leave", "lost": "lose", "seen": "see", "saw": "see", "shown": "show", "shrank": "shrink",
    "shrunk": "shrink", "sat": "sit", "spoke": "speak", "spoken": "speak", "stood": "stand", "won": "win",
    "worn": "wear", "went": "go", "gone": "go", "came": "come", "got": "get", "set": "set", "put": "put", "let": "let",
    "read": "read", "cost": "cost", "cut": "cut", "held-back": "hold", "beat": "beat", "beaten": "beat",
    "fewer": "few", "children": "child", "women": "woman", "men": "man", "people": "person", "feet": "foot",
    "children's": "child", "families": "family", "halves": "half", "halved": "halve", "dried": "dry", "sales": "sale",
    "sold-out": "sell", "lives": "live",
}  # fmt: skip
