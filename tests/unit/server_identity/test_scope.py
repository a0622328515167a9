"""The one scope function: every kind of actor against every kind of grant, and attendance at granted locations."""

import pytest

from server.accounts import groups, members
from server.accounts.scope import visible
from server.locations import places
from server.problems import ProblemError
from server.storage.database import Actor
from server.storage.tables import operation, report
from tests.unit.server_identity.conftest import House


class Town:
    """Two groups with a worker each, one place, a report of each worker: Ana's at the place."""

    def __init__(self, house: House) -> None:
        self.house = house
        with house.database.write(house.organization_id) as t:
            self.quay = groups.add(t, house.operator, "Quay")
            self.yard = groups.add(t, house.operator, "Yard")
            self.gate = places.add(t, house.operator, name="Gate", zone="Europe/Vienna")
        self.ana = house.add("ana@example.invalid", groups=(self.quay,))
        self.jonas = house.add("jonas@example.invalid", groups=(self.yard,))
        self._report(self.ana, "r-ana", self.gate)
        self._report(self.jonas, "r-jonas", None)

    def _report(self, worker: Actor, instance_id: str, location_id: str | None) -> None:
        with self.house.database.write(self.house.organization_id) as t:
            t.insert(
                operation,
                operation_id=f"o-{instance_id}",
                member_id=worker.member_id,
                kind="report.revise",
                entity=instance_id,
                body_sha256="",
                outcome="accepted",
                received=t.now_text,
            )
            t.insert(
                report,
                instance_id=instance_id,
                member_id=worker.member_id,
                state="received",
                title="",
                location_id=location_id,
                received=t.now_text,
            )

    def grant(self, actor: Actor, **what: str) -> str:
        with self.house.database.write(self.house.organization_id) as t:
            return groups.give(t, self.house.operator, actor.member_id, **what)

    def reports_of(self, actor: Actor) -> set[str]:
        with self.house.database.read(self.house.organization_id) as t:
            seen = visible(t, actor, report.c.member_id, report.c.location_id)
            return {row.instance_id for row in t.all(t.select(report, report.c.instance_id).where(seen))}

    def people_of(self, actor: Actor) -> set[str]:
        with self.house.database.read(self.house.organization_id) as t:
            return {line.email.partition("@")[0] for line in members.list_visible(t, actor)}


@pytest.fixture
def town(house: House) -> Town:
    return Town(house)


def test_a_worker_sees_themselves(town: Town) -> None:
    assert town.reports_of(town.ana) == {"r-ana"}
    assert town.people_of(town.ana) == {"ana"}


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_without_a_grant_nobody_sees_others(town: Town, role: str) -> None:
    boss = town.house.add("boss@example.invalid", role)
    assert town.reports_of(boss) == set()
    assert town.people_of(boss) == {"boss"}


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_a_group_grant_shows_that_group_alone(town: Town, role: str) -> None:
    boss = town.house.add("boss@example.invalid", role)
    town.grant(boss, group_id=town.quay)
    assert town.reports_of(boss) == {"r-ana"}
    assert town.people_of(boss) == {"ana", "boss"}


def test_a_location_grant_shows_work_there_but_no_people(town: Town) -> None:
    boss = town.house.add("boss@example.invalid", "manager")
    town.grant(boss, location_id=town.gate)
    assert town.reports_of(boss) == {"r-ana"}
    assert town.people_of(boss) == {"boss"}


def test_an_organization_grant_shows_everything_and_ends_at_once(town: Town) -> None:
    boss = town.house.add("boss@example.invalid", "manager")
    grant_id = town.grant(boss)
    assert town.reports_of(boss) == {"r-ana", "r-jonas"}
    with town.house.database.write(town.house.organization_id) as t:
        groups.take(t, town.house.operator, grant_id)
    assert town.reports_of(boss) == set()


def test_leaving_the_group_ends_the_sight(town: Town) -> None:
    boss = town.house.add("boss@example.invalid", "manager")
    town.grant(boss, group_id=town.quay)
    with town.house.database.write(town.house.organization_id) as t:
        members.take_from_group(t, town.house.operator, town.ana.member_id, town.quay)
    assert town.reports_of(boss) == set()


def test_a_worker_gets_no_grant_and_one_that_is_there_counts_for_nothing(town: Town) -> None:
    with pytest.raises(ProblemError, match="worker"):
        town.grant(town.ana)
    boss = town.house.add("boss@example.invalid", "manager")
    town.grant(boss)
    demoted = Actor(boss.organization_id, boss.member_id, "worker")
    assert town.reports_of(demoted) == set()


def test_the_operator_and_another_organization_see_no_work(town: Town, other_house: House) -> None:
    stranger = other_house.add("boss@example.invalid", "admin")
    with other_house.database.write(other_house.organization_id) as t:
        groups.give(t, other_house.operator, stranger.member_id)
    assert town.reports_of(stranger) == set()
    assert town.reports_of(town.house.operator) == set()
    same_id = Actor(other_house.organization_id, town.ana.member_id, "worker")
    assert town.reports_of(same_id) == set()
