"""The rotation of refresh tokens, against a model: lost replies, replays, theft, idle time, sign-out."""

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func

from protocol.discovery import CLIENT_ID, TokenError, TokenReply
from server.accounts import tokens
from server.accounts.minting import Mint, new_token
from server.storage.database import Database
from server.storage.tables import access_token, refresh_token, token_family
from tests.migrated import migrated_file
from tests.unit.server_identity.conftest import Clock, House


class Rotation(RuleBasedStateMachine):
    """Anyone may present any token of the chain at any time. The model: the chain of tokens as a list, the index of
    the last one that was used, and when each was made."""

    shown = Bundle("shown")

    @initialize(target=shown)
    def sign_in(self) -> int:
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.database = Database(migrated_file(Path(self.folder.name) / "server.db"), self.clock)
        self.house = House(self.database, self.clock, "organization-a", Mint(b"k" * 32))
        self.member = self.house.add("ana@example.invalid")
        self.chain = [new_token()]
        self.made = [self.clock.now]
        self.last_used = -1
        self.ended = False
        self.access: list[str] = []
        with self.database.write("organization-a") as t:
            _family_id, reply = tokens.open_family(t, self.member.member_id, CLIENT_ID, self.chain[0])
        self.access.append(reply.access_token)
        return 0

    @rule(target=shown, index=shown)
    def present(self, index: int) -> int:
        """The person's program, the same once more after a lost reply, or a thief: the server sees no difference."""
        reply = self._refresh(self.chain[index])
        expired = self.clock.now >= self.made[index] + tokens.REFRESH_IDLE
        outrun = index < self.last_used
        if self.ended or expired or outrun:
            assert isinstance(reply, TokenError)
            assert reply.error == "invalid_grant"
            self.ended = self.ended or (outrun and not expired)
            return index
        assert isinstance(reply, TokenReply)
        if index + 1 == len(self.chain):
            self.chain.append(reply.refresh_token)
            self.made.append(self.clock.now)
        assert reply.refresh_token == self.chain[index + 1], "a token has one successor, however often it is asked for"
        self.last_used = index
        self.access.append(reply.access_token)
        return index + 1

    @rule(forged=st.text(max_size=60))
    def present_a_forgery(self, forged: str) -> None:
        if forged not in self.chain:
            assert isinstance(self._refresh(forged), TokenError)

    @rule(days=st.integers(min_value=1, max_value=45))
    def time_passes(self, days: int) -> None:
        self.clock.now += timedelta(days=days)
        self.access.clear()

    @rule(index=shown)
    def sign_out(self, index: int) -> None:
        with self.database.write("organization-a") as t:
            tokens.revoke(t, self.chain[index])
        self.ended = True

    @invariant()
    def access_follows_the_family(self) -> None:
        for token in getattr(self, "access", []):
            assert (tokens.actor_of(self.database, token) is None) == self.ended

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()

    def _refresh(self, token: str) -> TokenReply | TokenError:
        with self.database.write("organization-a") as t:
            return tokens.refresh(t, self.house.mint, token, CLIENT_ID)


TestRotation = Rotation.TestCase
TestRotation.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_another_key_cannot_tell_the_successor(house: House) -> None:
    first = new_token()
    assert Mint(b"k" * 32).derive("refresh", first) == Mint(b"k" * 32).derive("refresh", first)
    assert Mint(b"k" * 32).derive("refresh", first) != Mint(b"l" * 32).derive("refresh", first)
    assert Mint(b"k" * 32).derive("refresh", first) != Mint(b"k" * 32).derive("enrolment", first)


def test_access_lasts_ten_minutes(house: House) -> None:
    ana = house.add("ana@example.invalid")
    with house.database.write(house.organization_id) as t:
        _family_id, reply = tokens.open_family(t, ana.member_id, CLIENT_ID, new_token())
    house.clock.advance(seconds=tokens.ACCESS_SECONDS - 1)
    assert tokens.actor_of(house.database, reply.access_token) == ana
    house.clock.advance(seconds=1)
    assert tokens.actor_of(house.database, reply.access_token) is None


def test_no_secret_is_in_the_database_file(house: House, tmp_path: Path) -> None:
    ana = house.add("ana@example.invalid")
    with house.database.write(house.organization_id) as t:
        _family_id, reply = tokens.open_family(t, ana.member_id, CLIENT_ID, new_token())
        rotated = tokens.refresh(t, house.mint, reply.refresh_token, CLIENT_ID)
    assert isinstance(rotated, TokenReply)
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("server.db*"))
    for secret in (reply.access_token, reply.refresh_token, rotated.refresh_token, rotated.access_token):
        assert secret.encode() not in kept


def test_another_program_cannot_use_the_token(house: House) -> None:
    ana = house.add("ana@example.invalid")
    with house.database.write(house.organization_id) as t:
        _family_id, reply = tokens.open_family(t, ana.member_id, CLIENT_ID, new_token())
        assert isinstance(tokens.refresh(t, house.mint, reply.refresh_token, "another"), TokenError)
        assert isinstance(tokens.refresh(t, house.mint, reply.refresh_token, CLIENT_ID), TokenReply)


def test_what_can_serve_no_more_is_forgotten(house: House) -> None:
    """A device that renews every ten minutes for years must not fill the database."""
    ana = house.add("ana@example.invalid")
    with house.database.write(house.organization_id) as t:
        _abandoned, _reply = tokens.open_family(t, ana.member_id, CLIENT_ID, new_token())
        _family_id, reply = tokens.open_family(t, ana.member_id, CLIENT_ID, new_token())
    for _ in range(20):
        house.clock.advance(days=10)
        with house.database.write(house.organization_id) as t:
            rotated = tokens.refresh(t, house.mint, reply.refresh_token, CLIENT_ID)
        assert isinstance(rotated, TokenReply)
        reply = rotated
    with house.database.write(house.organization_id) as t:
        tokens.open_family(t, ana.member_id, CLIENT_ID, new_token())
        assert t.scalar(t.select(token_family, func.count())) == 2, "the abandoned one is gone"
        assert t.scalar(t.select(refresh_token, func.count())) <= 9
        assert t.scalar(t.select(access_token, func.count())) == 2
