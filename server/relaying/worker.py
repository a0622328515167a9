"""The threads that pass log data on: one a receiver, so that one that stalls holds up no other. Each sleeps until it is
told that something came, or until a pause is over; where nothing waits it looks at nothing."""

import logging
import random
import threading
from collections.abc import Sequence
from functools import partial

from sqlalchemy import select

from rules.retrying import pause_ceiling
from server.policy.document import policy_payload
from server.relaying import queue
from server.relaying.destinations import Arrived, Faulty, Later, Otherwise, Outcome, Receiver, Smaller
from server.relaying.queue import Taken, Waiting
from server.relaying.requests import SECONDS, NoReplyError, Poster
from server.storage.database import Database
from server.storage.tables import organization

MOST_REFUSED = 20
"""Refused pieces of one batch; then what is refused is given up whole, so that a receiver that refuses everything is
not asked about each record. As many pieces may fail while it is looked for what a receiver fails at; then what fails is
put aside whole."""
AFTER_TROUBLE = 60.0
"""Seconds before it is tried again where the database did not answer, or something else went wrong here."""

_jitter = random.SystemRandom()
_log = logging.getLogger("miratag.server")


class Relay:
    """From `begin` to `close`. With no receivers it does nothing."""

    def __init__(self, database: Database, receivers: Sequence[Receiver], seconds: float = SECONDS) -> None:
        self._lanes = [_Lane(database, receiver, Poster(seconds)) for receiver in receivers]

    def begin(self) -> None:
        """Begin with what waits from before."""
        for lane in self._lanes:
            lane.thread.start()

    def wake(self) -> None:
        """Something was put into the queue, and committed."""
        for lane in self._lanes:
            lane.woken.set()

    def close(self, wait_seconds: float = 5.0) -> None:
        """Begin no request any more. One under way may go on for its deadline; what it sends stays in the queue until
        somebody knows that it arrived."""
        for lane in self._lanes:
            lane.ended = True
            lane.woken.set()
        for lane in self._lanes:
            if lane.thread.is_alive():
                lane.thread.join(wait_seconds)


class _Sending:
    """How it goes with what was taken at once: whether anything arrived, how many records were put aside, and how many
    pieces failed in a way that may be their fault."""

    def __init__(self, organization_id: str, taken: Taken) -> None:
        self.organization_id = organization_id
        self.taken = taken
        self.arrived = False
        self.aside = 0
        self.failed = 0


