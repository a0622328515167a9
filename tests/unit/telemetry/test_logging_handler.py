"""Logging becomes diagnostics without a single value of what was logged."""

import logging
from collections.abc import Iterator

import pytest

from telemetry.catalog import Event, attributes
from telemetry.catalog.events import ErrorReported
from telemetry.logging_handler import FEEDBACK, DiagnosticsHandler

SECRET = "hunter2horse"


@pytest.fixture
def recorded() -> Iterator[list[Event]]:
    """What the handler recorded; loggers under test do not reach the root, whose warnings fail tests."""
    events: list[Event] = []
    handler = DiagnosticsHandler(events.append)
    names = ("agent.sync", "somelibrary", *FEEDBACK)
    for name in names:
        logging.getLogger(name).addHandler(handler)
        logging.getLogger(name).propagate = False
    yield events
    for name in names:
        logging.getLogger(name).removeHandler(handler)
        logging.getLogger(name).propagate = True


def only(events: list[Event]) -> ErrorReported:
    (event,) = events
    assert isinstance(event, ErrorReported)
    return event


def test_template_and_types_and_never_the_message(recorded: list[Event]) -> None:
    logging.getLogger("agent.sync").warning("Could not read %s after %d tries.", SECRET, 5)
    event = only(recorded)
    assert event.template == "Could not read %s after %d tries."
    assert event.argument_types == "str, int"
    assert event.level == "warning"
    assert SECRET not in str(attributes(event))


def test_named_arguments_show_neither_values_nor_more_than_types(recorded: list[Event]) -> None:
    logging.getLogger("agent.sync").error("User %(name)s failed.", {"name": SECRET})
    assert only(recorded).argument_types == "str"
    assert SECRET not in str(attributes(only(recorded)))


def test_an_exception_is_its_types_and_our_own_frames(recorded: list[Event]) -> None:
    from rules.clock import parse_utc

    try:
        try:
            parse_utc(SECRET)
        except ValueError as error:
            raise RuntimeError(f"in {SECRET}") from error
    except RuntimeError as error:
        caught = error
    cause = caught.__cause__
    assert cause is not None
    logging.getLogger("agent.sync").error("It broke.", exc_info=cause)
    logging.getLogger("agent.sync").error("It broke.", exc_info=caught)
    inner, outer = recorded
    assert isinstance(inner, ErrorReported)
    assert isinstance(outer, ErrorReported)
    assert inner.frames.startswith("rules.clock:parse_utc:")
    assert "tests" not in inner.frames, "only frames of the program itself"
    assert outer.exception_type.startswith("RuntimeError < ValueError")
    assert SECRET not in str([attributes(inner), attributes(outer)])


def test_a_hidden_cause_stays_hidden_and_chains_end(recorded: list[Event]) -> None:
    error: BaseException = ValueError()
    for _ in range(20):
        outer = RuntimeError()
        outer.__cause__ = error
        error = outer
    logging.getLogger("agent.sync").error("It broke.", exc_info=error)
    assert only(recorded).exception_type.count("RuntimeError") == 5


def test_text_of_other_libraries_is_not_taken(recorded: list[Event]) -> None:
    logging.getLogger("somelibrary").log(logging.ERROR, str.format("formatted early with {}", SECRET))
    assert only(recorded).template == ""


@pytest.mark.parametrize("name", FEEDBACK)
def test_failures_of_sending_do_not_feed_back(recorded: list[Event], name: str) -> None:
    logging.getLogger(name).error("Sending failed.")
    logging.getLogger(f"{name}.part").error("Sending failed.")
    assert recorded == []


def test_what_is_logged_while_recording_is_not_recorded() -> None:
    log = logging.getLogger("agent.sync")
    events: list[Event] = []

    def record(event: Event) -> None:
        events.append(event)
        log.error("Recording failed.")

    handler = DiagnosticsHandler(record)
    log.addHandler(handler)
    log.propagate = False
    try:
        log.error("It broke.")
    finally:
        log.removeHandler(handler)
        log.propagate = True
    assert len(events) == 1


def test_information_is_no_diagnosis(recorded: list[Event]) -> None:
    logging.getLogger("agent.sync").info("All is well.")
    assert recorded == []


class Odd(type):
    """Classes whose names cannot be asked for."""

    def __getattribute__(cls, name: str) -> object:
        if name == "__qualname__":
            raise ZeroDivisionError(SECRET)
        return super().__getattribute__(name)


def test_an_odd_argument_fails_neither_the_caller_nor_shows_itself(
    recorded: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    odd = Odd("Odd", (), {})()
    logging.getLogger("agent.sync").warning("Could not read %s.", odd)
    assert recorded == []
    logging.getLogger("agent.sync").warning("It broke.")
    assert only(recorded).template == "It broke."


def test_notes_and_groups_of_an_exception_stay_here(recorded: list[Event]) -> None:
    error = ExceptionGroup(SECRET, [ValueError(SECRET), OSError(2, SECRET)])
    error.add_note(SECRET)
    logging.getLogger("agent.sync").error("It broke.", exc_info=error)
    event = only(recorded)
    assert event.exception_type == "ExceptionGroup"
    assert SECRET not in str(attributes(event))
