"""The templates: every word of them can be translated, and nothing in them needs a script or another server."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from server.web import rendering

FOLDER = Path(rendering.__file__).parent / "templates"
NAMES = sorted(path.name for path in FOLDER.glob("*.html"))
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
NOT_A_WORD = {"Miratag"}


def _source(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_no_word_stands_outside_translation(name: str) -> None:
    tree = ENVIRONMENT.parse(_source(name))
    literal = "\0".join(data.data for data in tree.find_all(nodes.TemplateData))
    visible = re.sub(r"<[^>]*>", " ", literal)  # tags whose attributes are whole
    visible = re.sub(r"<[^>\0]*\0|\0[^<>]*>", " ", visible)  # tags that an expression cuts in two
    visible = re.sub(r"<[^<>]*>", " ", visible)
    words = set(re.findall(r"[A-Za-z]{3,}", re.sub(r'[\w-]+="[^"\0]*["\0]?', " ", visible)))
    assert words - NOT_A_WORD - {"quot", "middot"} == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_attribute_for_people_stands_outside_translation(name: str) -> None:
    assert re.findall(r'(?:alt|title|placeholder|aria-label|data-label)="[^"{]+"', _source(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_inline_and_nothing_from_elsewhere(name: str) -> None:
    source = re.sub(r"<script defer src=\"\{\{ static\('[a-z]+\.js'\) \}\}\"></script>", "", _source(name))
    assert re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", source) is None
    assert re.search(r'(?:src|href|action)="(?:https?:)?//', source) is None
    assert "|safe" not in source.replace(" ", "")


@pytest.mark.parametrize("name", NAMES)
def test_every_posted_form_carries_its_token(name: str) -> None:
    forms = re.findall(r"<form[^>]*>.*?</form>", _source(name), re.DOTALL)
    posted = [form for form in forms if 'method="post"' in form]
    # The address of a kiosk, where nobody is signed in, is its token already. What is chosen without a sign-in is taken
    # from a page of this server only, by what the browser says of it (session.provide_own_form).
    other_ways = ('action="{{ start }}', 'action="/cookies/', 'action="/display"')
    assert [form for form in posted if "csrf" not in form and not any(way in form for way in other_ways)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_message_is_valid_source(name: str) -> None:
    found = list(ENVIRONMENT.extract_translations(_source(name)))
    assert all(message for _, _, message in found)
