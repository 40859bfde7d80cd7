"""What files call languages → ISO 639-1."""

from __future__ import annotations

import re

# ISO 639-2 in both of its forms, and ISO 639-1.
_CODES = """
ara ar, ben bn, bul bg, cat ca, ces cs, cze cs, cym cy, wel cy, dan da, deu de, ger de, ell el, gre el, eng en, est et,
eus eu, baq eu, fas fa, per fa, fin fi, fra fr, fre fr, gle ga, glg gl, guj gu, heb he, hin hi, hrv hr, hun hu, hye hy,
arm hy, ind id, isl is, ice is, ita it, jpn ja, kan kn, kat ka, geo ka, kaz kk, khm km, kor ko, lao lo, lav lv, lit lt,
mal ml, mar mr, mkd mk, mac mk, mon mn, msa ms, may ms, mya my, bur my, nep ne, nld nl, dut nl, nob nb, nno nn, nor no,
pan pa, pol pl, por pt, ron ro, rum ro, rus ru, sin si, slk sk, slo sk, slv sl, spa es, sqi sq, alb sq, srp sr, swa sw,
swe sv, tam ta, tel te, tha th, tur tr, ukr uk, urd ur, uzb uz, vie vi, zho zh, chi zh, bos bs, mlt mt, afr af, epo eo,
amh am, yor yo, ibo ig, hau ha, zul zu, xho xh, som so, fil tl, tgl tl, bel be, aze az, ltz lb, oci oc, bre br, pus ps
"""
_BY_THREE = dict(pair.split() for pair in _CODES.replace("\n", " ").split(",") if pair.strip())
_TWO = frozenset(_BY_THREE.values())
_IN_NAME = re.compile(
    r"\.([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8}){0,2}(?:\.(?:auto|sdh|cc|forced|orig))?\.[A-Za-z]{2,4}\Z"
)


def iso_639_1(tag: str) -> str:
    """ "ger", "de" and "de-CH" → "de"; "" for what is no language that is known here, such as "und"."""
    first = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    return first if first in _TWO else _BY_THREE.get(first, "")


def language_in_name(name: str) -> str:
    """The language that a caption file's name ends on, as players look for it: "talk.de.srt" → "de"; else ""."""
    found = _IN_NAME.search(name)
    return iso_639_1(found[1]) if found else ""
