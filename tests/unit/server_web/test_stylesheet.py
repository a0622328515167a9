"""The stylesheet: readable in both palettes, and mirrored by a right-to-left language without a word of its own."""

import re
from itertools import product

import pytest

from server.web.rendering import STATIC

CSS = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in ("miratag.css", "dark.css", "screens.css"))
GROUNDS = ("paper", "surface", "sunken", "accent-wash", "warn-wash", "bad-wash", "good-wash")
TEXT_PAIRS = [
    *product(("ink", "ink-soft"), GROUNDS),
    *product(("accent", "accent-strong"), ("paper", "surface", "sunken", "accent-wash")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("warn", "warn-wash"),
    ("warn", "surface"),
    ("bad", "bad-wash"),
    ("good", "good-wash"),
]
EDGE_PAIRS = [*product(("line-strong", "accent", "bad"), ("paper", "surface"))]


def _palettes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root\s*\{(.*?)\}", CSS, re.DOTALL)
    light = _tokens(blocks[0])
    return {"light": light, "paper": light | _tokens(blocks[1]), "dark": light | _tokens(blocks[2])}


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", block))


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two colours like #0c5f50."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", ["light", "dark", "paper"])
def test_text_has_contrast(palette: str) -> None:
    colours = _palettes()[palette]
    # On paper nothing is a button.
    pairs = [pair for pair in TEXT_PAIRS if palette != "paper" or "on-accent" not in pair]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_edges_of_fields_and_focus_are_seen(palette: str) -> None:
    colours = _palettes()[palette]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in EDGE_PAIRS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_every_colour_is_a_token() -> None:
    outside = re.sub(r":root\s*\{.*?\}", "", CSS, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", outside) == []


def test_nothing_is_left_or_right() -> None:
    physical = r"(?<![-\w])(left|right|(margin|padding|border)-(left|right))\s*:|text-align:\s*(left|right)|float:"
    assert re.search(physical, CSS) is None


def test_every_class_of_the_templates_is_styled() -> None:
    templates = (STATIC.parent / "templates").glob("*.html")
    markup = "\n".join(path.read_text(encoding="utf-8") for path in templates)
    used = {name for names in re.findall(r'class="([^"{]*)"', markup) for name in names.split()}
    assert {name for name in used if f".{name}" not in CSS} == set()


def test_nothing_comes_from_elsewhere() -> None:
    assert re.search(r"url\(|@import|https?:", CSS) is None
