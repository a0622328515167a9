"""Enrolment codes: what they look like, that they work once, and that a lost reply locks nobody out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func

from protocol.discovery import CLIENT_ID, TokenError, TokenReply
from server.accounts import enrolment, members, sign_in, tokens
from server.accounts.enrolment_code import new_code, normalized
from server.accounts.enrolment_password import redeem_for_password
from server.problems import ProblemError
from server.storage.tables import token_family
from tests.unit.server_identity.conftest import House

CODES = st.builds(new_code)


def issue(house: House, member_id: str) -> str:
    with house.database.write(house.organization_id) as t:
        return enrolment.issue(t, house.operator, member_id)


def redeem(house: House, code: str) -> TokenReply | TokenError:
    with house.database.write(house.organization_id) as t:
        return enrolment.redeem(t, house.mint, code, CLIENT_ID)


def test_a_code_signs_its_person_in_and_creates_nothing_before(house: House) -> None:
    ana = house.add("ana@example.invalid")
    code = issue(house, ana.member_id)
    with house.database.read(house.organization_id) as t:
        assert t.scalar(t.select(token_family, func.count())) == 0
    reply = redeem(house, code)
    assert isinstance(reply, TokenReply)
    assert tokens.actor_of(house.database, reply.access_token) == ana


def test_a_lost_reply_can_be_asked_for_again_until_the_token_was_used(house: House) -> None:
    code = issue(house, house.add("ana@example.invalid").member_id)
    first, second = redeem(house, code), redeem(house, code)
    assert isinstance(first, TokenReply)
    assert isinstance(second, TokenReply)
    assert first.refresh_token == second.refresh_token
    with house.database.write(house.organization_id) as t:
        assert t.scalar(t.select(token_family, func.count())) == 1
        assert isinstance(tokens.refresh(t, house.mint, first.refresh_token, CLIENT_ID), TokenReply)
    assert redeem(house, code) == enrolment.NOT_USABLE


def test_a_revoked_sign_in_is_not_given_again(house: House) -> None:
    code = issue(house, house.add("ana@example.invalid").member_id)
    first = redeem(house, code)
    assert isinstance(first, TokenReply)
    with house.database.write(house.organization_id) as t:
        tokens.revoke(t, first.refresh_token)
    assert redeem(house, code) == enrolment.NOT_USABLE


def test_a_code_lasts_72_hours(house: House) -> None:
    code = issue(house, house.add("ana@example.invalid").member_id)
    house.clock.advance(hours=72)
    assert redeem(house, code) == enrolment.NOT_USABLE


def test_a_new_code_takes_the_place_of_the_old(house: House) -> None:
    ana = house.add("ana@example.invalid")
    old, new = issue(house, ana.member_id), issue(house, ana.member_id)
    assert redeem(house, old) == enrolment.NOT_USABLE
    assert isinstance(redeem(house, new), TokenReply)


def test_a_deactivated_person_gets_neither_code_nor_sign_in(house: House) -> None:
    ana = house.add("ana@example.invalid")
    code = issue(house, ana.member_id)
    with house.database.write(house.organization_id) as t:
        members.deactivate(t, house.operator, ana.member_id)
    assert redeem(house, code) == enrolment.NOT_USABLE
    with pytest.raises(ProblemError, match="Reactivate"):
        issue(house, ana.member_id)


def test_a_code_of_another_organization_is_unknown_here(house: House, other_house: House) -> None:
    code = issue(house, house.add("ana@example.invalid").member_id)
    assert enrolment.organization_of(house.database, code) == house.organization_id
    assert redeem(other_house, code) == enrolment.NOT_USABLE
    assert isinstance(redeem(house, code), TokenReply)


def test_a_code_sets_a_password_once(house: House) -> None:
    ana = house.add("ana@example.invalid")
    code = issue(house, ana.member_id)
    with pytest.raises(ProblemError) as refused:
        redeem_for_password(house.database, code, "short")
    assert refused.value.problem.field == "password"
    assert redeem_for_password(house.database, code, "correct horse battery") == ana
    assert sign_in.sign_in(house.database, house.mint, "Ana@example.invalid", "correct horse battery", "") == ana
    with pytest.raises(ProblemError) as used:
        redeem_for_password(house.database, code, "another password")
    assert used.value.problem.field == "code"
    assert redeem(house, code) == enrolment.NOT_USABLE, "it signs no device in any more"


@given(CODES, st.sampled_from([str.lower, str.upper, lambda code: code.replace("-", " "), lambda c: f" {c}\n"]))
def test_however_it_is_typed(code: str, typed: object) -> None:
    assert callable(typed)
    assert normalized(typed(code)) == code.replace("-", "")


@given(CODES)
def test_look_alikes_are_read_as_what_they_resemble(code: str) -> None:
    assert normalized(code.replace("0", "O").replace("1", "l")) == code.replace("-", "")


@given(st.text(max_size=40))
def test_what_is_no_code_is_none_or_28_letters(text: str) -> None:
    letters = normalized(text)
    assert letters is None or len(letters) == 28
