"""Contrast is measured, on light, dark and awkward palettes, in tokens and in painted pixels."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QLineEdit, QRadioButton

from ui.buttons import PrimaryButton
from ui.card import Card
from ui.theme.colours import Colours, colours, colours_of, contrast
from ui.theme.icons import TRAY_COLOURS, icon, pixmap, tray_icon
from ui.theme.outlines import outline_controls

ROLE = QPalette.ColorRole


def palette(window, base, text, accent):
    made = QPalette()
    for role, colour in ((ROLE.Window, window), (ROLE.Base, base), (ROLE.WindowText, text), (ROLE.Accent, accent)):
        made.setColor(role, QColor(colour))
    return made


PALETTES = {
    "light": ("#efefef", "#ffffff", "#000000", "#308cc6"),
    "dark": ("#202226", "#2a2d32", "#f0f0f0", "#2a78c8"),
    "black": ("#000000", "#000000", "#ffffff", "#ffff00"),
    "white": ("#ffffff", "#ffffff", "#000000", "#ffff00"),
    "sepia": ("#f4ecd8", "#fbf6e9", "#5b4636", "#c9a26b"),
    "faint": ("#eeeeee", "#ffffff", "#aaaaaa", "#cccccc"),
}


@pytest.mark.parametrize("name", PALETTES)
def test_every_text_can_be_read_on_every_surface(qapp, name):
    tokens: Colours = colours_of(palette(*PALETTES[name]))
    for text in tokens.texts:
        for surface in tokens.surfaces:
            assert contrast(text, surface) >= 4.5, (text.name(), surface.name())
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5


def test_known_contrasts():
    assert contrast(QColor("#ffffff"), QColor("#000000")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("#ffffff")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("shape", TRAY_COLOURS)
def test_a_tray_icon_stands_out_on_light_and_dark_panels(qapp, shape):
    colour = QColor(TRAY_COLOURS[shape])
    for panel in ("#ffffff", "#2b2b2b"):
        assert contrast(colour, QColor(panel)) >= 3.0
    assert contrast(QColor("#ffffff"), colour) >= 3.0


def test_tray_states_differ_by_shape_not_only_by_colour(qapp):
    outlines = set()
    for shape in TRAY_COLOURS:
        image = pixmap(f"tray_{shape}", QColor("#000000"), 22, 1.0).toImage()
        outlines.add(tuple(image.pixelColor(x, y).rgba() for y in range(22) for x in range(22)))
        assert {size.width() for size in tray_icon(shape).availableSizes()} >= {16, 22, 24, 32, 48}
    assert len(outlines) == len(TRAY_COLOURS)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_rendered_for_the_screens_pixels(qapp, ratio):
    rendered = pixmap("gear", QColor("#000000"), 20, ratio)
    assert rendered.width() == round(20 * ratio)
    assert rendered.deviceIndependentSize().width() == pytest.approx(20)
    assert not icon("gear", QColor("#000000")).isNull()


def test_the_painted_main_button_can_be_read(qtbot):
    button = PrimaryButton("Check in Ana at Gate 2")
    qtbot.addWidget(button)
    button.resize(300, 48)
    button.show()
    image = button.grab().toImage()
    ground = image.pixelColor(image.width() // 8, image.height() // 2)
    assert contrast(colours().on_accent, ground) >= 4.5
    inks = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height() // 4, 3 * image.height() // 4)
    ]
    assert max(contrast(ink, ground) for ink in inks) >= 4.5


@pytest.fixture
def desktop_palette(qapp):
    before = qapp.palette()
    yield qapp.setPalette
    qapp.setPalette(before)
    outline_controls()


@pytest.mark.parametrize("name", ["light", "dark", "black"])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton, QLineEdit])
def test_the_edge_of_an_empty_control_can_be_seen_on_a_card(qtbot, desktop_palette, kind, name):
    desktop_palette(palette(*PALETTES[name]))
    outline_controls()
    card = Card()
    qtbot.addWidget(card)
    control = kind()
    card.column.addWidget(control)
    card.resize(200, 80)
    card.show()
    qtbot.waitExposed(card)
    painted = card.grab().toImage()
    ground = colours().card
    area = control.geometry()
    middle = area.center().y()
    across = [painted.pixelColor(x, middle) for x in range(area.left(), area.left() + 20)]
    assert max(contrast(pixel, ground) for pixel in across) >= 2.8  # its edge is blurred
