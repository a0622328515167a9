"""GIF: comments and foreign blocks are left out, and what follows the end."""

from rules.media.stripping.streams import CannotCleanError, DamagedError, Source, Target, exactly

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_GRAPHIC_CONTROL, _PLAIN_TEXT, _APPLICATION = 0xF9, 0x01, 0xFF
_KEPT_APPLICATIONS = {b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"}
_MOST_BLOCKS = 20_000_000  # 5 GB of full ones


class _Blocks:
    """Counts blocks, so that a file of nothing but the smallest ends too."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._left = _MOST_BLOCKS

    def copy(self, target: Target | None) -> None:
        """Blocks up to the empty one, to `target` or to nowhere."""
        while True:
            self._left -= 1
            if not self._left:
                raise CannotCleanError
            size = exactly(self._source, 1)
            block = size + exactly(self._source, size[0])
            if target is not None:
                target.write(block)
            if size == b"\0":
                return


def strip(source: Source, target: Target) -> None:
    """Pictures, their timing, repeating and colours stay."""
    head = exactly(source, 13)
    target.write(head + exactly(source, _colours(head[10])))
    blocks = _Blocks(source)
    while True:
        kind = exactly(source, 1)[0]
        if kind == _END:
            target.write(bytes([_END]))
            return
        if kind == _IMAGE:
            place = exactly(source, 9)
            target.write(bytes([_IMAGE]) + place + exactly(source, _colours(place[8]) + 1))
            blocks.copy(target)
        elif kind == _EXTENSION:
            _extension(source, target, blocks)
        else:
            raise DamagedError


def _colours(flags: int) -> int:
    """Bytes of the colour table that follows, if one does."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _extension(source: Source, target: Target, blocks: _Blocks) -> None:
    label = exactly(source, 1)[0]
    if label in {_GRAPHIC_CONTROL, _PLAIN_TEXT}:
        target.write(bytes([_EXTENSION, label]))
        blocks.copy(target)
        return
    if label != _APPLICATION:
        blocks.copy(None)
        return
    size = exactly(source, 1)
    name = exactly(source, size[0])
    kept = target if name in _KEPT_APPLICATIONS else None
    if kept is not None:
        kept.write(bytes([_EXTENSION, label]) + size + name)
    if size != b"\0":
        blocks.copy(kept)
