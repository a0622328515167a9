"""How many costly requests are served at once: a few of each person, so that nobody takes the server from others."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from server.problems import problem


class Turns:
    """Turns of one kind in this process, of which a person has `each` at once, and all together `in_all`. Thread-safe.

    `detail` tells whoever asks for more what to do. Nobody waits: who is refused asks again.
    """

    def __init__(self, each: int, detail: str, in_all: int = 1_000_000) -> None:
        self._each = each
        self._in_all = in_all
        self._detail = detail
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    def check(self, person: str) -> None:
        """Raise a 429 problem when there is no turn for them now."""
        with self._lock:
            self._check(person)

    @contextmanager
    def take(self, person: str) -> Iterator[None]:
        """Have a turn until the block ends. Raises a 429 problem when there is none."""
        with self._lock:
            self._check(person)
            self._taken[person] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[person] -= 1
                if not self._taken[person]:
                    del self._taken[person]

    def _check(self, person: str) -> None:
        if self._taken.get(person, 0) >= self._each or self._taken.total() >= self._in_all:
            raise problem("too-many-at-once", 429, "Too many at once", self._detail)
