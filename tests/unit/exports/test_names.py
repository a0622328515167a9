"""Names in an archive, whatever people called their files."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.exports.names import Taken, safe_name


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\a.txt", "C__Windows_a.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\x00b\nc.txt", "abc.txt"),
        ("CON", "_CON"),
        ("aux.txt", "_aux.txt"),
        ("  spaced   out .", "spaced out"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".jpeg", "x" * 75 + ".jpeg"),
        ("الجدار.jpg", "الجدار.jpg"),
    ],
)
def test_names_are_safe(given_name: str, safe: str) -> None:
    assert safe_name(given_name, "file") == safe


@given(st.text(max_size=200))
def test_no_name_escapes(name: str) -> None:
    safe = safe_name(name, "file")
    assert 0 < len(safe) <= 81
    assert not set(safe) & set('<>:"/\\|?*\0\n\r')
    assert safe not in {".", ".."}
    assert safe[-1] not in ". "
    assert all(unicodedata.category(letter)[0] != "C" for letter in safe)


def test_a_name_is_given_once() -> None:
    taken = Taken("report.json")
    names = ["a.jpg", "A.JPG", "a.jpg", "report.json", "Report.json", "a (2).jpg"]
    given_names = [taken.unique(name) for name in names]
    assert given_names == ["a.jpg", "A (2).JPG", "a (3).jpg", "report (2).json", "Report (3).json", "a (2) (2).jpg"]
    assert len({name.casefold() for name in given_names}) == len(names)
