"""A checklist from a file that somebody wrote or exported."""

from typing import Any

import msgspec

from protocol.templates import Choice, Condition, Field, Template
from rules.decoding import UNREADABLE
from rules.sentence import Sentence
from server.problems import ProblemError, decoding_trouble, problem

MAX_FILE = 1024 * 1024
"""Bytes that are read at all."""


def read_template(content: bytes) -> Template:
    """The checklist in this JSON, as it stands; whether it can be published is for `rules.templates.checking`.

    Its `template_id` and `version` may be absent. Raises ProblemError: not JSON, of another shape, or with a property
    that would be lost; the problem's field is the path.
    """
    if len(content) > MAX_FILE:
        detail = Sentence(
            "The file is over %(most)d KiB, and no checklist is. Choose another file.", most=MAX_FILE // 1024
        )
        raise problem("too-large", 413, "Too large", detail, limit=MAX_FILE)
    try:
        written = msgspec.json.decode(content)
        if isinstance(written, dict):
            written = {"template_id": "", "version": 0} | written
        template = msgspec.convert(written, Template)
        lost = _lost(written, Template, "$")
    except UNREADABLE as error:
        words, path = decoding_trouble(error)
        raise _unreadable(f"{words} (at {path})", path) from None
    if lost:
        raise _unreadable(f"there is no property of this name (at {lost})", lost)
    return template


def _unreadable(words: str, path: str) -> ProblemError:
    detail = Sentence(
        "The file is not a checklist: %(trouble)s. Mend it, or save a checklist as a file to see what one looks like.",
        trouble=words,
    )
    return problem("bad-template", 422, "Unreadable checklist", detail, field=path)


def _lost(written: Any, kind: type[msgspec.Struct], path: str) -> str:
    """The path of the first property that no Struct has, which would be dropped in silence: a misspelt `required`."""
    for name, value in written.items():
        if name not in kind.__struct_fields__:
            return f"{path}.{name}"
        inner = _INNER.get((kind, name))
        if inner is not None and value is not None:
            several = value if isinstance(value, list) else [value]
            marks = range(len(several)) if isinstance(value, list) else [None]
            for mark, one in zip(marks, several, strict=True):
                found = _lost(one, inner, f"{path}.{name}" + ("" if mark is None else f"[{mark}]"))
                if found:
                    return found
    return ""


_INNER: dict[tuple[type[msgspec.Struct], str], type[msgspec.Struct]] = {
    (Template, "fields"): Field,
    (Field, "fields"): Field,
    (Field, "choices"): Choice,
    (Field, "shown_when"): Condition,
    (Condition, "of"): Condition,
}
