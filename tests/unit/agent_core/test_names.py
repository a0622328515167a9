"""What a file may be called, and what its bytes say it is."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.media.kinds import JPEG, PDF, PNG, TEXT, UNKNOWN, ZIP, MediaKind, expected, sniff
from rules.media.names import MAX_NAME_BYTES, safe_name

BIDI = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


@given(st.text(max_size=300), st.sampled_from([JPEG, PNG, PDF, TEXT, ZIP, UNKNOWN]))
def test_any_name_becomes_one_that_is_safe_everywhere(name: str, kind: MediaKind) -> None:
    safe = safe_name(name, kind)
    assert PurePosixPath(safe).name == PureWindowsPath(safe).name == safe
    assert not any(unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} or one in BIDI for one in safe)
    assert not set(safe) & set('<>:"|?*/\\')
    assert safe.rpartition(".")[2] in kind.endings
    assert not safe.startswith((".", " "))
    assert len(safe.encode()) <= MAX_NAME_BYTES + 8
    assert safe_name(safe, kind) == safe


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("photo.JPG", JPEG, "photo.jpg"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("C:\\Users\\ana\\x.png", PNG, "x.png"),
        ("exe\u202egpj.exe", JPEG, "exegpj.exe.jpg"),
        ("CON.txt", TEXT, "_CON.txt"),
        ("", PDF, "file.pdf"),
        ("...", PDF, "file.pdf"),
        ("naïve été.pdf", PDF, "naïve été.pdf"),
        ("a\x00b\n.png", PNG, "ab.png"),
        ("page.html", TEXT, "page.html.txt"),
    ],
)
def test_names_of_every_kind(name: str, kind: MediaKind, safe: str) -> None:
    assert safe_name(name, kind) == safe


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"GIF89a", "image/gif"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypavif", "image/avif"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"\0\0\0\x14ftyp3gp5", "video/3gpp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        ("Größe: 3 m²\n".encode(), "text/plain"),
        (b"\x7fELF\x02\x01\x01\0", "application/octet-stream"),
        (b"\xe4\xf6", "application/octet-stream"),
        (b"a" * 4095 + "ä".encode()[:1], "text/plain"),
    ],
)
def test_a_kind_is_judged_by_bytes(head: bytes, content_type: str) -> None:
    assert sniff(head).content_type == content_type


def test_a_name_says_what_is_expected() -> None:
    assert expected("a.jpeg") == (JPEG,)
    assert ZIP in expected("a.docx")
    assert expected("a.unheard-of") == ()
    assert expected("jpg") == ()
