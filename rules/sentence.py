"""A sentence for a person that remembers what it was made of, so that whoever shows it can say it in their language."""

import re

import msgspec

from rules.decoding import UNREADABLE


class Sentence(str):
    """English text, `template` with its `%(name)s` filled from `values`; a page translates the template and fills that.

    It goes wherever text goes, but into a message: msgspec encodes no subclass of str by itself, so hand it
    `str(sentence)`, or `plain` as its enc_hook. A value that is a Sentence itself is translated as well; any other
    stays as it is, a name or a number.
    """

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> "Sentence":
        """The template's `%` signs count only where there are values."""
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made

    def filled(self, **values: object) -> "Sentence":
        """The same template with these values."""
        return Sentence(self.template, **values)

    def __str__(self) -> str:
        return "".join((self,))


_FILLED_IN = re.compile(r"(?:[^%]|%%|%\(\w+\)[sd])*")


class _Packed(msgspec.Struct, frozen=True):
    template: str
    values: "dict[str, str | int | _Packed]"


def together(*sentences: str, between: str = " ") -> Sentence:
    """One after the other; each is translated by itself."""
    found = {f"s{number}": one if isinstance(one, Sentence) else Sentence(one) for number, one in enumerate(sentences)}
    return Sentence(between.join(f"%({name})s" for name in found), **found)


def plain(value: object) -> str:
    """For msgspec's enc_hook: the text alone. Raises NotImplementedError for anything but a Sentence."""
    if isinstance(value, Sentence):
        return str(value)
    raise NotImplementedError(f"A {type(value).__name__} cannot be told to another program.")


def pack(sentence: str) -> str:
    """What a sentence was made of, to be kept beside its text; empty for one that is text alone."""
    if not isinstance(sentence, Sentence) or not sentence.values:
        return ""
    return msgspec.json.encode(_packed(sentence)).decode()


def unpack(text: str, packed: str) -> str:
    """The sentence as it was; the text alone where what was kept is nothing, or does not make that text. It may come
    from anybody: no part of it grows past what the text has room for."""
    if not packed:
        return text
    try:
        made = _unpacked(msgspec.json.decode(packed, type=_Packed), len(text))
    except (*UNREADABLE, ValueError, KeyError, TypeError):
        return text
    return made if made == text else text


def _packed(sentence: Sentence) -> _Packed:
    values: dict[str, str | int | _Packed] = {}
    for name, value in sentence.values.items():
        if isinstance(value, Sentence):
            values[name] = _packed(value)
        else:
            values[name] = value if isinstance(value, int) else str(value)
    return _Packed(sentence.template, values)


def _unpacked(packed: _Packed, most: int) -> Sentence:
    if not _FILLED_IN.fullmatch(packed.template):
        raise ValueError("a width could make it as long as it likes")
    values = {
        name: _unpacked(value, most) if isinstance(value, _Packed) else value for name, value in packed.values.items()
    }
    if any(len(value) > most for value in values.values() if isinstance(value, str)):
        raise ValueError("a part is longer than the whole")
    return Sentence(packed.template, **values)
