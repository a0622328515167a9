"""People, groups, grants and locations: who may change them, what is refused, and that every change is on record."""

import pytest

from protocol.changes import LOCATION
from protocol.discovery import CLIENT_ID
from server import access
from server.accounts import groups, members, tokens
from server.accounts.minting import new_token
from server.locations import places
from server.problems import ProblemError
from server.storage.database import Actor, Database
from server.storage.tables import access_record, change
from tests.unit.server_identity.conftest import House


def actions(house: House) -> list[tuple[str, str]]:
    with house.database.read(house.organization_id) as t:
        rows = t.all(t.select(access_record).order_by(access_record.c.ordinal))
        return [(row.action, row.entity_kind) for row in rows]


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (members.NewMember(name=" ", email="ana@example.invalid"), "name"),
        (members.NewMember(name="x" * 201, email="ana@example.invalid"), "name"),
        (members.NewMember(name="Ana", email="ana"), "email"),
        (members.NewMember(name="Ana", email="ana ferreira@example.invalid"), "email"),
        (members.NewMember(name="Ana", email="@example.invalid"), "email"),
        (members.NewMember(name="Ana", email="taken@EXAMPLE.invalid"), "email"),
        (members.NewMember(name="Ana", email="ana@example.invalid", role="owner"), "role"),
        (members.NewMember(name="Ana", email="ana@example.invalid", password="short"), "password"),
    ],
)
def test_what_cannot_be_added_names_its_field(house: House, new: members.NewMember, field: str) -> None:
    house.add("taken@example.invalid")
    with pytest.raises(ProblemError) as refused, house.database.write(house.organization_id) as t:
        members.add(t, house.operator, new)
    assert refused.value.problem.field == field


def test_only_admins_change_anything(house: House, other_house: House) -> None:
    ana, boss = house.add("ana@example.invalid"), house.add("boss@example.invalid", "manager")
    stranger = other_house.add("admin@example.invalid", "admin")
    with house.database.write(house.organization_id) as t:
        groups.give(t, house.operator, boss.member_id)
    for actor in (ana, boss, stranger):
        with house.database.write(house.organization_id) as t:
            for change_something in (
                lambda t=t, actor=actor: members.add(t, actor, members.NewMember(name="X", email="x@example.invalid")),
                lambda t=t, actor=actor: members.deactivate(t, actor, ana.member_id),
                lambda t=t, actor=actor: groups.add(t, actor, "Quay"),
                lambda t=t, actor=actor: groups.give(t, actor, boss.member_id),
                lambda t=t, actor=actor: places.add(t, actor, name="Gate", zone="Europe/Vienna"),
            ):
                with pytest.raises(ProblemError) as refused:
                    change_something()
                assert refused.value.problem.status == 403


def test_an_admin_reaches_only_whom_they_see(house: House) -> None:
    ana = house.add("ana@example.invalid")
    admin = house.add("admin@example.invalid", "admin")
    with house.database.write(house.organization_id) as t:
        with pytest.raises(ProblemError) as refused:
            members.deactivate(t, admin, ana.member_id)
        assert refused.value.problem.status == 404
        groups.give(t, house.operator, admin.member_id)
        members.deactivate(t, admin, ana.member_id)
        assert not members.find(t, admin, ana.member_id).active


def test_deactivation_ends_every_device_and_reactivation_brings_none_back(house: House) -> None:
    ana = house.add("ana@example.invalid")
    with house.database.write(house.organization_id) as t:
        replies = [tokens.open_family(t, ana.member_id, CLIENT_ID, new_token())[1] for _ in range(2)]
    with house.database.write(house.organization_id) as t:
        members.deactivate(t, house.operator, ana.member_id)
    with house.database.write(house.organization_id) as t:
        members.reactivate(t, house.operator, ana.member_id)
        assert members.find(t, house.operator, ana.member_id).active
    assert [tokens.actor_of(house.database, reply.access_token) for reply in replies] == [None, None]


def test_the_last_admin_stays(house: House) -> None:
    first, second = house.add("one@example.invalid", "admin"), house.add("two@example.invalid", "admin")
    with house.database.write(house.organization_id) as t:
        members.deactivate(t, house.operator, first.member_id)
        with pytest.raises(ProblemError, match="only active admin"):
            members.deactivate(t, house.operator, second.member_id)


def test_searching_takes_what_was_typed_literally(house: House) -> None:
    house.add("ana@example.invalid")
    house.add("per_cent@example.invalid")
    with house.database.read(house.organization_id) as t:
        assert [line.email for line in members.list_visible(t, house.operator, search="ANA")] == ["ana@example.invalid"]
        assert [line.email for line in members.list_visible(t, house.operator, search="_")] == [
            "per_cent@example.invalid"
        ]
        assert members.list_visible(t, house.operator, search="%") == []


