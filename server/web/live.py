"""Telling open pages that something changed: a stream of server-sent events that bear nothing else.

The page then asks for its own counts and rows as ever, so that what it gets is what its person may see now. A stream
waits without a thread, a transaction or a connection to the database; between two words of it lies at least a second.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from threading import Lock

from litestar import get
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.response import ServerSentEvent, ServerSentEventMessage
from sqlalchemy.exc import SQLAlchemyError

from server.accounts import web_sessions
from server.outgoing import close_at_the_end
from server.storage.database import Database
from server.storage.notices import Notice
from server.web.session import Session
from server.web.visit import Visit

HEARTBEAT = 25.0
"""Seconds of silence after which a comment is sent: proxies hang up on what is silent for longer."""
REST = 1.0
"""Seconds between two words that something changed."""
PER_SESSION = 6
"""Streams of one signed-in browser, as many as browsers open to one server; a page that nobody sees has none."""
IN_ALL = 1000
"""Streams of this process."""

MANY = "many"
"""Why a stream was ended: others were opened after it. The page asks for another when it is looked at again."""
OVER = "over"
"""The same: the session is over, or its person may no longer see what others do."""
STOPPING = "stopping"
"""The same: the server ends, or begins anew; the page comes back in a moment."""

_log = logging.getLogger("miratag.server")


class Stream:
    """What one open page is told. Made in the event loop; `hear`, `end` and `close` may be called in any thread."""

    def __init__(self, streams: "Streams", database: Database, session: Session) -> None:
        self.session = session
        self._streams = streams
        self._database = database
        self._until = database.now()
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        # The session may have ended between the request and the moment from which that is heard.
        self._woken.set()
        self._ending = asyncio.Event()
        self._changed = False
        self._why = ""

    def hear(self, notice: Notice) -> None:
        """Something was committed: what the page was not told yet is remembered once, however often it happens."""
        self._loop.call_soon_threadsafe(self._note, notice)

    def end(self, why: str) -> None:
        """Say why, and end."""
        self._loop.call_soon_threadsafe(self._end, why)

    def close(self) -> None:
        """Be told of nothing any more."""
        self._streams.drop(self)

    async def events(self) -> AsyncIterator[ServerSentEventMessage]:
        """What is sent."""
        # Pages that lost one server together do not come back together.
        yield ServerSentEventMessage(data=None, comment="open", retry=2000 + secrets.randbelow(4000))
        while not self._why:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await self._woken.wait()
            except TimeoutError:
                if self._database.now() < self._until:
                    yield ServerSentEventMessage(data=None, comment="still here")
                    continue
            self._woken.clear()
            changed, self._changed = self._changed, False
            if not self._why and not await self._stands():
                self._why = OVER
            if changed and not self._why:
                yield ServerSentEventMessage(data="changed")
                await self._rest()
        if self._why != STOPPING:
            yield ServerSentEventMessage(event="ended", data=self._why)

    async def _stands(self) -> bool:
        """Whether the session still does, and its person still looks after others."""
        try:
            found = await sync_to_thread(web_sessions.standing, self._database, self.session.secret)
        except SQLAlchemyError as error:
            _log.warning("an open page was let go of, for its sign-in could not be looked up: %s", type(error).__name__)
            self._why = STOPPING  # it comes back, and is told if that is for nothing
            return True
        if found is None or found.actor != self.session.actor:
            return False
        self._until = found.until
        return True

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(REST):
                await self._ending.wait()
        except TimeoutError:
            return

    def _note(self, notice: Notice) -> None:
        self._changed = self._changed or notice is Notice.CHANGED
        self._woken.set()

    def _end(self, why: str) -> None:
        self._why = self._why or why
        self._woken.set()
        self._ending.set()


class Streams:
    """The streams of this process, of which there are never too many: the oldest gives way. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._open: list[Stream] = []
        self._stopping = False

    def take(self, session: Session) -> Stream:
        """A new one of this session, told of what is committed from now on. Call it in the event loop, and `close` what
        it gives."""
        stream = Stream(self, self._database, session)
        with self._lock:
            own = [one for one in self._open if one.session.secret == session.secret]
            leaving = own[: max(0, len(own) - PER_SESSION + 1)] or self._open[: max(0, len(self._open) - IN_ALL + 1)]
            self._open = [one for one in self._open if one not in leaving]
            self._open.append(stream)
            stopping = self._stopping
        for one in leaving:
            self._forget(one)
            one.end(MANY)
        self._database.notices.add(session.actor.organization_id, stream.hear)
        if stopping:
            stream.end(STOPPING)
        return stream

    def drop(self, stream: Stream) -> None:
        """It has ended."""
        with self._lock:
            self._open = [one for one in self._open if one is not stream]
        self._forget(stream)

    def end_all(self) -> None:
        """End those that are open and those that come: the server stops, and waits for them."""
        with self._lock:
            self._stopping = True
            leaving = list(self._open)
        for one in leaving:
            one.end(STOPPING)

    def __len__(self) -> int:
        with self._lock:
            return len(self._open)

    def _forget(self, stream: Stream) -> None:
        self._database.notices.remove(stream.session.actor.organization_id, stream.hear)


@get("/live", sync_to_thread=False)
def live(visit: NamedDependency[Visit], streams: NamedDependency[Streams]) -> ServerSentEvent:
    """For the open pages of those who look after others: a word whenever something of their organization changed."""
    visit.require_manager()
    stream = streams.take(visit.session)
    close_at_the_end(visit.request, stream.close)
    return ServerSentEvent(stream.events())


routes = [live]
