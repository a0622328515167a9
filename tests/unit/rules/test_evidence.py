"""Evidence in words: every verdict has a sentence, every flag too, and none of them claims proof."""

import typing

import pytest

from protocol.changes import CodeVerdict, EvidenceView, Fence
from protocol.operations import EvidenceMethod
from rules.evidence import NEEDS_A_LOOK, SAID_BY_EVIDENCE, evidence_sentences, needs_a_look
from server.attendance.sentences import SENTENCES

PROOF = ("proof", "proves", "certain", "verified", "guarantee", "cheat", "fraud", "lie")


@pytest.mark.parametrize("grade", ["server", "confirmed", "device"])
@pytest.mark.parametrize("method", typing.get_args(EvidenceMethod))
@pytest.mark.parametrize("code", [None, *typing.get_args(CodeVerdict)])
@pytest.mark.parametrize("lies", [None, *typing.get_args(Fence)])
def test_there_is_a_sentence_for_everything(
    grade: typing.Any, method: typing.Any, code: typing.Any, lies: typing.Any
) -> None:
    evidence = EvidenceView(method=method, code=code, fence=lies, network="other", address="known", accuracy_m=30)
    said = evidence_sentences(evidence, grade)
    assert all(sentence.endswith(".") and sentence[0].isupper() for sentence in said)
    assert not any(word in sentence.casefold().split() for sentence in said for word in PROOF)


def test_waiting_and_skew_are_told_when_they_are_worth_it() -> None:
    said = evidence_sentences(EvidenceView(waited_ms=3 * 3_600_000 + 12 * 60_000, skew_ms=-300_000), "confirmed")
    assert "It waited 3 h 12 min on the device before it came here." in said
    assert "The device's clock was 5 min behind, which was added." in said
    assert len(evidence_sentences(EvidenceView(waited_ms=900, skew_ms=400), "confirmed")) == 2
    # Without a server time of the same start nothing was taken off, so nothing is said to have been.
    assert not any("behind" in one for one in evidence_sentences(EvidenceView(skew_ms=-300_000), "device"))


def test_a_right_code_on_an_unconfirmed_clock_says_so() -> None:
    [sentence, *_] = evidence_sentences(EvidenceView(method="code", code="right"), "device")
    assert "nobody confirmed" in sentence


def test_every_flag_that_wants_a_look_has_its_words() -> None:
    assert set(SENTENCES) >= NEEDS_A_LOOK | set(SAID_BY_EVIDENCE)
    assert needs_a_look(["second_check_in", "code_old"])
    assert not needs_a_look(["code_old"], cancelled=True)
    assert not needs_a_look(["second_check_in", "code_not_here"])
