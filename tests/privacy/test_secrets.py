"""Two thousand texts with secrets in them, put wherever a program can put a text: none of them reaches a server."""

import pytest

from agent.logdata.service import LogDataService
from tests.privacy.receiver import Receiver
from tests.privacy.secret_texts import KINDS, secrets
from tests.privacy.spilling import found_at, spill


def test_the_corpus_is_what_it_says() -> None:
    texts = secrets()
    assert len(texts) == 2000
    assert texts == secrets()
    assert len({one.kind for one in texts}) == len(KINDS)
    assert all(one.mark in one.text for one in texts)
    assert len({one.mark for one in texts}) > 1990


def test_no_secret_reaches_the_server_from_anywhere(service: LogDataService, receiver: Receiver) -> None:
    texts = secrets()
    records = spill(service, texts)
    assert service.send_due(everything=True) == records
    assert found_at(receiver, texts) == {}


def test_the_search_at_the_server_finds_what_is_there(service: LogDataService, receiver: Receiver) -> None:
    """Without redaction the same search finds them, so that finding nothing means something."""
    from telemetry.store import Store

    texts = secrets(170)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "_redact", str)
        spill(service, texts)
        service.send_due(everything=True)
    assert len(found_at(receiver, texts)) == len(texts)
