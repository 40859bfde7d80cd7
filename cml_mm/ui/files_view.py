"""A visitor's files around the composer and in their sheet, and what the script asks about them.

The lists come from the `files` route; here is what stands around them, and what only the
reading of a file tells: its headings, its pages, what was doubtful.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from cml_mm.errors import CmlError, InputError
from cml_mm.ports import FileDesk
from cml_mm.settings import STARTER_LECTURES
from cml_mm.types import Box, clock
from cml_mm.ui.diagram_view import diagram_reply, near_reply, opens_html, reader_html
from cml_mm.ui.file_section import when_html
from cml_mm.ui.icons import icon
from cml_mm.ui.keeping_talks import visitor_of
from cml_mm.ui.lecture_touches import touches_reply
from cml_mm.ui.lecture_view import lecture_dialog_html, lecture_opens_html, lecture_reply
from cml_mm.ui.opening import Opening
from cml_mm.ui.page_picture import Shown, marked_on, paper_html, picture_html, plain_name
from cml_mm.ui.parts import button
from cml_mm.ui.text import escape
from cml_mm.visits import Face, FileCard, ReadFile, Sight

log = logging.getLogger(__name__)
Reply = dict[str, Any]

ACCEPTED = (
    ".pdf,.docx,.pptx,.html,.htm,.md,.txt,.csv,.svg,.drawio,.xml,.dot,.gv,.mmd,.mermaid,.puml,.plantuml,.pu,"
    ".mkv,.srt,.vtt,.ass,.ssa,image/*,audio/*,video/*"
)
_SHOWN_HEADINGS = 300
_FORMATS = {
    "pdf": "PDF",
    "docx": "Word document",
    "pptx": "Slides",
    "html": "Web page",
    "md": "Markdown",
    "txt": "Text",
    "csv": "Table",
    "svg": "Drawing",
    "dot": "Graphviz diagram",
    "mermaid": "Mermaid diagram",
    "plantuml": "PlantUML diagram",
    "drawio": "draw.io diagram",
    "sound": "Sound recording",
    "film": "Film",
    "captions": "Captions",
}
_LOST = ("This file is no longer here.", "It may have been deleted. Bring it again.")


class FilesView:
    """Answers the script of the files. Whose they are is read from the request, never from what it says."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def component(self) -> gr.HTML:
        """The sheet and the large picture as one component. Its script fills them; Gradio never renders it again."""
        return gr.HTML(
            sheet_html(),
            elem_id="cml-files-place",
            apply_default_css=False,
            js_on_load="window.cmlFiles.start(element, server); window.cmlView.start(server);"
            " window.cmlDiagram.start(server); window.cmlLecture.start(server);",
            server_functions=self._functions(),
        )

    def look(self, data: object, request: Any) -> Reply:
        """One file as the sheet shows it. Keys: html; or trouble."""
        return self._told(data, request, self._look)

    def face(self, data: object, request: Any) -> Reply:
        """One page large. Keys: html, words, place, before and after (keys of its neighbours); or trouble."""
        return self._told(data, request, self._face)

    def _look(self, desk: FileDesk, visitor: str, data: Mapping[str, Any]) -> Reply:
        file = str(data.get("file", ""))[:100]
        card = next((card for card in desk.files(visitor) if card.id == file), None)
        if card is None:
            raise InputError(*_LOST)
        return {"html": file_html(card, desk.read(visitor, file))}

    def _face(self, desk: FileDesk, visitor: str, data: Mapping[str, Any]) -> Reply:
        file, key = str(data.get("file", ""))[:100], str(data.get("face", ""))[:100]
        card = next((card for card in desk.files(visitor) if card.id == file), None)
        read = desk.read(visitor, file) if card else None
        faces = read.faces if read else ()
        at = next((at for at, face in enumerate(faces) if face.key == key), -1)
        if card is None or read is None or at < 0:
            raise InputError(*_LOST)
        shown = Shown(file, plain_name(card.name), faces[at], _boxes(data.get("box")), marked=marked_on(read, key))
        return {
            "html": paper_html(shown),
            "words": shown.words,
            "place": f"{at + 1:,} of {len(faces):,}" if len(faces) > 1 else "",
            "before": faces[at - 1].key if at else "",
            "after": faces[at + 1].key if at + 1 < len(faces) else "",
        }

    def _told(self, data: object, request: Any, answer: Callable[[FileDesk, str, Mapping[str, Any]], Reply]) -> Reply:
        """What the desk says, or what stands in the way, in words."""
        if not self._opening.ready:
            return {"trouble": f"{self._opening.words}. Try again in a moment."}
        try:
            return answer(self._opening.asker().files, visitor_of(request), data if isinstance(data, dict) else {})
        except InputError as error:
            return {"trouble": f"{error.message} {error.hint}"}
        except Exception as error:  # the reader gets a sentence and a reference, the log the details
            reference = secrets.token_hex(2).upper()
            log.error("Showing a file failed, reference %s", reference, exc_info=error)
            words = f"{error.message} {error.hint}" if isinstance(error, CmlError) else "Something went wrong here."
            return {"trouble": f"{words} Reference {reference}."}

    def _functions(self) -> list[Callable[..., Any]]:
        """Plain functions, because Gradio marks what it is given, which a bound method does not allow."""

        def look(data: object, request: gr.Request) -> Reply:
            return self.look(data, request)

        def face(data: object, request: gr.Request) -> Reply:
            return self.face(data, request)

        def diagram(data: object, request: gr.Request) -> Reply:
            return self._told(data, request, diagram_reply)

        def near(data: object, request: gr.Request) -> Reply:
            return self._told(data, request, near_reply)

        def lecture(data: object, request: gr.Request) -> Reply:
            return self._told(data, request, lecture_reply)

        def touched(data: object, request: gr.Request) -> Reply:
            return self._told(data, request, touches_reply)

        return [look, face, diagram, near, lecture, touched]


