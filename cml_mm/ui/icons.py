"""Our own drawings, inlined: a 20 px grid, stroke 1.5. Colour comes from the text around them."""

from __future__ import annotations

_PATHS = {
    "up": "M10 15.5v-11M5.5 9 10 4.5 14.5 9",
    "stop": "M6 6h8v8H6z",
    "copy": "M7.5 7.5h8.5V16H7.5zM12.5 7.5V4H4v8.5h3.5",
    "cite": "M4 13.8c2 0 3.2-1.3 3.2-3.4V6H4v4.2h3.2M12.2 13.8c2 0 3.2-1.3 3.2-3.4V6h-3.2v4.2h3.2",
    "why": "M7.4 7.7a2.6 2.6 0 1 1 3.7 2.3c-.8.4-1.1.9-1.1 1.9M10 14.7v.1",
    "close": "M5 5l10 10M15 5 5 15",
    "check": "M4 10.6l4 4 8-9.2",
    "warn": "M10 3.5l7.6 13H2.4zM10 8.5v4M10 14.5v.1",
    "arrow": "M4 10h11.5M11 5.5l4.5 4.5-4.5 4.5",
    "search": "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13.1 13.1 17 17",
    "theme": "M10.4 3.2a6.9 6.9 0 1 0 6.5 7.5 5.2 5.2 0 0 1-6.5-7.5z",
    "clock": "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.2l2.8 1.7",
    "down": "M5 8l5 5 5-5",
    "info": "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 9.2v4.2M10 6.5v.1",
    "none": "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM5.2 5.2l9.6 9.6",
    "ask": "M4 4.5h12v9H9.5L6 16.5v-3H4z",
    "link": (
        "M8.4 11.6a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 1 0-4.3-4.3l-.9.9"
        "M11.6 8.4a3 3 0 0 0-4.3 0L4.7 11a3 3 0 1 0 4.3 4.3l.9-.9"
    ),
    "back": "M16 10H4.5M9 5.5 4.5 10 9 14.5",
    "filter": "M3.5 5.5h13M6 10h8M8.5 14.5h3",
    "plus": "M10 4.5v11M4.5 10h11",
    "new": "M4 4.5h12v9H9.5L6 16.5v-3H4zM10 6.5v5M7.5 9h5",
    "talks": "M3 4h9.5v6.5H7L4.5 13v-2.5H3zM15 7.5h2v6h-1.5V16L13 13.5H8.5",
    "edit": "M4 16v-3l8.5-8.5 3 3L7 16zM10.8 6.2l3 3",
    "more": "M5 10h.1M10 10h.1M15 10h.1",
    "print": "M6 7.5V3.5h8v4M6 14H3.5V7.5h13V14H14M6 11.5h8v5H6z",
    "save": "M10 3.5v9M6 8.8l4 4 4-4M4 16.5h12",
    "bin": "M4 6h12M8 6V4h4v2M5.5 6l.8 10.5h7.4L14.5 6M8.5 9v4.5M11.5 9v4.5",
    "clip": "M14.5 9.2 9.6 14.1a3 3 0 0 1-4.3-4.3l5.9-5.9a2 2 0 0 1 2.9 2.9l-5.8 5.7a1 1 0 0 1-1.5-1.4l4.9-4.9",
    "camera": "M3.5 6.5h3l1.2-2h4.6l1.2 2h3v9h-13zM10 8.2a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z",
    "file": "M5 3h6.5L15.5 7v10H5zM11.5 3v4h4",
    "lock": "M5.5 9h9v7.5h-9zM7.2 9V6.8a2.8 2.8 0 0 1 5.6 0V9",
    "larger": "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4",
    "minus": "M4.5 10h11",
    "next": "M7.5 5l5 5-5 5",
    "last": "M12.5 5l-5 5 5 5",
    "diagram": "M3 4h6v4.5H3zM11 11.5h6V16h-6zM6 8.5v5.3h5M9 12l2 1.8L9 15.6",
    "play": "M6.5 4.2v11.6l9-5.8z",
    "now": "M10 3a7 7 0 0 1 7 7",
}

LOGO = (
    '<svg class="logo" viewBox="0 0 26 26" aria-hidden="true" fill="none" stroke-width="1.75">'
    '<rect x="1.5" y="8" width="10" height="10" rx="2.5" stroke="currentColor"/>'
    '<path d="M11.5 13h3" stroke="currentColor"/>'
    '<rect x="14.5" y="8" width="10" height="10" rx="2.5" fill="var(--lit)" stroke="var(--litedge)"/></svg>'
)

