"""WebM and Matroska: tags, titles, attachments, times and tracks that are neither picture nor sound become void.

A copy is as long as its original, so that the positions written in it stay right (RFC 8794, RFC 9559).
"""

from collections.abc import Iterator
from typing import NamedTuple

from rules.media.stripping.streams import CannotCleanError, DamagedError, Patches, Source, Target, exactly

_HEADER, _SEGMENT = 0x1A45DFA3, 0x18538067
_SEEK, _INFO, _TRACKS, _CUES, _CLUSTER = 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B, 0x1F43B675
_TAGS, _ATTACHMENTS, _CHAPTERS = 0x1254C367, 0x1941A469, 0x1043A770
_LEVEL_ONE = {_SEEK, _INFO, _TRACKS, _CUES, _CLUSTER, _TAGS, _ATTACHMENTS, _CHAPTERS}
_VOID, _CHECK = 0xEC, 0xBF
_SCALE, _DURATION, _MUXER, _WRITER = 0x2AD7B1, 0x4489, 0x4D80, 0x5741
_TRACK, _TRACK_NUMBER, _TRACK_TYPE = 0xAE, 0xD7, 0x83
# Names of track and codec, settings and addresses of the codec, attachments of the track.
_TELLING_OF_TRACK = {0x536E, 0x258688, 0x3A9697, 0x3B4040, 0x26B240, 0x7446}
_SIMPLE_BLOCK, _BLOCK_GROUP, _BLOCK = 0xA3, 0xA0, 0xA1
_PICTURE, _SOUND, _BOTH = 1, 2, 3
_MOST_ELEMENTS = 2_000_000


class Element(NamedTuple):
    """`start` is where it begins, `body` where its content does, `end` what follows it, if its length is written."""

    kind: int
    start: int
    body: int
    end: int | None


def strip(source: Source, target: Target) -> None:
    """See rules.media.stripping."""
    file = _File(source)
    file.clean()
    file.patches.copy(source, target, file.size)


class _File:
    def __init__(self, source: Source) -> None:
        self._source = source
        self.size = source.seek(0, 2)
        self.patches = Patches()
        self._left = _MOST_ELEMENTS
        self._dropped: set[int] = set()
        self._clusters = False

    def clean(self) -> None:
        """Note all that is to be overwritten."""
        header = self._at(0, self.size)
        if header.kind != _HEADER or header.end is None:
            raise DamagedError
        segment = self._at(header.end, self.size)
        if segment.kind != _SEGMENT:
            raise DamagedError
        end = segment.end if segment.end is not None else self.size
        self._segment(segment.body, end)
        if not self._clusters:
            raise DamagedError
        self.patches.blank(end, self.size)

    def _segment(self, position: int, end: int) -> None:
        while position < end:
            one = self._at(position, end)
            if one.kind == _INFO:
                self._info(one)
            elif one.kind == _TRACKS:
                self._tracks(one)
            elif one.kind == _CLUSTER:
                self._clusters = True
                position = self._cluster(one, end)
                continue
            elif one.kind not in {_SEEK, _CUES}:
                self._void(one)
            position = _closed(one)

    def _info(self, info: Element) -> None:
        for one in self._within(info):
            if one.kind in {_MUXER, _WRITER}:
                self.patches.blank(one.body, _closed(one))  # must be there, and may be empty
            elif one.kind not in {_SCALE, _DURATION}:
                self._void(one)

    def _tracks(self, tracks: Element) -> None:
        for track in self._within(tracks):
            if track.kind != _TRACK:
                self._void(track)
                continue
            number = kind = 0
            telling = []
            for one in self._within(track):
                if one.kind in {_TRACK_NUMBER, _TRACK_TYPE}:
                    value = self._number(one)
                    number, kind = (value, kind) if one.kind == _TRACK_NUMBER else (number, value)
                elif one.kind in _TELLING_OF_TRACK or one.kind == _CHECK:
                    telling.append(one)
            if kind not in {_PICTURE, _SOUND, _BOTH}:
                if self._clusters:
                    raise CannotCleanError  # what it says was passed already
                self._dropped.add(number)
                telling = [track]
            for one in telling:
                self._void(one)

    def _cluster(self, cluster: Element, limit: int) -> int:
        """What follows it. One whose length nobody wrote ends where something of the segment's begins."""
        if cluster.end is not None and not self._dropped:
            return cluster.end
        position, end = cluster.body, cluster.end if cluster.end is not None else limit
        while position < end:
            one = self._at(position, end)
            if cluster.end is None and one.kind in _LEVEL_ONE:
                break
            if (self._dropped and self._is_dropped(one)) or one.kind == _CHECK:
                self._void(one)
            position = _closed(one)
        return position

    def _is_dropped(self, one: Element) -> bool:
        if one.kind == _BLOCK_GROUP:
            return any(self._is_dropped(block) for block in self._within(one) if block.kind == _BLOCK)
        if one.kind not in {_SIMPLE_BLOCK, _BLOCK}:
            return False
        number, _ = self._variable(one.body, keep_marker=False)
        return number in self._dropped

    # -- elements

    def _within(self, parent: Element) -> Iterator[Element]:
        position, end = parent.body, _closed(parent)
        while position < end:
            one = self._at(position, end)
            yield one
            position = _closed(one)

    def _at(self, start: int, limit: int) -> Element:
        self._left -= 1
        if not self._left:
            raise CannotCleanError
        kind, width = self._variable(start, keep_marker=True)
        if width > 4:
            raise DamagedError
        size, size_width = self._variable(start + width, keep_marker=False)
        body = start + width + size_width
        unknown = size == (1 << 7 * size_width) - 1
        if unknown and kind not in {_SEGMENT, _CLUSTER}:
            raise DamagedError
        if body > limit or (not unknown and body + size > limit):
            raise DamagedError
        return Element(kind, start, body, None if unknown else body + size)

    def _variable(self, start: int, *, keep_marker: bool) -> tuple[int, int]:
        """(value, bytes it takes) of a number whose length is in its first bits."""
        self._source.seek(start)
        first = exactly(self._source, 1)[0]
        width = 9 - first.bit_length()
        if width > 8:
            raise DamagedError
        value = first if keep_marker else first & (0xFF >> width)
        return int.from_bytes(bytes([value]) + exactly(self._source, width - 1), "big"), width

    def _number(self, one: Element) -> int:
        end = _closed(one)
        if end - one.body > 8:
            raise DamagedError
        self._source.seek(one.body)
        return int.from_bytes(exactly(self._source, end - one.body), "big")

    def _void(self, one: Element) -> None:
        """The same bytes as nothing: one element of two or more, whose length takes one byte or eight."""
        end = _closed(one)
        length = end - one.start
        wide = length > 128
        head = bytes([_VOID, 1]) + (length - 9).to_bytes(7, "big") if wide else bytes([_VOID, 0x80 | length - 2])
        self.patches.put(one.start, head)
        self.patches.blank(one.start + len(head), end)


def _closed(one: Element) -> int:
    if one.end is None:
        raise DamagedError
    return one.end
