"""The language of a page: gettext catalogs in the folder `locale`, chosen by Accept-Language. English is the source."""

import gettext
from functools import lru_cache
from pathlib import Path

import msgspec

from rules.sentence import Sentence

SOURCE_LANGUAGE = "en"
_DOMAIN = "miratag"
_LOCALE = Path(__file__).parent / "locale"
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_MOST_RANGES = 20
_NAMES = {"ar": "العربية", "en": "English"}


class Words(msgspec.Struct, frozen=True):
    """One language: `language` is a BCP 47 tag for <html lang>, `direction` its writing direction."""

    language: str
    translations: gettext.NullTranslations

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return "rtl" if self.language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"

    def __call__(self, message: str, /, **values: object) -> str:
        """The message in this language, with its `%(name)s` filled in; a Sentence brings its own values."""
        if not message:
            return ""  # which is the name of a catalog's header
        if isinstance(message, Sentence):
            return self(message.template, **{name: self._told(value) for name, value in message.values.items()})
        translated = self.translations.gettext(message)
        return translated % values if values else translated

    def _told(self, value: object) -> object:
        return self(value) if isinstance(value, Sentence) else value

    def count(self, singular: str, plural: str, number: int, /, **values: object) -> str:
        """The form for `number`, which fills `%(num)d`."""
        return self.translations.ngettext(singular, plural, number) % {"num": number, **values}


def words_for(accept_language: str, chosen: str = "") -> Words:
    """The language `chosen`, if it is one of `languages()`; else the best there is for an Accept-Language header, and
    the source language when none fits."""
    return _words(chosen if chosen in languages() else _best(accept_language, languages()))


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages shipped: the source and every compiled catalog, as BCP 47 tags."""
    catalogs = sorted(_LOCALE.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo"))
    return (SOURCE_LANGUAGE, *(path.parent.parent.name.replace("_", "-") for path in catalogs))


def name_of(language: str) -> str:
    """What a language is called by those who speak it, who may read no other."""
    return _NAMES.get(language, language)


@lru_cache(maxsize=64)
def _words(language: str) -> Words:
    if language == SOURCE_LANGUAGE:
        return Words(language, gettext.NullTranslations())
    return Words(language, gettext.translation(_DOMAIN, _LOCALE, [language.replace("-", "_")]))


def _best(accept_language: str, available: tuple[str, ...]) -> str:
    by_tag = {language.lower(): language for language in available}
    for wanted in _ranges(accept_language):
        tag = wanted
        while tag:  # RFC 4647 lookup: es-MX, then es
            if tag in by_tag:
                return by_tag[tag]
            tag = tag.rpartition("-")[0]
    return SOURCE_LANGUAGE


def _ranges(accept_language: str) -> list[str]:
    """The language ranges wanted, best first; what cannot be read is left out."""
    wanted = []
    for part in accept_language.split(",")[:_MOST_RANGES]:
        tag, _, parameter = part.strip().partition(";")
        name, _, quality_text = parameter.strip().partition("=")
        try:
            quality = float(quality_text) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        if tag and quality > 0:
            wanted.append((quality, tag.strip().lower()))
    return [tag for _, tag in sorted(wanted, key=lambda one: -one[0])]
