"""Where the control socket of a profile is, and who is at the other end of a connection."""

import hashlib
import os
import socket
import stat
import struct
import sys
import tempfile
from pathlib import Path

from agent.api import AgentError
from rules.sentence import Sentence

MAX_SOCKET_PATH = 100
"""Bytes; macOS allows 104, Linux 108."""


def profile_name(profile: Path) -> str:
    """A short name of a profile folder, for sockets and keyring entries: its path may be too long or too telling."""
    return hashlib.sha256(os.fsencode(profile.resolve())).hexdigest()[:16]


def socket_path(profile: Path) -> Path:
    """Where to listen, in a folder of this user alone, which is made. Raises AgentError unavailable."""
    name = f"{profile_name(profile)}.sock"
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    path = Path(runtime, "miratag", name) if runtime else None
    if path is None or len(os.fsencode(path)) > MAX_SOCKET_PATH:
        path = Path(tempfile.gettempdir(), f"miratag-{os.getuid()}", name)
    _own_folder(path.parent)
    return path


def _own_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
        if ours:
            folder.chmod(0o700)
    except OSError:
        ours = False
    if not ours:
        raise AgentError(
            "unavailable",
            Sentence(
                "%(folder)s is not a folder of yours, so other programs cannot reach Miratag. Remove it and "
                "start again.",
                folder=folder,
            ),
        )


def peer_uid(connection: socket.socket) -> int:
    """The user at the other end of a local connection, as the kernel knows it. Raises OSError."""
    if sys.platform == "linux":
        size = struct.calcsize("3i")
        _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    else:  # macOS and the BSDs: struct xucred of LOCAL_PEERCRED at level SOL_LOCAL, its version and then the user
        _, uid = struct.unpack("Ii", connection.getsockopt(0, 1, 128)[:8])
    return int(uid)
