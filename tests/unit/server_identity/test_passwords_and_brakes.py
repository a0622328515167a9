"""Passwords, the brakes on guessing them, and the sessions that follow in a browser."""

import statistics
import time

import pytest
from sqlalchemy import func, select

from server.accounts import members, sign_in, throttle, web_sessions
from server.accounts.passwords import MAX_LENGTH, MIN_LENGTH, hash_password, matches
from server.problems import ProblemError
from server.storage.tables import sign_in_attempt, web_session
from tests.unit.server_identity.conftest import House

PASSWORD = "correct horse battery"


def attempt(house: House, email: str, password: str, address: str = "192.0.2.7") -> object:
    return sign_in.sign_in(house.database, house.mint, email, password, address)


def refused(house: House, email: str, password: str, address: str = "192.0.2.7") -> ProblemError:
    with pytest.raises(ProblemError) as error:
        attempt(house, email, password, address)
    return error.value


def test_hashes_are_argon2id_and_salted() -> None:
    one, two = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one.startswith("$argon2id$")
    assert one != two
    assert matches(one, PASSWORD)
    assert not matches(one, PASSWORD + " ")
    assert not matches(None, "the password of nobody")
    assert not matches("not a hash", PASSWORD)


@pytest.mark.parametrize("length", [0, MIN_LENGTH - 1, MAX_LENGTH + 1])
def test_the_length_is_told_with_its_limit(length: int) -> None:
    with pytest.raises(ProblemError) as error:
        hash_password("x" * length)
    assert error.value.problem.field == "password"
    assert error.value.problem.limit in {MIN_LENGTH, MAX_LENGTH}


def test_signing_in_and_the_one_answer_to_everything_wrong(house: House) -> None:
    ana = house.add("ana@example.invalid", password=PASSWORD)
    house.add("new@example.invalid")
    gone = house.add("gone@example.invalid", password=PASSWORD)
    with house.database.write(house.organization_id) as t:
        members.deactivate(t, house.operator, gone.member_id)
    assert attempt(house, " ANA@example.invalid ", PASSWORD) == ana
    wrong = [
        refused(house, "ana@example.invalid", "wrong password").problem,
        refused(house, "nobody@example.invalid", PASSWORD).problem,
        refused(house, "new@example.invalid", PASSWORD).problem,
        refused(house, "gone@example.invalid", PASSWORD).problem,
        refused(house, "\0", "\0" * 500).problem,
    ]
    assert len(set(wrong)) == 1, "the answer tells nobody which e-mails are known"


def test_an_unknown_email_takes_as_long(house: House) -> None:
    house.add("ana@example.invalid", password=PASSWORD)
    attempt(house, "ana@example.invalid", PASSWORD)

    def median_seconds(email: str) -> float:
        spans = []
        for address in ("192.0.2.1", "198.51.100.1", "203.0.113.1"):
            began = time.perf_counter()
            refused(house, email, "wrong password", address)
            spans.append(time.perf_counter() - began)
        return statistics.median(spans)

    # Without the check against the hash of nobody this is about a hundredth.
    assert median_seconds("nobody@example.invalid") > median_seconds("ana@example.invalid") / 5


def test_the_sixth_try_for_an_email_from_one_network_waits_and_the_person_elsewhere_does_not(house: House) -> None:
    ana = house.add("ana@example.invalid", password=PASSWORD)
    for number in range(throttle.TRIES_PER_EMAIL_AND_NETWORK):
        assert refused(house, "ana@example.invalid", "wrong", f"192.0.2.{number}").problem.status == 403
        house.clock.advance(minutes=1)
    held = refused(house, "ana@example.invalid", PASSWORD, "192.0.2.200")
    assert held.problem.status == 429
    assert "in 10 minutes" in held.problem.detail
    assert held.headers["Retry-After"] == "600"
    assert attempt(house, "ana@example.invalid", PASSWORD, "198.51.100.9") == ana
    assert refused(house, "ana@example.invalid", PASSWORD, "192.0.2.200").problem.status == 429
    house.clock.advance(minutes=10)
    assert attempt(house, "ana@example.invalid", PASSWORD, "192.0.2.200") == ana


