"""One round of uploads: files of reports and events that are kept, pictures first."""

import random
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

from agent.clock import Clock
from agent.media.spool import Spool
from agent.media.tus import (
    FileGoneError,
    RequestSize,
    TusClient,
    Upload,
    UploadFailedError,
    UploadRefusedError,
)
from agent.outbox.outcomes import read_problem, sentence
from agent.schedule.due import back_off
from agent.store import media
from agent.store.media import StoredMedia
from agent.store.writer import Store
from agent.sync.asking import Asker, LinkTrouble, RoundCancelledError
from agent.transport import Cancellation, EgressRow, Reply
from rules.clock import format_utc
from rules.retrying import retry_after
from rules.sentence import Sentence

_MOST_DAMAGED = 3
Progress = Callable[[str, int], None]


class _StoppedError(Exception):
    """The person holds this file back, or took it off its report."""


class Uploader:
    """Uploads of one account. `progress(media_id, bytes)` hears how far each file came."""

    def __init__(
        self, *, asker: Asker, store: Store, spool: Spool, clock: Clock, progress: Progress, chance: random.Random
    ) -> None:
        self._asker = asker
        self._store = store
        self._spool = spool
        self._clock = clock
        self._progress = progress
        self._chance = chance
        self._size = RequestSize()
        self._lock = threading.Lock()
        self._current: tuple[str, Cancellation] | None = None
        self.moved = False
        """Whether the latest round brought any bytes further."""

    @property
    def current(self) -> str | None:
        """The file that is on its way now."""
        with self._lock:
            return self._current[0] if self._current is not None else None

    def stop(self, media_id: str) -> None:
        """Let go of it if it is on its way now; the round goes on with the next. Its row says why, or is gone."""
        with self._lock:
            current = self._current
        if current is not None and current[0] == media_id:
            current[1].cancel()

    def run(self, cancellation: Cancellation) -> int:
        """Send every file that is due; how many arrived. Raises LinkTrouble, RoundCancelledError, AgentError."""
        arrived = failures = 0
        self.moved = False
        while True:
            now = format_utc(self._clock.now())
            one = self._store.read(lambda connection, now=now: media.due(connection, now))  # type: ignore[misc]
            if one is None:
                return arrived
            try:
                self._send_alone(one, cancellation)
            except _StoppedError:
                continue
            except FileGoneError:
                self._aside(one, _gone(one))
            except UploadRefusedError as refused:
                self._aside(one, _words(refused.reply, Sentence("The server does not take “%(name)s”.", name=one.name)))
            except UploadFailedError as failed:
                failures += 1
                if failed.reply.status == 460 and one.attempts + 1 >= _MOST_DAMAGED:
                    self._aside(one, _damaged(one))
                    continue
                self._failed(one, begin_anew=failed.begin_anew)
                if failures > 1 or failed.reply.status in {429, 503}:
                    raise self._trouble(one, failed.reply) from None
            else:
                arrived += 1

    def _send_alone(self, one: StoredMedia, cancellation: Cancellation) -> None:
        """Raises as _send, and _StoppedError where it alone was stopped."""
        own = Cancellation()
        detach = cancellation.attach(own.cancel)
        with self._lock:
            self._current = one.media_id, own
        try:
            self._send(one, own)
        except RoundCancelledError:
            if cancellation.cancelled:
                raise
            raise _StoppedError from None
        finally:
            detach()
            with self._lock:
                self._current = None

    def _send(self, one: StoredMedia, cancellation: Cancellation) -> None:
        def ask(
            method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, deadline: float
        ) -> Reply:
            return self._asker.ask(
                EgressRow.MEDIA,
                method,
                url,
                headers=headers,
                body=body,
                deadline=deadline,
                cancellation=cancellation,
            )

        upload = Upload(
            media_id=one.media_id,
            name=one.name,
            content_type=one.content_type,
            size=one.size,
            sha256=one.sha256,
            path=self._spool.path(one.file_name),
            url=one.upload_url,
        )
        TusClient(self._asker.account.server_url, ask, self._size).send(
            upload,
            began=lambda url: self._store.write(lambda c: media.began(c, one.media_id, url)).result(),
            progressed=lambda reached: self._reached(one, reached),
        )
        self._store.write(lambda connection: media.sent(connection, one.media_id)).result()

    def _reached(self, one: StoredMedia, reached: int) -> None:
        goes_on = self._store.write(lambda connection: media.progressed(connection, one.media_id, reached)).result()
        self._progress(one.media_id, reached)
        self.moved = self.moved or reached > one.sent_bytes
        if not goes_on:
            raise _StoppedError

    def _trouble(self, one: StoredMedia, reply: Reply) -> LinkTrouble:
        wait = retry_after(reply.headers.get("retry-after"), self._clock.now())
        why = _words(
            reply,
            Sentence(
                "The server did not take “%(name)s” (it answered %(status)s). It is sent again.",
                name=one.name,
                status=reply.status,
            ),
        )
        return LinkTrouble("server_trouble", why, wait)

    def _aside(self, one: StoredMedia, why: str) -> None:
        self._store.write(
            lambda connection: media.set_aside(connection, one.media_id, item_id=one.item_id, sentence=why)
        ).result()

    def _failed(self, one: StoredMedia, *, begin_anew: bool) -> None:
        # An upload that ran out on the server is opened again at once, the first time.
        seconds = 0.0 if begin_anew and one.attempts == 0 else back_off(one.attempts + 1, self._chance)
        later = format_utc(self._clock.now() + timedelta(seconds=seconds))
        self._store.write(
            lambda connection: media.failed(connection, one.media_id, next_due_at=later, begin_anew=begin_anew)
        ).result()


def _gone(one: StoredMedia) -> str:
    if one.of_event:
        return Sentence(
            "“%(name)s” is not in this app's folder any more, or was changed there. What was recorded stands without "
            "it. Tell your manager if the photo matters.",
            name=one.name,
        )
    return Sentence(
        "“%(name)s” is not in this app's folder any more, or was changed there. Take it off this report, and attach "
        "the file again.",
        name=one.name,
    )


def _damaged(one: StoredMedia) -> str:
    return Sentence(
        "“%(name)s” arrived damaged at the server %(times)s times; its copy here is unharmed. "
        "Try another network, then press Retry.",
        name=one.name,
        times=_MOST_DAMAGED,
    )


def _words(reply: Reply, otherwise: str) -> str:
    return sentence(read_problem(reply.headers.get("content-type", ""), reply.body), otherwise)
