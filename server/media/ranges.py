"""A held file over HTTP, whole or in one range of it (RFC 9110, section 14)."""

import re
from collections.abc import Iterator

import msgspec

from server.media.content import Content
from server.problems import problem
from server.storage.objects import Objects

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What is answered: bytes `start` to `end` (not included) of a file, with its status and headers."""

    found: Content
    start: int
    end: int
    status: int
    headers: dict[str, str]

    def stream(self, objects: Objects) -> Iterator[bytes]:
        """The bytes, about 1 MiB at a time."""
        return self.found.stream(objects, self.start, self.end)


def requested_part(found: Content, wanted: str | None, only_if: str | None = None) -> Part:
    """The part that a Range header asks for (`only_if`: the If-Range header beside it); the whole file when there is
    none, or one that this server does not serve. Raises a 416 problem when it lies outside the file."""
    tag = f'"{found.sha256}"'
    start, end = _bounds(wanted if only_if in {None, tag} else None, found.size)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start), "ETag": tag}
    partial = (start, end) != (0, found.size)
    if partial:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{found.size}"
    return Part(found=found, start=start, end=end, status=206 if partial else 200, headers=headers)


def _bounds(text: str | None, size: int) -> tuple[int, int]:
    matched = _RANGE.fullmatch(text or "")
    if matched is None or matched[0] == "bytes=-":
        return 0, size
    first, last = matched[1], matched[2]
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    if start >= end:
        detail = f"The file has {size} bytes, and those asked for are not among them. Ask for others."
        headers = {"Content-Range": f"bytes */{size}"}
        raise problem("range", 416, "Range Not Satisfiable", detail, field="Range", headers=headers)
    return start, end
