"""5,000 workers check in within ten seconds, against the server's processes and PostgreSQL: none lost, none doubled."""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg
from sqlalchemy import func
from uuid6 import uuid7

from bench.arrivals import Answered, Arrival, Plan
from bench.compare import Comparison
from bench.ingest import serving
from protocol.discovery import CLIENT_ID
from protocol.moment import Moment
from protocol.operations import ATTENDANCE_RECORD, AttendanceEvent
from protocol.sync import Operation, SyncRequest
from rules.clock import format_utc
from server.accounts.minting import new_token
from server.accounts.tokens import open_family
from server.feed import newest
from server.storage.database import Actor, Database
from server.storage.tables import attendance_event, location, member, organization
from tests.postgres_cluster import binaries, running_cluster

WORKERS = 5000
SECONDS = 10.0
AGAIN = 20
"""Every so many-th worker sends the same again."""
MOST_MS = 1000.0
_ROUNDS = 5


def run() -> list[Comparison]:
    """Milliseconds from the press to the answer. Raises AssertionError when a check-in is lost or doubled."""
    programs = binaries()
    if programs is None:
        raise LookupError("PostgreSQL is not installed (apt-get install postgresql)")
    with running_cluster(programs, durable=True) as cluster, tempfile.TemporaryDirectory() as folder:
        name = cluster.fresh_database()
        url = cluster.url(database=name)
        with serving(Path(folder), url) as servers:
            database = Database(url)
            try:
                ports = [int(one.url.rpartition(":")[2]) for one in servers]
                _send(_plan(database, ports, 200, 2.0))  # what is slow the first time is not what is measured
                before = _kept(database)
                crowd = _plan(database, ports, WORKERS, SECONDS)
                _look_around(cluster.superuser(name))
                answered = _send(crowd)
                _finish(crowd, answered)
                kept = _kept(database) - before
                assert kept == WORKERS, f"{kept} check-ins are kept of {WORKERS}"
            finally:
                database.close()
    return _compared(answered)


def _plan(database: Database, ports: list[int], workers: int, seconds: float) -> Plan:
    """Workers who are new here, each with a device that knows all there is."""
    with database.pre_tenant() as connection:
        [organization_id] = connection.execute(organization.select()).scalars()
    arrivals = []
    with database.write(organization_id) as t:
        place = t.scalar(t.select(location, location.c.location_id).limit(1))
        cursor = newest(t, database.fact("feed_epoch")).encoded()
        for number in range(workers):
            actor = Actor(organization_id, str(uuid7()), "worker")
            t.insert(
                member,
                member_id=actor.member_id,
                name=f"Worker {number}",
                email=f"{actor.member_id}@example.invalid",
                role=actor.role,
                active=True,
                created=t.now_text,
            )
            token = open_family(t, actor.member_id, CLIENT_ID, new_token())[1].access_token
            request = SyncRequest(operations=(_check_in(place),), cursor=cursor)
            arrivals.append(Arrival(token, request))
    return Plan(ports=ports, arrivals=arrivals, seconds=seconds, again=AGAIN)


def _look_around(database: psycopg.Connection[tuple[object, ...]]) -> None:
    """What PostgreSQL does by itself within a minute of such a change: people are not all taken on in the second before
    their shift begins."""
    with database:
        database.execute("ANALYZE")


def _check_in(place: str) -> Operation:
    now = format_utc(datetime.now(UTC))
    moment = Moment(utc=now, offset_minutes=0, zone="Europe/Lisbon", boot_id="boot-1", elapsed_ms=1000)
    body = AttendanceEvent(event_id=str(uuid7()), kind="check_in", location_id=place, at=moment)
    encoded = msgspec.Raw(msgspec.json.encode(body))
    return Operation(id=str(uuid7()), kind=ATTENDANCE_RECORD, entity=body.event_id, body=encoded)


def _send(plan: Plan) -> Answered:
    """By a process of its own, so that what it does is not ours."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.arrivals"],
        input=msgspec.json.encode(plan),
        stdout=subprocess.PIPE,
        timeout=300,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Answered)


def _kept(database: Database) -> int:
    with database.pre_tenant() as connection:
        [organization_id] = connection.execute(organization.select()).scalars()
    with database.read(organization_id) as t:
        return int(t.scalar(t.select(attendance_event, func.count())))


def _finish(crowd: Plan, answered: Answered) -> None:
    """As a device does: who got no answer sends the same again until there is one. Raises AssertionError when somebody
    was refused, or never gets one."""
    told = {"accepted", "duplicate", "unanswered"}
    assert {*answered.outcomes, *answered.again} <= told, {*answered.outcomes, *answered.again} - told
    pairs = zip(crowd.arrivals, answered.outcomes, strict=True)
    waiting = [one for one, outcome in pairs if outcome == "unanswered"]
    for _ in range(_ROUNDS):
        if not waiting:
            return
        later = _send(msgspec.structs.replace(crowd, arrivals=waiting))
        waiting = [one for one, outcome in zip(waiting, later.outcomes, strict=True) if outcome == "unanswered"]
    raise AssertionError(f"{len(waiting)} never had an answer")


def _compared(answered: Answered) -> list[Comparison]:
    found = sorted(answered.milliseconds)
    p50, p99 = found[len(found) // 2], found[int(len(found) * 0.99)]
    answered_at_once = WORKERS - answered.outcomes.count("unanswered")
    name = f"{WORKERS} check-ins in {SECONDS:.0f} s"
    return [
        Comparison(f"{name}, p50", "ms", [p50], [MOST_MS], "one second", None),
        Comparison(f"{name}, p99", "ms", [p99], [MOST_MS], "one second", 1.0),
        Comparison(f"{name}, longest", "ms", [found[-1]], [MOST_MS], "one second", None),
        Comparison(f"{name}, answered at once", "workers", [answered_at_once], [WORKERS], "all", None),
    ]
