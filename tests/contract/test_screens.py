"""Screens, numbers and PINs on both databases: a token opens one screen, a PIN tells one person, and guessing ends."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from server.accounts import pins, throttle
from server.accounts.minting import Mint
from server.attendance import entering
from server.attendance.arrival import Arrival
from server.attendance.reading import present_members
from server.founding import operator_of
from server.locations import codes, screens
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.members import lock_member
from server.storage.tables import screen
from server.sync.operations import keep
from tests.contract import operations as make
from tests.contract.conftest import Clock, House


@pytest.fixture
def mint(tmp_path: Path) -> Mint:
    return Mint.create(tmp_path / "token.key")


def refusal(attempt: Callable[[], object]) -> str:
    with pytest.raises(ProblemError) as error:
        attempt()
    return error.value.problem.type.rsplit(":", 1)[1]


def test_a_token_opens_its_one_screen_until_it_is_taken_back(
    database: Database, house: House, build_house: Callable[[str], House], mint: Mint
) -> None:
    other = build_house("Next door")
    tokens = {}
    for one in (house, other):
        with database.write(one.organization_id) as t:
            tokens[one.organization_id] = screens.make(t, one.admin, one.gate, "code", "Door")
            codes.turn_on(t, one.admin, one.gate, 6)
    stand = screens.of_token(database, tokens[house.organization_id], "code")
    assert (stand.screen.organization_id, stand.location, stand.active) == (house.organization_id, "Gate 2", True)
    shown = {}
    for organization_id, token in tokens.items():
        place = screens.of_token(database, token, "code").screen
        assert place.organization_id == organization_id
        with database.read(organization_id) as t:
            found = codes.current_code(t, mint, place.location_id)
            assert found is not None
            shown[organization_id] = found.code
    assert refusal(lambda: screens.of_token(database, tokens[house.organization_id], "kiosk")) == "not-found"
    assert refusal(lambda: screens.of_token(database, "guessed", "code")) == "not-found"
    with database.write(house.organization_id) as t:
        assert refusal(lambda: screens.take_back(t, house.manager, stand.screen.screen_id)) == "not-allowed"
        assert refusal(lambda: screens.make(t, house.ana, house.gate, "code", "x")) == "not-allowed"
        assert refusal(lambda: screens.make(t, house.admin, other.gate, "code", "x")) == "not-found"
        screens.take_back(t, house.admin, stand.screen.screen_id)
        assert screens.list_of(t, house.gate) == []
    assert refusal(lambda: screens.of_token(database, tokens[house.organization_id], "code")) == "not-found"
    assert screens.of_token(database, tokens[other.organization_id], "code").location == "Gate 2"
    with database.read(house.organization_id) as t:
        assert tokens[house.organization_id] not in repr(t.all(t.select(screen)))


def test_a_location_has_so_many_screens_and_no_more(database: Database, house: House) -> None:
    with database.write(house.organization_id) as t:
        for number in range(screens.MOST_OF_A_LOCATION):
            screens.make(t, house.admin, house.gate, "kiosk", str(number))
        assert refusal(lambda: screens.make(t, house.admin, house.gate, "kiosk", "one more")) == "too-many-screens"


def test_a_number_is_one_persons_in_one_organization(
    database: Database, house: House, build_house: Callable[[str], House], mint: Mint
) -> None:
    other = build_house("Next door")
    with database.write(house.organization_id) as t:
        pins.give(t, operator_of(house.organization_id), house.ana.member_id, "7", "4096")
        assert (
            refusal(lambda: pins.give(t, operator_of(house.organization_id), house.ben.member_id, "7", "5081"))
            == "number-taken"
        )
        pins.give(t, operator_of(house.organization_id), house.ben.member_id, "٨", "5081")
        pins.give(t, operator_of(house.organization_id), house.ben.member_id, "8", "5082")
        assert pins.number_of(t, house.ben.member_id) == "8"
    with database.write(other.organization_id) as t:
        pins.give(t, operator_of(other.organization_id), other.ana.member_id, "7", "4096")
    for one in (house, other):
        known = pins.who(database, mint, one.organization_id, "screen", ("7", "٤٠٩٦"))
        assert known.actor == one.ana
    assert refusal(lambda: pins.who(database, mint, house.organization_id, "s", ("8", "5081"))) == "wrong-pin"
    assert pins.who(database, mint, house.organization_id, "s", ("8", "5082")).actor == house.ben


def test_guessing_ends_for_the_number_and_for_the_kiosk(
    database: Database, house: House, mint: Mint, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "TRIES_PER_KIOSK", 8)
    with database.write(house.organization_id) as t:
        pins.give(t, operator_of(house.organization_id), house.ana.member_id, "7", "4096")
        pins.give(t, operator_of(house.organization_id), house.ben.member_id, "8", "5081")

    def tried(number: str, pin: str, at: str = "screen") -> str:
        try:
            return pins.who(database, mint, house.organization_id, at, (number, pin)).name
        except ProblemError as error:
            return error.problem.type.rsplit(":", 1)[1]

    assert [tried("7", "1") for _ in range(throttle.TRIES_PER_NUMBER)] == ["wrong-pin"] * throttle.TRIES_PER_NUMBER
    assert tried("7", "4096") == "too-many-tries"
    assert tried("7", "4096", "another screen") == "too-many-tries"
    assert tried("8", "5081") == "Ben"
    clock.forward(minutes=16)
    assert tried("7", "4096") == "Ana"
    # Right ones in between buy no more guesses at the kiosk.
    outcomes = []
    for number in range(100, 100 + throttle.TRIES_PER_KIOSK):
        outcomes += [tried("8", "5081"), tried(str(number), "1")]
    assert outcomes.count("wrong-pin") == throttle.TRIES_PER_KIOSK
    assert tried("8", "5081") == "too-many-tries"
    assert tried("8", "5081", "another screen") == "Ben"


def test_a_shift_of_right_ones_is_not_braked(
    database: Database, house: House, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "TRIES_PER_KIOSK", 4)
    with database.write(house.organization_id) as t:
        pins.give(t, operator_of(house.organization_id), house.ana.member_id, "7", "4096")
    for _ in range(throttle.TRIES_PER_KIOSK + 5):
        assert pins.who(database, mint, house.organization_id, "screen", ("7", "4096")).name == "Ana"


def test_a_press_belongs_to_the_check_in_as_it_was_first_recorded(
    database: Database, house: House, clock: Clock, tmp_path: Path
) -> None:
    keys = SigningKeys.load_or_create(tmp_path / "keys", {})
    first = make.attendance("check_in", clock.now, location_id=house.gate)
    better = make.attendance("check_in", clock.now, location_id=house.gate)
    better = msgspec.structs.replace(better, supersedes=first.event_id, reason="The wrong gate")
    clock.forward(hours=1)
    press = make.attendance("check_out", clock.now, location_id=house.gate)
    with database.write(house.organization_id) as t:
        lock_member(t, house.ana.member_id)
        for body in (first, better):
            assert keep(t, keys, house.ana, make.record(body)).outcome == "accepted"
        assert entering.offered(t, house.ana, house.gate).actions == ("check_out", "break_start")
        operation = entering.entered(t, house.ana, press)
        assert operation is not None
        assert first.event_id in bytes(operation.body).decode()
        assert keep(t, keys, house.ana, operation, Arrival(kiosk="Door", on_page=True)).outcome == "accepted"
        assert entering.entered(t, house.ana, press) is None
        assert present_members(t, house.ana, house.ana.member_id) == ()
        assert entering.entered(t, house.ana, make.attendance("check_out", clock.now)) is None
