"""The catalogue of what the linter looks for.

Severity: an error must be mended (the page cannot be read, told apart, or lawfully
quoted as it stands); a warning should be (the reader drops or repairs it, or visitors are
misled); a note may be.
"""

from __future__ import annotations

from dataclasses import dataclass

from cml_mm.corpus.lint.report import Finding, Severity


@dataclass(frozen=True)
class Kind:
    """One kind of finding."""

    id: str
    title: str
    severity: Severity
    hint: str


KINDS: tuple[Kind, ...] = (
    # files
    Kind("file_unreadable", "File that cannot be read", "error", "Give it text in UTF-8, or take it out."),
    Kind("front_matter_missing", "No front matter", "error", "Put the fields between two lines of --- at the top."),
    Kind("front_matter_broken", "Front matter that is no valid YAML", "error", "Quote values that hold a colon."),
    Kind("front_matter_unclosed", "Front matter without an end", "error", "Close it with a line of ---."),
    Kind("front_matter_second", "Second front matter in the body", "error", "Merge it into the first one."),
    Kind("control_characters", "Control characters", "warning", "Delete them; most editors can show them."),
    Kind("slide_deck", "Slide deck in place of a page", "warning", "Write a page; link the slides from it."),
    # identity and fields
    Kind("slug_duplicate", "Slug of two pages", "error", "Give one another slug; the second page is not read."),
    Kind("id_duplicate", "Id of two pages", "error", "Give each its own; relations to it reach neither."),
    Kind("id_placeholder", "Stand-in for an id", "error", "Generate an id; relations to it reach nobody."),
    Kind("id_missing", "No id", "note", "Generate one, so that a new slug breaks no relation."),
    Kind("title_missing", "No title", "error", "State it in the front matter."),
    Kind("summary_missing", "No summary", "warning", "Say in a sentence what the pattern does."),
    Kind("licence_missing", "No licence", "error", "State it, or nobody may quote or pass on the page."),
    Kind("attribution_missing", "No attribution", "warning", "Say whom quotes must name."),
    Kind("field_missing", "Field of the format that is absent", "note", "Add it, empty if there is nothing to say."),
    # body
    Kind("body_empty", "No text", "error", "Write the page or take it out."),
    Kind("headings_top_level", "Headings of level 1 only", "warning", "Use level 1 for the title, 3 for sections."),
    Kind("section_missing", "Section that the format asks for", "warning", "Write it, or name its heading after it."),
    Kind("section_empty", "Heading without text", "warning", "Write the section or delete its heading."),
    Kind("heading_unknown", "Heading that fits no role", "note", "Fine for extra matter; else use the format's name."),
    Kind("table_padding", "Padding inside tables", "warning", "Save tables without the spaces that align them."),
    Kind("mermaid", "Diagram in mermaid", "note", "Shown as text where nothing draws it: keep the words beside it."),
    Kind("link_broken", "Link or picture that leads nowhere", "warning", "Mend the address or add the file."),
    # labels and tension
    Kind("label_worthless", "Context label that says nothing", "warning", "Write the name that this reader uses."),
    Kind("label_template", "Context label made of the title", "warning", "Write the name that this reader uses."),
    Kind("tension_missing", "No primary tension", "warning", "Name the two goods that pull apart: A vs. B."),
    Kind("tension_of_title", "Tension made of title words", "warning", "Name the two goods that pull apart: A vs. B."),
    # relations
    Kind("relation_to_itself", "Relation of a page to itself", "warning", "Delete it, or name the pattern meant."),
    Kind("relation_twice", "Relation stated twice", "warning", "Keep the one with the better reason."),
    Kind("relation_dangling", "Relation to a name not in the library", "warning", "Mend the name or write the page."),
    Kind("relation_no_reason", "Relation without a reason", "warning", "Add one true sentence as description."),
    Kind("requires_circle", "Patterns that require each other", "error", "Drop a REQUIRES, or make it ENABLES."),
    Kind("specialises_circle", "Each a special case of the other", "error", "Decide which is the wider one."),
    Kind("requires_alternative", "Required and an alternative", "error", "What one can replace, one does not need."),
    Kind("complement_alternative", "Complement and alternative", "error", "Say which: used together, or instead."),
    Kind(
        "hub", "Pattern that very many point to", "warning", "Keep the relations that somebody can give a reason for."
    ),
    Kind("hub_alphabet", "Relations that crowd on one letter", "warning", "Have them made again from a shuffled list."),
    Kind("isolated", "Pattern without a relation", "warning", "Relate it to one neighbour, with a reason."),
    Kind("twins", "Two pages about nearly the same", "warning", "Merge them, or say in each how they differ."),
    # files of relations and archetypes
    Kind("approved_unnamed", "Evidence that does not name both ends", "warning", "Mend the evidence or withdraw it."),
    Kind("approved_unknown", "Approved relation that names nothing", "warning", "Mend the id or withdraw it."),
    Kind("archetype_unknown", "Archetype entry that names nothing", "warning", "Mend the id or take it out."),
)
_BY_ID = {kind.id: kind for kind in KINDS}


def kind_of_id(identifier: str) -> Kind:
    """The kind with this id."""
    return _BY_ID[identifier]


def found(
    kind: str, path: str, message: str, places: int = 1, severity: Severity | None = None, hint: str = ""
) -> Finding:
    """A finding with the severity and hint of its kind, unless others are given."""
    known = _BY_ID[kind]
    return Finding(kind, path, message, severity or known.severity, hint or known.hint, places)


def some(names: list[str] | tuple[str, ...], most: int = 5) -> str:
    """A list in words, cut after `most`."""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"