def shelf_html() -> str:
    """Over the question: the files as chips, and what is to be said of them. The script fills it."""
    return (
        '<div class="fs" hidden><ul class="fs-chips" aria-label="Your files"></ul>'
        f"{button('All files', 'files-open', 'qt fs-all', 'lock', aria_haspopup='dialog')}</div>"
        '<div class="fs-notes"></div>'
    )


def attach_html() -> str:
    """The ways to bring a file: the picker, and on a touch screen the camera."""
    return (
        f'<div class="fs-in">{_tool("clip", "attach", "Bring files")}{_tool("camera", "camera", "Take a photo")}'
        f'<input type="file" id="cml-picker" multiple accept="{ACCEPTED}" tabindex="-1" aria-hidden="true" hidden>'
        '<input type="file" id="cml-camera" accept="image/*" capture="environment" tabindex="-1" aria-hidden="true"'
        " hidden></div>"
    )


def scope_html() -> str:
    """What is asked; shown as soon as there is a file."""
    kinds = (("library", "Library"), ("files", "My files"), ("both", "Both"))
    options = "".join(
        f'<label><input type="radio" name="cml-where" value="{kind}"{" checked" if kind == "both" else ""}>'
        f"<span>{words}</span></label>"
        for kind, words in kinds
    )
    return f'<fieldset class="fs-scope" hidden><legend class="vh">Ask</legend>{options}</fieldset>'


def bring_html() -> str:
    """The quiet line of the empty state."""
    tried = '<button type="button" class="lnk" data-act="try-lecture">try a short lecture</button>'
    lecture = f", or {tried}" if any(STARTER_LECTURES.glob("*.mp4")) else ""
    return (
        '<p class="hint bring"><span>Or <button type="button" class="lnk" data-act="attach">bring a file</button>:'
        f" PDF, Word, slides, a photo of a notice, a recorded talk{lecture}.</span>"
        ' <span>It stays private and is deleted after <span class="kept">a day</span>.'
        ' <button type="button" class="lnk" data-act="files-open" aria-haspopup="dialog">Privacy</button></span></p>'
    )


def sheet_html() -> str:
    """The sheet "Your files", and the large picture. Both are dialogs: Escape closes them, focus goes back."""
    return (
        '<dialog class="side" id="cml-files" aria-labelledby="cml-files-title"><header class="side-h">'
        f'<button type="button" class="ib back" data-act="files-list" aria-label="All files" hidden>{icon("back")}'
        '</button><h2 id="cml-files-title" tabindex="-1">Your files</h2>'
        f'<button type="button" class="ib" data-act="files-shut" aria-label="Close your files">{icon("close")}</button>'
        '</header><div class="side-b"><div id="cml-files-list"><ul class="fl"></ul>'
        f'<p class="fl-none">You have brought no files yet.</p>{button("Bring files", "attach", "sm", "clip")}'
        f"{_privacy()}</div>"
        '<div id="cml-files-one" aria-live="polite" hidden></div></div></dialog>'
        '<dialog class="viewer" id="cml-viewer" aria-labelledby="cml-viewer-title"><header class="side-h">'
        '<h2 id="cml-viewer-title" tabindex="-1"></h2><span class="small mut" id="cml-viewer-place"></span>'
        f'<div class="row vw">{_tool("last", "view-before", "Page before")}{_tool("next", "view-after", "Next page")}'
        f"{_tool('minus', 'view-smaller', 'Smaller')}{_tool('plus', 'view-bigger', 'Larger')}"
        f"{button('Fit', 'view-fit', 'sm')}{_tool('close', 'view-shut', 'Close')}</div></header>"
        f'<div class="viewer-b" tabindex="0" role="region" aria-label="The page"></div></dialog>{reader_html()}'
        f"{lecture_dialog_html()}"
    )


