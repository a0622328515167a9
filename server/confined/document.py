"""What the task `paper` sets: a document of blocks, in one language. Types only; the words come from the caller."""

from typing import Literal

import msgspec


class Block(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing below the other. `fact` has a `name` beside its text; `pictures` are numbers of the pictures that come
    along, two in a row, each with its caption in `captions`."""

    kind: Literal["heading", "text", "soft", "fact", "pictures"]
    text: str = ""
    name: str = ""
    pictures: tuple[int, ...] = ()
    captions: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A whole document. `sizes` are the bytes of the JPEGs that follow it, `page` the words `Page {page} of {pages}`,
    `no_letters` the sentence for the end when no font has some letters."""

    language: str
    right_to_left: bool
    above: str
    title: str
    page: str
    no_letters: str
    blocks: tuple[Block, ...]
    sizes: tuple[int, ...] = ()
