"""What is different between two versions of a text in paragraphs, for a person who has read the earlier one."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from rules.differences import Piece, differences

MAX_PARAGRAPHS = 2000
"""Of either text; a longer one is compared as a whole, by words."""


class Paragraph(msgspec.Struct, frozen=True):
    """One paragraph of the later text (`same`, `added`, `changed`) or only of the earlier one (`removed`). `heading`:
    it begins with `# `, which `pieces` no longer has. The pieces of a changed one say which words."""

    change: Literal["same", "added", "removed", "changed"]
    heading: bool
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """Its words as they are now, or were."""
        return "".join(one.text for one in self.pieces if self.change == "removed" or one.change != "removed")


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs, which empty lines part; line breaks within one are spaces."""
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return tuple(" ".join(block) for block in blocks if block)


def read(text: str) -> tuple[Paragraph, ...]:
    """A text by itself."""
    return tuple(_whole("same", one) for one in paragraphs(text))


def compare(earlier: str, later: str) -> tuple[Paragraph, ...]:
    """The later text in order, with what was taken out in its place."""
    before, after = paragraphs(earlier), paragraphs(later)
    if max(len(before), len(after)) > MAX_PARAGRAPHS:
        return (_changed(" ".join(before), " ".join(after)),)
    return tuple(_steps(before, after))


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    for step, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            yield from (_whole("same", one) for one in after[k:m])
            continue
        pairs = list(zip(before[i:j], after[k:m], strict=False))
        yield from (_changed(old, new) for old, new in pairs)
        yield from (_whole("removed", one) for one in before[i + len(pairs) : j])
        yield from (_whole("added", one) for one in after[k + len(pairs) : m])


def _whole(change: Literal["same", "added", "removed"], text: str) -> Paragraph:
    return Paragraph(change, _is_heading(text), (Piece(change, _bare(text)),))


def _changed(old: str, new: str) -> Paragraph:
    return Paragraph("changed", _is_heading(new), differences(_bare(old), _bare(new)))


def _is_heading(text: str) -> bool:
    return text.startswith("# ")


def _bare(text: str) -> str:
    return text[2:].strip() if _is_heading(text) else text