_TRUST = {
    "curated": '<circle cx="6" cy="6" r="5" fill="currentColor" stroke="none"/>',
    "approved": (
        '<circle cx="6" cy="6" r="4.4"/><path d="M6 1.6a4.4 4.4 0 0 0 0 8.8z" fill="currentColor" stroke="none"/>'
    ),
    "earlier": ('<circle cx="6" cy="6" r="4.4"/><circle cx="6" cy="6" r="1.8" fill="currentColor" stroke="none"/>'),
    "machine": '<circle cx="6" cy="6" r="4.4"/>',
    "inferred": '<circle cx="6" cy="6" r="4.4" stroke-dasharray="1.8 1.65"/>',
}

_PAGE = (
    '<rect x="104" y="26" width="104" height="8" rx="2" fill="var(--ink3)" opacity=".55"/>'
    '<g fill="var(--ink3)" opacity=".3"><rect x="104" y="48" width="128" height="6" rx="2"/>'
    '<rect x="104" y="84" width="128" height="6" rx="2"/><rect x="104" y="101" width="84" height="6"'
    ' rx="2"/></g>'
    '<rect x="99" y="61" width="136" height="16" rx="3" fill="var(--lit)"/>'
    '<rect x="104" y="66" width="122" height="6" rx="2" fill="var(--litink)" opacity=".6"/>'
)
_PATH = (
    '<g fill="none" stroke="var(--edge)" stroke-width="2"><path d="M137 43h26M137 94h14c10 0 6-24'
    ' 16-26M212 56h24"/></g>'
    '<g fill="var(--surface)" stroke="var(--edge)" stroke-width="2"><rect x="94" y="29" width="43"'
    ' height="28" rx="5"/>'
    '<rect x="94" y="80" width="43" height="28" rx="5"/><rect x="236" y="42" width="28" height="28"'
    ' rx="5"/></g>'
    '<rect x="167" y="36" width="45" height="38" rx="5" fill="var(--lit)" stroke="var(--litedge)"'
    ' stroke-width="2.5"/>'
)
_PULL = (
    '<path d="M146 62h44" stroke="var(--ten)" stroke-width="2.75" stroke-dasharray="4 4" fill="none"/>'
    '<path d="M144 52v20M192 52v20" stroke="var(--ten)" stroke-width="2.75" fill="none"/>'
    '<path d="M96 92h28M212 92h28" stroke="var(--edge)" stroke-width="2" stroke-linecap="round" fill="none"/>'
    '<path d="m103 86-7 6 7 6M233 86l7 6-7 6" stroke="var(--edge)" stroke-width="2" stroke-linecap="round"'
    ' stroke-linejoin="round" fill="none"/>'
    '<rect x="88" y="48" width="50" height="28" rx="5" fill="var(--lit)" stroke="var(--litedge)"'
    ' stroke-width="2.5"/>'
    '<rect x="198" y="48" width="50" height="28" rx="5" fill="var(--surface)" stroke="var(--edge)"'
    ' stroke-width="2"/>'
)
PICTURES = (_PAGE, _PATH, _PULL)


def icon(name: str, extra: str = "") -> str:
    """An inline drawing, silent to screen readers: the words beside it speak."""
    ring = '<circle cx="10" cy="10" r="7" opacity=".25"/>' if name == "now" else ""
    return f'<svg class="i {extra}" viewBox="0 0 20 20" aria-hidden="true">{ring}<path d="{_PATHS[name]}"/></svg>'


def trust_mark(layer: str) -> str:
    """Disc, half disc or ring for the trust layer of a relation; inferred where unknown."""
    shape = _TRUST.get(layer, _TRUST["inferred"])
    return (
        '<svg class="t" viewBox="0 0 12 12" aria-hidden="true" fill="none" stroke="currentColor"'
        f' stroke-width="1.4">{shape}</svg>'
    )


def picture(index: int) -> str:
    """The drawing on an example card."""
    shapes = PICTURES[index % len(PICTURES)]
    return (
        f'<svg class="pic" viewBox="60 0 216 136" preserveAspectRatio="xMidYMid meet" aria-hidden="true">{shapes}</svg>'
    )