def test_a_password_is_changed_by_oneself_or_an_admin_only(house: House) -> None:
    ana, ben = house.add("ana@example.invalid"), house.add("ben@example.invalid")
    with house.database.write(house.organization_id) as t:
        members.set_password(t, ana, ana.member_id, "a long password")
        with pytest.raises(ProblemError) as refused:
            members.set_password(t, ana, ben.member_id, "a long password")
        assert refused.value.problem.status == 403


def test_one_email_may_be_in_two_organizations(house: House, other_house: House) -> None:
    here, there = house.add("ana@example.invalid"), other_house.add("ana@example.invalid")
    with house.database.read(house.organization_id) as t:
        assert members.find(t, house.operator, here.member_id)
        with pytest.raises(ProblemError):
            members.find(t, house.operator, there.member_id)


def test_a_location_is_published_to_everyone(house: House) -> None:
    with house.database.write(house.organization_id) as t:
        gate = places.add(t, house.operator, name=" Gate  2 ", zone="Europe/Lisbon", address="Doca")
        places.describe(t, house.operator, gate, name="Gate 3", zone="Europe/Vienna", address=" ")
        places.set_active(t, house.operator, gate, active=False)
        places.set_active(t, house.operator, gate, active=False)
        [place] = places.list_all(t)
        assert (place.name, place.zone, place.address, place.active) == ("Gate 3", "Europe/Vienna", "", False)
        assert places.list_all(t, active_only=True) == []
        told = t.all(t.select(change).where(change.c.kind == LOCATION).order_by(change.c.position))
    assert [row.member_id for row in told] == [None, None, None]
    assert b'"Gate 2"' in told[0].body
    assert b'"active":false' in told[2].body
    assert actions(house) == [("add", "location"), ("describe", "location"), ("deactivate", "location")]


@pytest.mark.parametrize(
    ("name", "zone", "field"),
    [
        ("", "Europe/Vienna", "name"),
        ("gate", "Europe/Vienna", "name"),
        ("Quay", "Europe/Nowhere", "zone"),
        ("Quay", "", "zone"),
        ("Quay", "../etc/passwd", "zone"),
        ("Quay", "/etc/localtime", "zone"),
        ("Quay", "\0", "zone"),
        ("Quay", "x" * 5000, "zone"),
    ],
)
def test_a_location_that_cannot_be(house: House, name: str, zone: str, field: str) -> None:
    with house.database.write(house.organization_id) as t:
        places.add(t, house.operator, name="Gate", zone="UTC")
        with pytest.raises(ProblemError) as refused:
            places.add(t, house.operator, name=name, zone=zone)
        assert refused.value.problem.field == field
        quay = places.add(t, house.operator, name="Quay", zone="UTC")
        with pytest.raises(ProblemError) as refused:
            places.describe(t, house.operator, quay, name=name, zone=zone)
    assert refused.value.problem.field == field


def test_every_change_of_people_is_on_record(house: House) -> None:
    with house.database.write(house.organization_id) as t:
        quay = groups.add(t, house.operator, "Quay")
        boss = members.add(
            t, house.operator, members.NewMember(name="Boss", email="boss@example.invalid", role="manager")
        )
        members.put_in_group(t, house.operator, boss, quay)
        members.put_in_group(t, house.operator, boss, quay)
        grant_id = groups.give(t, house.operator, boss, group_id=quay)
        assert [grant.group_id for grant in groups.grants_of(t, house.operator, boss)] == [quay]
        groups.take(t, house.operator, grant_id)
        members.take_from_group(t, house.operator, boss, quay)
    assert actions(house) == [
        ("add", "group"),
        ("add", "member"),
        ("group", "member"),
        ("grant", "member"),
        ("ungrant", "member"),
        ("group", "member"),
    ]


@pytest.mark.parametrize("column", ["actor", "action", "entity", "detail", "at", "subject_id", "purpose"])
def test_an_altered_record_breaks_the_chain(house: House, column: str) -> None:
    with house.database.write(house.organization_id) as t:
        for number in range(4):
            access.record(t, house.operator, "view", "report", f"r-{number}", subject_id="m")
        assert access.broken_at(t) is None
        head = access.head(t)
        t.execute(t.update(access_record).where(access_record.c.ordinal == 2).values({column: "altered"}))
        assert access.broken_at(t) == 2
        assert access.head(t) == head


def test_a_removed_record_breaks_the_chain(house: House, other_house: House) -> None:
    with other_house.database.write(other_house.organization_id) as t:
        access.record(t, other_house.operator, "view", "report", "r")
    with house.database.write(house.organization_id) as t:
        assert access.head(t) == ""
        for number in range(4):
            access.record(t, house.operator, "view", "report", f"r-{number}")
        t.execute(t.delete(access_record).where(access_record.c.ordinal == 2))
        assert access.broken_at(t) == 3
    with other_house.database.read(other_house.organization_id) as t:
        assert access.broken_at(t) is None, "each organization has its own chain"


def test_the_operator_of_one_organization_is_nobody_in_another(house: House, database: Database) -> None:
    stranger = Actor("organization-b", "operator", "operator", "operator")
    with database.read(house.organization_id) as t:
        assert members.list_visible(t, stranger) == []