def file_html(card: FileCard, read: ReadFile) -> str:
    """One file: what it is, what was doubtful, where it was seen before, and its headings with their pages."""
    name = plain_name(card.name)
    title = f'<p class="sum">{escape(card.title)}</p>' if card.title and card.title != card.name else ""
    notices = "".join(f"<li>{icon('info')}<span>{escape(notice)}</span></li>" for notice in card.notices)
    sights = "".join(f"<li>{icon('search')}<span>{sight_html(sight)}</span></li>" for sight in card.sights)
    remarks = f'<ul class="fl-say">{sights}{notices}</ul>' if sights or notices else ""
    until = f" It is deleted {when_html(card.expires)}." if card.expires else ""
    return (
        f'<h3 tabindex="-1"><bdi>{escape(name)}</bdi></h3>{title}<p class="small sec">{escape(facts_words(card))}</p>'
        f'<p class="small mut">Visible to you only.{until}</p>{remarks}{lecture_opens_html(card, read)}'
        f"{opens_html(card, read)}{'' if read.lecture else _contents(card, read)}"
    )


def facts_words(card: FileCard) -> str:
    """ "PDF, 30 pages, 1.2 MB"; "Film, 12:04 minutes, 9.3 MB"."""
    noun = "slide" if card.format == "pptx" else "page"
    pages = f"{card.pages:,} {noun}{'' if card.pages == 1 else 's'}" if card.pages else ""
    if card.seconds:
        pages = f"{clock(card.seconds)} {'hours' if card.seconds >= 3600 else 'minutes'}"
    size = f"{card.size_bytes / 2**20:,.1f} MB" if card.size_bytes >= 2**20 else f"{max(1, card.size_bytes // 1024)} kB"
    return ", ".join(part for part in (_FORMATS.get(card.format, "Picture"), pages, size) if part)


def sight_html(sight: Sight) -> str:
    """Where a picture was seen before, with a button that opens that place."""
    box = sight.box
    lit = ",".join(f"{part:g}" for part in (box.x, box.y, box.w, box.h, box.of_w, box.of_h)) if box else ""
    words = f"{sight.label[:1].lower()}{sight.label[1:]} of {plain_name(sight.name)}"
    return (
        f'This looks like <button type="button" class="lnk" data-act="view" data-file="{escape(sight.file)}"'
        f' data-face="{escape(sight.face)}" data-box="{lit}"><bdi>{escape(words)}</bdi></button>.'
    )


def _contents(card: FileCard, read: ReadFile) -> str:
    """A lone picture itself; else the headings, each with its page."""
    if len(read.faces) == 1 and not read.faces[0].number:
        face = read.faces[0]
        return picture_html(Shown(card.id, plain_name(card.name), face, marked=marked_on(read, face.key)))
    faces = {face.key: face for face in read.faces}
    sections = [
        (section.heading.strip(), faces.get(place.face))
        for section, place in zip(read.document.sections, read.placings, strict=False)
        if section.heading.strip() or place.face
    ]
    rows = "".join(_heading(card, heading, face) for heading, face in sections[:_SHOWN_HEADINGS])
    more = len(sections) - _SHOWN_HEADINGS
    rest = f'<p class="small mut">and {more:,} more</p>' if more > 0 else ""
    return f'<h4 class="lab">What is in it</h4><ol class="fl-toc">{rows}</ol>{rest}' if rows else ""


def _heading(card: FileCard, heading: str, face: Face | None) -> str:
    words = f"<bdi>{escape(heading)}</bdi>" if heading else ""
    if face is None:
        return f"<li>{words}</li>"
    label = escape(face.label)
    return (
        f'<li>{words}<button type="button" class="lnk" data-act="view" data-file="{escape(card.id)}"'
        f' data-face="{escape(face.key)}" aria-label="Open {label.lower()}">{label}</button></li>'
    )


def _privacy() -> str:
    return (
        '<section class="fl-private"><h3 class="lab">What happens to your files</h3>'
        "<p>They are read on this machine, for you alone. Your browser holds the only key to them."
        ' They are deleted after <span class="kept">a day</span>, or when you delete them.</p>'
        f"<div class='forget'>{button('Delete everything about me', 'forget', 'sm danger', 'bin')}</div></section>"
    )


def _tool(drawing: str, act: str, words: str) -> str:
    return (
        f'<button type="button" class="ib tool-{act}" data-act="{act}" aria-label="{words}" title="{words}">'
        f"{icon(drawing)}</button>"
    )


def _boxes(given: object) -> tuple[Box, ...]:
    """A box as the page carries it, "x,y,w,h,of_w,of_h"; nothing where it is none."""
    try:
        x, y, w, h, of_w, of_h = (float(part) for part in str(given or "").split(","))
    except ValueError:
        return ()
    sound = all(abs(part) < 1e6 for part in (x, y, w, h)) and 0 < of_w < 1e6 and 0 < of_h < 1e6
    return (Box(x, y, w, h, of_w, of_h),) if sound else ()
