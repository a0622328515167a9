"""The words of `miratag privacy` are those of the agent's own types."""

from typing import get_args, get_type_hints

from agent.api import Category, SetSwitch
from desktop.command_line.privacy import ACTIONS
from desktop.command_line.privacy_arguments import ACTION_HELP, CATEGORIES, SWITCHES


def test_every_choice_can_be_named() -> None:
    assert get_args(Category) == CATEGORIES
    assert get_args(get_type_hints(SetSwitch)["switch"]) == SWITCHES


def test_every_action_is_explained_and_done() -> None:
    assert set(ACTIONS) == {"overview", "grant", "withdraw", *ACTION_HELP}