class _Lane:
    """One receiver's."""

    def __init__(self, database: Database, receiver: Receiver, poster: Poster) -> None:
        self._database = database
        self._receiver = receiver
        self._poster = poster
        self._trouble = ""
        self.ended = False
        self.woken = threading.Event()
        self.thread = threading.Thread(target=self._work, name=f"relay-{receiver.destination}", daemon=True)

    def _work(self) -> None:
        while not self.ended:
            self.woken.clear()
            try:
                wait = self._round()
            except Exception:  # noqa: BLE001 - whatever it was, what waits must not wait for ever
                _log.exception("what waits could not be passed on; it is tried again in a minute")
                wait = AFTER_TROUBLE
            if not self.ended:
                self.woken.wait(wait)
        self._poster.close()

    def _round(self) -> float | None:
        """Send everything that may be sent now; seconds until there is more to do, None while nothing waits."""
        with self._database.pre_tenant() as connection:
            found = connection.execute(select(organization.c.organization_id))
            organizations = [str(one) for one in found.scalars()]
        waits = []
        for organization_id in organizations:
            while not self.ended and self._pass_on(organization_id):
                pass
            with self._database.read(organization_id) as t:
                due = queue.next_due(t, self._receiver.destination)
                if due is not None:
                    waits.append(max((due - t.now).total_seconds(), 0.05))
        return min(waits, default=None)

    def _pass_on(self, organization_id: str) -> bool:
        """Take some and send them; whether there may be more to send now."""
        with self._database.write(organization_id) as t:
            allowed = policy_payload(t).telemetry
            taken = queue.take(t, self._receiver.destination, allowed, self._receiver.most)
        if taken is None:
            return False
        sending = _Sending(organization_id, taken)
        for batch in self._receiver.batches(taken.records):
            later = self._send(sending, batch)
            if later is not None:
                return self._give_back(sending, later)
        return self._went_on(sending)

    def _went_on(self, sending: "_Sending") -> bool:
        """What follows from how it went with all that was taken; whether there may be more to send now."""
        taken = sending.taken
        if sending.aside:
            told = "%d records of log data are not passed on to %s now, which fails at them; they wait by themselves"
            _log.warning(told, sending.aside, self._receiver.name)
        if sending.aside and not sending.arrived:
            if not taken.aside:
                return self._give_back(sending, Later())
            with self._database.write(sending.organization_id) as t:
                queue.let_aside_wait(t, taken.destination)
        elif taken.failed_before and sending.arrived and not sending.aside and not taken.aside:
            with self._database.write(sending.organization_id) as t:
                queue.end_suspicion(t, taken)
        return True

    def _give_back(self, sending: "_Sending", later: Later) -> bool:
        """Nothing more is sent there now."""
        with self._database.write(sending.organization_id) as t:
            queue.give_back(t, sending.taken, partial(_pause, later.floor_seconds), suspicion=later.suspicion)
        return False

    def _send(self, sending: "_Sending", batch: Sequence[Waiting]) -> Later | None:
        """Send a batch, in halves where it is too large, or something in it cannot be read or may be what the receiver
        fails at. A Later: not now."""
        pieces, refused = [tuple(batch)], 0
        while pieces:
            with self._database.write(sending.organization_id) as t:
                piece = queue.hold_on(t, sending.taken, pieces.pop())
            if not piece:
                continue
            outcome = Later() if self.ended else self._attempt(sending, piece)
            match outcome:
                case Later(suspicion=True) if sending.taken.suspect:
                    pieces += self._look_for_it(sending, piece)
                case Later():
                    return outcome
                case Arrived(rejected=rejected):
                    self._arrived(sending, piece, rejected)
                case Otherwise():
                    pieces.append(piece)
                case Smaller() | Faulty():
                    refused += 1
                    if len(piece) > 1 and refused <= MOST_REFUSED:
                        pieces += _halves(piece)
                        continue
                    with self._database.write(sending.organization_id) as t:
                        reason: queue.Loss = "too_large" if isinstance(outcome, Smaller) else "refused"
                        queue.give_up(t, sending.taken, piece, reason)
        return None

    def _look_for_it(self, sending: "_Sending", piece: tuple[Waiting, ...]) -> list[tuple[Waiting, ...]]:
        """What the receiver fails at is in this piece: the halves of it, or none where it was put aside."""
        sending.failed += 1
        if len(piece) > 1 and sending.failed <= MOST_REFUSED:
            return _halves(piece)
        with self._database.write(sending.organization_id) as t:
            queue.set_aside(t, sending.taken, piece)
        sending.aside += len(piece)
        return []

    def _attempt(self, sending: "_Sending", piece: Sequence[Waiting]) -> Outcome:
        outgoing = self._receiver.request(sending.organization_id, piece)
        try:
            reply = self._poster.post(outgoing.url, outgoing.body, outgoing.headers)
        except NoReplyError as error:
            self._tell(f"no reply: {error}")
            return Later()
        outcome = self._receiver.outcome(reply, self._database.now())
        if not (isinstance(outcome, Later) and outcome.suspicion and sending.taken.suspect):
            self._tell(f"status {reply.status}" if isinstance(outcome, Later) else "")
        return outcome

    def _arrived(self, sending: "_Sending", piece: Sequence[Waiting], rejected: int) -> None:
        taken, sending.arrived = sending.taken, True
        with self._database.write(sending.organization_id) as t:
            queue.passed_on(t, taken, piece, self._receiver.name)
            queue.count_lost(t, taken.destination, piece[0].category, "rejected", min(rejected, len(piece)))

    def _tell(self, trouble: str) -> None:
        """Once per kind of trouble, for the operator; no address, no content."""
        if trouble != self._trouble:
            self._trouble = trouble
            if trouble:
                _log.warning("log data cannot be passed on to %s now (%s); it waits", self._receiver.name, trouble)
            else:
                _log.warning("log data is passed on to %s again", self._receiver.name)


def _halves(piece: tuple[Waiting, ...]) -> list[tuple[Waiting, ...]]:
    """The second first, since the last is sent next."""
    middle = len(piece) // 2
    return [piece[middle:], piece[:middle]]


def _pause(floor_seconds: float, attempts: int) -> float:
    return max(_jitter.uniform(0.5, max(pause_ceiling(attempts), 0.5)), floor_seconds)
