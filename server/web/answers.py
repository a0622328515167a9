"""The answers of a version on a page: under the headings of their checklist, with what is missing, in words."""

from collections.abc import Mapping

import msgspec

from protocol.templates import GROUP, SECTION, Field
from rules.templates import reading
from rules.templates.filling import Trouble, judge
from rules.templates.kinds import MEDIA
from rules.templates.reading import Line
from rules.templates.sentences import told
from server.reports.reading import RevisionRow
from server.web.places import Places
from server.web.words import Words

MOST_LINES = 2_000
"""Of one version, on a page. Nobody fills in more, but a program could."""


class AnswerView(msgspec.Struct, frozen=True, kw_only=True):
    """One answer. `result` is that of a check, whose `text` is its note; `media` are the ids of its files, of a field
    that takes some; `trouble` says what does not fit."""

    path: str
    label: str
    text: str
    result: str
    takes_files: bool
    media: tuple[str, ...]
    trouble: str


class Block(msgspec.Struct, frozen=True):
    """Answers under one heading: those of a section, of a row of a group, or what stands between, which has none."""

    heading: str
    is_row: bool
    answers: list[AnswerView]


def answer_blocks(words: Words, row: RevisionRow, places: Places) -> list[Block]:
    """What was asked, in order; nothing for a report without a checklist."""
    if row.template is None:
        return []
    media = {one.media_id: one.content_type for one in row.files}
    judged = judge(row.template.fields, row.answers, media)
    troubles = {one.path: _trouble(words, one) for one in judged.troubles}
    lines = reading.lines(row.template.fields, row.answers, _beside_a_pill(words, places))
    sections = _section_of(row.template.fields)
    blocks: list[Block] = []
    current = ""
    for line in lines[:MOST_LINES]:
        if line.kind == SECTION:
            blocks.append(Block(line.label, False, []))
            current = line.path
            continue
        if line.kind == GROUP and line.row is not None:
            heading = words("%(group)s %(number)d", group=line.label, number=line.row + 1)
            blocks.append(Block(heading, True, []))
            continue
        within = line.path if line.row is not None else sections.get(line.path, "")
        if not blocks or (line.row is None and (blocks[-1].is_row or within != current)):
            blocks.append(Block("", False, []))
            current = within
        blocks[-1].answers.append(_answer(line, troubles.get(line.path, "")))
    shown = [block for block, after in zip(blocks, [*blocks[1:], None], strict=True) if _says_something(block, after)]
    if len(lines) > MOST_LINES:
        told = words.count(
            "%(num)d more line is not shown here; exports have it.",
            "%(num)d more lines are not shown here; exports have them.",
            len(lines) - MOST_LINES,
        )
        shown.append(Block(told, False, []))
    return shown


def place_names(words: Words, row: RevisionRow) -> dict[str, str]:
    """What the place of each answer is called, by its path."""
    if row.template is None:
        return {}
    names: dict[str, str] = {}
    row_of = ""
    for line in reading.lines(row.template.fields, row.answers):
        if line.kind == GROUP and line.row is not None:
            row_of = words("%(group)s %(number)d", group=line.label, number=line.row + 1)
        names[line.path] = f"{row_of} · {line.label}" if line.row is not None and line.kind != GROUP else line.label
    return names


def _answer(line: Line, trouble: str) -> AnswerView:
    return AnswerView(
        path=line.path,
        label=line.label,
        text=line.text,
        result=line.result,
        takes_files=line.kind in MEDIA,
        media=line.media,
        trouble=trouble,
    )


def _trouble(words: Words, trouble: Trouble) -> str:
    """What does not fit, beneath the label of its field."""
    if trouble.code == "required" and not trouble.message:
        return words("Needed, and not answered")
    return words(told(trouble))


def _section_of(fields: tuple[Field, ...]) -> Mapping[str, str]:
    """The section that holds each field, by their ids."""
    return {child.field: field.field for field in fields if field.kind == SECTION for child in field.fields}


def _says_something(block: Block, after: Block | None) -> bool:
    """Whether anything stands below its heading: answers, or the rows that follow."""
    return bool(block.answers) or (not block.is_row and after is not None and after.is_row)


def reading_words(words: Words, places: Places) -> reading.Words:
    """What is ours in an answer, in the reader's language."""
    names = {location_id: one.name for location_id, one in places.by_id.items()}
    return reading.Words(
        passed=words("Pass"),
        failed=words("Fail"),
        not_applicable=words("Not applicable"),
        location=lambda place: names.get(place, words("An unknown location")),
    )


def _beside_a_pill(words: Words, places: Places) -> reading.Words:
    """The result of a check is shown as a shape and a word, so that its text is the note alone."""
    return msgspec.structs.replace(reading_words(words, places), passed="", failed="", not_applicable="")
