"""The catalogues of every language: whole where they say something, and compiled from what they say."""

import ast
import gettext
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from installer import translations

APP = {translations.language_of(path): path for path in translations.app_catalogues()}
PAGES = {translations.language_of(path): path for path in translations.page_catalogues()}
PLURALS = {"ar": 6, "en": 2}
FILLED_IN = re.compile(r"%\(\w+\)[-+0-9.]*[a-z]|%L?n|%%|\{\w+\}")


def placeholders(text: str) -> Counter[str]:
    """What is filled in; %Ln is %n in the digits of the language."""
    return Counter(found.replace("%Ln", "%n") for found in FILLED_IN.findall(text))


def numbers_apart(found: Counter[str]) -> Counter[str]:
    """Without the number itself: in some languages a word says it, as in one and two."""
    return Counter({name: count for name, count in found.items() if name not in ("%n", "%(num)d")})


def app_messages(path: Path) -> list[tuple[str, str, ElementTree.Element]]:
    root = ElementTree.parse(path).getroot()
    return [
        (context.findtext("name", ""), message.findtext("source", ""), message)
        for context in root.iter("context")
        for message in context.iter("message")
    ]


def test_the_same_languages_are_in_the_app_and_on_the_pages() -> None:
    assert set(APP) - {"en"} == set(PAGES)
    assert "ar" in PAGES


def test_compiled_catalogues_are_part_of_what_is_installed() -> None:
    project = tomllib.loads((translations.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {"*.qm", "*.mo"} <= set(project["tool"]["setuptools"]["package-data"]["*"])


@pytest.mark.parametrize("language", APP)
def test_texts_of_the_app_are_whole(language: str) -> None:
    for context, source, message in app_messages(APP[language]):
        translation = message.find("translation")
        assert translation is not None
        forms = [form.text or "" for form in message.iter("numerusform")]
        told = forms or [translation.text or ""]
        where = f"{context}: {source}"
        assert "." not in context, f"{where} stands under a name that the program does not ask for"
        if translation.get("type") == "unfinished":
            assert not any(told), f"{where} has a guess for a translation"
            continue
        assert all(told), f"{where} has an empty form"
        assert not forms or len(forms) == PLURALS[language], where
        for form in told:
            assert numbers_apart(placeholders(form)) == numbers_apart(placeholders(source)), where
            assert not forms or placeholders(form)["%n"] <= 1, where
            assert form.count("&") <= 1 or "&" not in source, where


@pytest.mark.parametrize("path", translations.app_sources(), ids=lambda path: path.stem)
def test_no_text_of_the_app_stands_where_the_tool_that_gathers_them_does_not_look(path: Path) -> None:
    """Inside an f-string: such a text would stay English for good, and no count would say so."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = [node for string in ast.walk(tree) if isinstance(string, ast.JoinedStr) for node in ast.walk(string)]
    calls = [node for node in inside if isinstance(node, ast.Call)]
    names = {call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "") for call in calls}
    assert not names & {"tr", "translate"}, "give the text a name first"


@pytest.mark.parametrize("language", PAGES)
def test_texts_of_the_pages_are_whole(language: str) -> None:
    texts = translations.page_texts(PAGES[language])
    assert texts.num_plurals == PLURALS[language]
    for message in texts:
        assert not message.fuzzy, message.id
        if not message.id or not message.string:
            continue
        plural = not isinstance(message.id, str)
        source = message.id[-1] if plural else message.id
        forms = message.string if plural else (message.string,)
        assert len(forms) == (texts.num_plurals if plural else 1), source
        assert all(forms) or not any(forms), f"{source} has an empty form"
        for form in forms if any(forms) else ():
            assert numbers_apart(placeholders(form)) == numbers_apart(placeholders(source)), source
            assert plural or placeholders(form) == placeholders(source), source


@pytest.mark.parametrize("language", APP)
def test_what_the_app_loads_is_what_its_catalogue_says(language: str, tmp_path: Path) -> None:
    translations.compile_app(APP[language], tmp_path / "compiled.qm")
    assert (tmp_path / "compiled.qm").read_bytes() == APP[language].with_suffix(".qm").read_bytes(), (
        "run make translations"
    )


@pytest.mark.parametrize("language", PAGES)
def test_what_the_pages_load_is_what_their_catalogue_says(language: str) -> None:
    compiled = translations.compiled_pages(PAGES[language])
    assert compiled == PAGES[language].with_suffix(".mo").read_bytes(), "run make translations"


def test_every_way_of_saying_something_is_found_and_what_is_not_translated_yet_is_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = {message.id for message in translations.source_texts()}
    assert {
        "Skip to the content",  # in a template
        ("%(num)d file", "%(num)d files"),
        "The location was changed.",  # in Python
        "Your own reports are for another manager to decide. Ask one of them.",  # a refusal
        "Say why the report is rejected; its author reads it.",  # a refusal, named first
        "%(what)s Nothing was decided. Read it as it stands now, then decide.",  # a Sentence
        "The comment",  # a part of one
        "%(label)s needs an answer.",  # about an answer
        "The end was given afterwards.",  # in a table
    } <= found
    for language, path in PAGES.items():
        missing = found - {message.id for message in translations.page_texts(path) if any(message.string or ())}
        if missing - {""}:  # not a failure: the next feature waits for no translator
            with capsys.disabled():
                sys.stdout.write(f"\n{language}: {len(missing - {''})} texts of the pages wait for make translations\n")


def test_every_form_of_an_arabic_number_is_its_own() -> None:
    with PAGES["ar"].with_suffix(".mo").open("rb") as file:
        arabic = gettext.GNUTranslations(file)
    forms = [
        arabic.ngettext("%(num)d day", "%(num)d days", number).replace("%(num)d", str(number))
        for number in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)
    ]
    days, of_days = "أيام", "يومًا"
    assert forms == [
        *("0 يوم", "يوم واحد", "يومان", f"3 {days}", f"10 {days}", f"11 {of_days}", f"99 {of_days}"),
        *("100 يوم", "102 يوم", f"103 {days}", f"111 {of_days}"),
    ]


def test_what_is_filled_in_is_set_apart_from_words_written_the_other_way() -> None:
    apart = "منذ \N{FIRST STRONG ISOLATE}{time}\N{POP DIRECTIONAL ISOLATE}"
    assert translations.isolating("ar", "since {time}", "منذ {time}") == apart
    assert translations.isolating("ar", "Screen {time}.png", "الشاشة {time}.png") == "الشاشة {time}.png"
    no_word = "\N{RIGHT-TO-LEFT MARK}\N{FIRST STRONG ISOLATE}{day}\N{POP DIRECTIONAL ISOLATE}، "
    assert translations.isolating("ar", "{day}, {time}", "{day}، {time}").startswith(no_word)
    assert translations.isolating("ar", "Miratag is starting", "Miratag قيد البدء")[0] == "\N{RIGHT-TO-LEFT MARK}"
    assert translations.isolating("ar", "Miratag", "Miratag") == "Miratag"
    assert translations.isolating("de", "since {time}", "seit {time}") == "seit {time}"
