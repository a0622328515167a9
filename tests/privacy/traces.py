"""Looking for a text in files, in every form in which it may have been left there."""

import base64
import zlib
from pathlib import Path


def forms(secret: str) -> list[bytes]:
    """The secret as it may stand in a file; base64 in all three alignments, without the edges that neighbours share."""
    raw = secret.encode()
    aligned = [base64.b64encode(b"\0" * shift + raw)[4:-4] for shift in range(3)]
    return [raw, raw.hex().encode(), raw.hex().upper().encode(), secret.encode("utf-16-le"), *aligned]


def holds(content: bytes, secret: str) -> bool:
    """Whether `content`, or any gzip stream in it, whole or cut off, holds the secret in any form."""
    if any(form in content for form in forms(secret)):
        return True
    start = content.find(b"\x1f\x8b\x08")
    while start >= 0:
        inflate = zlib.decompressobj(wbits=31)
        inflated = bytearray()
        try:
            for at in range(start, len(content), 512):
                inflated += inflate.decompress(content[at : at + 512])
                if inflate.eof:
                    break
        except zlib.error:
            pass  # a stream that is cut off: what came out of it still counts
        if any(form in inflated for form in forms(secret)):
            return True
        start = content.find(b"\x1f\x8b\x08", start + 1)
    return False


def found_in(folder: Path, secret: str) -> list[str]:
    """The files that hold the secret."""
    return [one.name for one in sorted(folder.rglob("*")) if one.is_file() and holds(one.read_bytes(), secret)]
