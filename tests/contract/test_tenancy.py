"""No statement reaches another organization: not through ours, and on PostgreSQL not through plain SQL either."""

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from server.storage.database import Database, DatabaseError
from server.storage.tables import PRE_TENANT, access_grant, location, member, metadata, organization, report
from server.storage.tenancy import TenancyError
from tests.contract.conftest import House, new_id
from tests.postgres_cluster import Cluster


def test_each_organization_sees_its_own_rows(
    database: Database, house: House, build_house: Callable[[str], House]
) -> None:
    other = build_house("Other Works")
    with database.read(house.organization_id) as t:
        names = {row.location_id for row in t.all(t.select(location))}
    assert names == {house.gate, house.closed}
    with database.write(house.organization_id) as t:
        changed = t.execute(t.update(location).where(location.c.location_id == other.gate).values(name="Ours"))
        assert changed.rowcount == 0
        assert t.execute(t.delete(location).where(location.c.location_id == other.gate)).rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        select(location),
        select(func.count()).select_from(location),
        select(location).where(location.c.name == "Gate 2"),
        update(location).values(name="Ours"),
        location.delete(),
        select(location.alias("places")),
        select(organization.c.name).where(select(report.c.instance_id).exists()),
        select(member).join(access_grant, member.c.member_id == access_grant.c.member_id),
    ],
    ids=str,
)
def test_a_statement_without_its_organization_never_runs(
    database: Database, house: House, statement: Select[tuple[object]]
) -> None:
    with database.write(house.organization_id) as t, pytest.raises(TenancyError):
        t.execute(statement)


def test_a_statement_that_was_let_through_lets_no_other_through(database: Database, house: House) -> None:
    """What was found bound is remembered by all of its shape: the same one without the condition is another."""
    with database.read(house.organization_id) as t:
        for _ in range(3):
            assert t.all(t.select(member).where(member.c.name == "Ana"))
            assert not t.all(t.select(member).where(member.c.name == "Nobody"))
            for unbound in (select(member).where(member.c.name == "Ana"), select(member)):
                with pytest.raises(TenancyError):
                    t.all(unbound)


def test_each_joined_table_needs_its_own_condition(database: Database, house: House) -> None:
    joined = select(member.c.name).join(access_grant, member.c.member_id == access_grant.c.member_id)
    with database.read(house.organization_id) as t:
        with pytest.raises(TenancyError, match="access_grant"):
            t.execute(joined.where(t.owns(member)))
        assert t.all(joined.where(t.owns(member), t.owns(access_grant))) == []


def test_a_row_for_another_organization_is_never_inserted(
    database: Database, house: House, build_house: Callable[[str], House]
) -> None:
    other = build_house("Other Works")
    values = {"location_id": new_id(), "name": "X", "zone": "UTC", "address": "", "active": True, "created": "now"}
    with database.write(house.organization_id) as t:
        with pytest.raises(TenancyError):
            t.execute(insert(location).values(**values))
        with pytest.raises(TenancyError):
            t.execute(insert(location).values(organization_id=other.organization_id, **values))
        with pytest.raises(TenancyError):
            t.connection.execute(insert(location), [{"organization_id": other.organization_id, **values}])
        t.insert(location, **values)


def test_before_the_organization_is_known_only_the_named_tables_are_read(database: Database, house: House) -> None:
    with database.pre_tenant() as connection:
        assert connection.execute(
            select(member.c.organization_id).where(member.c.member_id == house.ana.member_id)
        ).scalars().all() == [house.organization_id]
        with pytest.raises(TenancyError):
            connection.execute(select(report))
        with pytest.raises(TenancyError):
            connection.execute(update(member).values(active=False))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_row_rules_hide_every_table_from_plain_sql(database: Database, house: House) -> None:
    tables = [table.name for table in metadata.sorted_tables if table.name not in PRE_TENANT]
    with database.write(house.organization_id) as t:
        t.insert(access_grant, grant_id=new_id(), member_id=house.manager.member_id, role="manager", created="now")
        visible = {name for name in tables if t.connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar()}
        assert {"organization", "member", "location", "access_grant"} <= visible
    with database.read(new_id()) as t:
        for name in tables:
            assert t.connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() == 0, name
        forced = t.connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND NOT (relrowsecurity AND relforcerowsecurity)"
        ).scalars()
        assert set(forced) == PRE_TENANT | {"alembic_version"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_row_rules_refuse_plain_writes_for_others(
    database: Database, house: House, build_house: Callable[[str], House]
) -> None:
    other = build_house("Other Works")
    with database.write(house.organization_id) as t:
        stolen = t.connection.exec_driver_sql(
            "UPDATE member SET name = 'Mallory' WHERE organization_id = %s", (other.organization_id,)
        )
        assert stolen.rowcount == 0
    with pytest.raises(DBAPIError, match="row-level security"), database.write(house.organization_id) as t:
        t.connection.exec_driver_sql(
            "INSERT INTO organization (organization_id, name, created) VALUES (%s, 'X', 'now')", (new_id(),)
        )
    with pytest.raises(DBAPIError, match="read-only"), database.read(house.organization_id) as t:
        t.connection.exec_driver_sql("DELETE FROM member")
    with pytest.raises(DBAPIError, match="read-only"), database.pre_tenant() as connection:
        connection.exec_driver_sql("DELETE FROM member")


@pytest.mark.parametrize("attribute", ["SUPERUSER", "BYPASSRLS"])
def test_a_role_above_the_row_rules_is_refused(cluster: Cluster, attribute: str) -> None:
    name = cluster.fresh_database()
    role = f"exempt_{attribute.lower()}"
    with cluster.superuser() as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN {attribute} PASSWORD 'only-for-this-run'")
    database = Database(cluster.url(user=role, database=name))
    with pytest.raises(DatabaseError, match="plain role"):
        database.migrate()
    database.close()
    cluster.drop(name)


def test_a_newer_schema_is_refused_and_left_alone(database: Database) -> None:
    assert database.ready()
    with database.server_wide() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not database.ready()
    with pytest.raises(DatabaseError, match="newer"):
        database.migrate()


def test_the_facts_of_a_server_stay(database: Database, database_url: str) -> None:
    server_id = database.fact("server_id")
    database.migrate()
    again = Database(database_url)
    assert again.fact("server_id") == server_id
    again.close()


def test_an_absent_server_is_not_ready(cluster: Cluster) -> None:
    database = Database(cluster.url(database="absent"))
    assert not database.ready()
    database.close()
    with pytest.raises(psycopg.OperationalError):
        cluster.superuser("absent")
