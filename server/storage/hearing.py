"""Hearing what other processes commit to the same PostgreSQL, and telling them. One connection a process listens, and
does nothing else.

It stays idle between two notices and looks at nothing meanwhile. When it breaks it is opened anew, each time a little
later; what was told meanwhile nobody repeats, so that everybody is then told to look.
"""

import asyncio
import logging
import random
from typing import Any

import psycopg
from litestar.concurrency import sync_to_thread
from sqlalchemy.exc import SQLAlchemyError

from server.storage import notices
from server.storage.database import Database
from server.storage.notices import Notice, Notices

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
"""Seconds before a connection that broke is opened again: the first time, and at most."""

_AFTER_TROUBLE = 5.0
"""Seconds before what could not be sent is tried again."""

_KEEPALIVES: dict[str, Any] = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""By the operating system, so that a line that died silently is noticed."""

_log = logging.getLogger("miratag.server")


async def hear(database: Database) -> None:
    """Tell `database.notices` what is committed, by whichever process, until this is cancelled. PostgreSQL only."""
    pause = FIRST_PAUSE
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(
                **database.connect_arguments(), **_KEEPALIVES, autocommit=True
            )
            try:
                for notice in Notice:
                    await connection.execute(f"LISTEN {notice.value}")
                pause = FIRST_PAUSE
                database.notices.tell_all()
                await _pass_on(connection, database.notices)
            finally:
                await connection.close()
        except (psycopg.Error, OSError) as error:
            told = str(error).partition("\n")[0]
            _log.warning("changes of other processes are not heard, so open pages stand still for now: %s", told)
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - so that replicas do not come together
        pause = min(pause * 2, LONGEST_PAUSE)


async def send(database: Database) -> None:
    """Tell other processes what the commits of this one left to be told, until this is cancelled; what comes after that
    every commit tells itself. PostgreSQL only."""
    loop, owed = asyncio.get_running_loop(), asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(owed.set)

    database.sending.begin(wake)
    try:
        while True:
            await owed.wait()
            await asyncio.sleep(notices.TOGETHER)
            owed.clear()
            if not await _send_owed(database):
                await asyncio.sleep(_AFTER_TROUBLE)
    finally:
        database.sending.end()
        await _send_owed(database)


async def _send_owed(database: Database) -> bool:
    """Whether it went; else it is owed still."""
    try:
        await sync_to_thread(database.send_owed)
    except SQLAlchemyError as error:
        _log.warning("changes could not be told to other processes yet: %s", type(error).__name__)
        return False
    return True


async def _pass_on(connection: psycopg.AsyncConnection, told_here: Notices) -> None:
    """Raises psycopg.OperationalError when the connection breaks."""
    # The connection's own notifies() looks ten times a second whether somebody interrupts.
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    socket = connection.fileno()
    loop.add_reader(socket, readable.set)
    try:
        readable.set()  # what came with the answer to LISTEN was read already
        while True:
            await readable.wait()
            readable.clear()
            connection.pgconn.consume_input()
            while (told := connection.pgconn.notifies()) is not None:
                told_here.tell(told.extra.decode(), Notice(told.relname.decode()))
    finally:
        loop.remove_reader(socket)