def test_guesses_from_very_many_networks_are_held_too(house: House) -> None:
    for number in range(throttle.TRIES_PER_EMAIL):
        throttle.begin_try(house.database, house.mint, "ana@example.invalid", f"10.{number // 250}.{number % 250}.1")
    with pytest.raises(ProblemError, match="for this e-mail"):
        throttle.begin_try(house.database, house.mint, "ana@example.invalid", "198.51.100.9")


def test_the_right_password_clears_the_brake(house: House) -> None:
    house.add("ana@example.invalid", password=PASSWORD)
    for _ in range(2):
        for _ in range(throttle.TRIES_PER_EMAIL_AND_NETWORK - 1):
            refused(house, "ana@example.invalid", "wrong")
        attempt(house, "ana@example.invalid", PASSWORD)


def test_a_network_is_held_across_emails(house: House) -> None:
    for number in range(throttle.TRIES_PER_NETWORK):
        throttle.begin_try(house.database, house.mint, f"{number}@example.invalid", f"192.0.2.{number}")
    with pytest.raises(ProblemError, match="network"):
        throttle.begin_try(house.database, house.mint, "one@example.invalid", "192.0.2.200")
    throttle.begin_try(house.database, house.mint, "one@example.invalid", "192.0.3.1")


def test_tries_are_kept_blinded_and_for_an_hour(house: House) -> None:
    throttle.begin_try(house.database, house.mint, "ana@example.invalid", "192.0.2.7")
    with house.database.server_wide() as connection:
        kept = " ".join(connection.execute(select(sign_in_attempt.c.subject)).scalars())
    assert "ana" not in kept
    assert "192" not in kept
    house.clock.advance(hours=1)
    throttle.begin_try(house.database, house.mint, "ben@example.invalid", "")
    with house.database.server_wide() as connection:
        assert connection.execute(select(func.count()).select_from(sign_in_attempt)).scalar() == 2


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("testclient", ""),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert throttle.network_of(address) == network


def test_a_session_ends_idle_after_an_hour_and_in_any_case_after_twelve(house: House) -> None:
    ana = house.add("ana@example.invalid")
    with house.database.write(house.organization_id) as t:
        begun = web_sessions.begin(t, ana)
    for _ in range(12):
        house.clock.advance(minutes=59)
        found = web_sessions.find(house.database, begun.secret)
        assert found is not None
        assert found.actor == ana
        assert found.csrf == begun.csrf
    house.clock.advance(minutes=12)
    assert web_sessions.find(house.database, begun.secret) is None

    with house.database.write(house.organization_id) as t:
        idle = web_sessions.begin(t, ana)
        assert t.scalar(t.select(web_session, func.count())) == 1, "the timed-out one is swept out"
    house.clock.advance(minutes=60)
    assert web_sessions.find(house.database, idle.secret) is None


def test_confirmation_lasts_ten_minutes_and_can_be_given_again(house: House) -> None:
    ana = house.add("ana@example.invalid", password=PASSWORD)
    with house.database.write(house.organization_id) as t:
        begun = web_sessions.begin(t, ana)

    def confirmed() -> bool:
        found = web_sessions.find(house.database, begun.secret)
        assert found is not None
        return found.confirmed

    assert confirmed()
    house.clock.advance(minutes=10)
    assert not confirmed()
    with house.database.write(house.organization_id) as t:
        assert not sign_in.confirm_password(t, ana, "wrong password")
        assert sign_in.confirm_password(t, ana, PASSWORD)
        web_sessions.confirm(t, begun.secret)
    assert confirmed()


def test_what_ends_sessions(house: House) -> None:
    ana = house.add("ana@example.invalid", password=PASSWORD)

    def begin() -> str:
        with house.database.write(house.organization_id) as t:
            return web_sessions.begin(t, ana).secret

    signed_out, other = begin(), begin()
    with house.database.write(house.organization_id) as t:
        web_sessions.end(t, signed_out)
    assert web_sessions.find(house.database, signed_out) is None
    assert web_sessions.find(house.database, other) is not None
    with house.database.write(house.organization_id) as t:
        members.set_password(t, ana, ana.member_id, "another password")
    assert web_sessions.find(house.database, other) is None
    after_deactivation = begin()
    with house.database.write(house.organization_id) as t:
        members.deactivate(t, house.operator, ana.member_id)
    assert web_sessions.find(house.database, after_deactivation) is None
