"""A tus client that nobody here wrote, from npm: tus-js-client, a process for each time it runs."""

import subprocess
from pathlib import Path

import msgspec

from tests.services.npm_packages import installed, node

_PROGRAM = Path(__file__).with_name("tus_client.mjs")
_SECONDS = 60


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What it is to do: upload `path` in pieces of `chunk` bytes to `endpoint`, signed in by `token`.

    An upload that is noted in the file `urls` goes on, and a new one is noted there. It stops when `until` bytes are
    there, and with `terminate` takes them back. `checksum` is an algorithm for each piece; `spoiled` ones do not fit.
    """

    endpoint: str
    path: str
    token: str
    urls: str
    metadata: dict[str, str]
    chunk: int
    with_creation: bool = False
    until: int = 0
    terminate: bool = False
    checksum: str = ""
    spoiled: bool = False


class Ended(msgspec.Struct, frozen=True):
    """`how` is "whole", "paused", "terminated" or "error STATUS"; `asked` each method, status and offset answered, -1
    where there was none."""

    how: str
    url: str | None
    asked: tuple[tuple[str, int, int], ...]


def upload(wanted: Wanted) -> Ended:
    """Run it once."""
    command = [node() or "node", str(_PROGRAM), str(installed()), msgspec.json.encode(wanted).decode()]
    done = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=Ended)
