"""The Privacy centre, opened."""

import pytest


@pytest.fixture
def centre(qtbot, window):
    window.show_privacy()
    qtbot.waitUntil(lambda: window.privacy.overview.optional.text() != "")
    return window.privacy
