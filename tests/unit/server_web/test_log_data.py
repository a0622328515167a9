"""Every reason and kind of log data has its words."""

from typing import get_args

from server.relaying.queue import Loss
from server.web.log_data import kind_names, loss_names
from server.web.words import words_for
from telemetry.catalog import Category


def test_every_reason_for_a_loss_and_every_kind_has_words() -> None:
    words = words_for("en")
    assert set(loss_names(words)) == set(get_args(Loss))
    assert set(kind_names(words)) == set(get_args(Category))
