"""A document in, a PDF out, read back by poppler."""

import subprocess
from pathlib import Path

import msgspec
import pytest

from server.confined.document import Block, Document
from server.confined.running import Limits, UnfitError, run_confined
from tests.picture_files import jpeg

LIMITS = Limits(memory=1024**3, output=64 * 1024**2, processor_seconds=30, clock_seconds=60)


def document(*blocks: Block, sizes: tuple[int, ...] = (), right_to_left: bool = False) -> Document:
    return Document(
        language="en",
        right_to_left=right_to_left,
        above="Harbour Works",
        title="Quay wall",
        page="Page {page} of {pages}",
        no_letters="Some letters are missing.",
        blocks=blocks,
        sizes=sizes,
    )


def printed(given: Document, *pictures: bytes) -> bytes:
    return run_confined("paper", [msgspec.json.encode(given) + b"\n", *pictures], LIMITS)


def read(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True, timeout=30)
    return done.stdout


def pictures_in(pdf: bytes, tmp_path: Path) -> list[tuple[str, str]]:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdfimages", "-list", path], capture_output=True, text=True, check=True, timeout=30)
    return [(line.split()[3], line.split()[4]) for line in done.stdout.splitlines()[2:]]


def test_words_facts_and_pages(tmp_path: Path) -> None:
    text = Block(kind="text", text="A line of the report.\n" * 120)
    said = read(printed(document(Block(kind="fact", name="Written by", text="Ana"), text)), tmp_path)
    assert "Quay wall" in said
    assert "Harbour Works" in said
    assert said.count("A line of the report.") == 120
    assert "Page 1 of 3" in said
    assert "Page 3 of 3" in said
    assert "missing" not in said


def test_marks_that_direct_the_letters_around_them_are_no_missing_letters(tmp_path: Path) -> None:
    words = "\N{RIGHT-TO-LEFT MARK}كُتب \N{FIRST STRONG ISOLATE}Gate 2\N{POP DIRECTIONAL ISOLATE} (77)"
    said = read(printed(document(Block(kind="text", text=words), right_to_left=True)), tmp_path)
    assert "?" not in said
    assert "missing" not in said


def test_a_fact_stands_on_the_side_of_its_document(tmp_path: Path) -> None:
    fact = Block(kind="fact", name="كتبه", text="Ana Ferreira")
    said = read(printed(document(fact, right_to_left=True)), tmp_path)
    line = next(line for line in said.splitlines() if "Ana Ferreira" in line)
    assert len(line) - len(line.lstrip()) > 10  # not at the left margin


def test_words_that_a_library_has_a_meaning_for_stay_words(tmp_path: Path) -> None:
    words = "{nb} **not bold** {page} {pages} <b>tag</b>"
    said = read(printed(document(Block(kind="text", text=words))), tmp_path)
    assert words in said
    assert "Page 1 of 1" in said


def test_scripts_that_run_from_right_to_left(tmp_path: Path) -> None:
    words = "הקיר סדוק ליד הסולם"
    said = read(printed(document(Block(kind="text", text=words), right_to_left=True)), tmp_path)
    assert words in said
    assert "سلم" in read(printed(document(Block(kind="text", text="بجانب السلم"))), tmp_path)


def test_pictures_go_in_as_they_are(tmp_path: Path) -> None:
    pictures = [jpeg(1600, 1200), jpeg(900, 1600), jpeg(2048, 60)]
    block = Block(kind="pictures", pictures=(0, 1, 2), captions=("one.jpg", "صورة.jpg", ""))
    pdf = printed(document(block, sizes=tuple(map(len, pictures))), *pictures)
    assert pictures_in(pdf, tmp_path) == [("1600", "1200"), ("900", "1600"), ("2048", "60")]
    assert "one.jpg" in read(pdf, tmp_path)


def test_letters_without_a_font_are_told(tmp_path: Path) -> None:
    said = read(printed(document(Block(kind="text", text="before \U00012000 after"))), tmp_path)
    assert "before ? after" in said
    assert "Some letters are missing." in said


@pytest.mark.parametrize("words", ["\u202egpj\u202c", "\x00\x01", "(\\) Tj ET", "w" * 3000, "{nb} {page}"])
def test_hostile_words_are_words(words: str, tmp_path: Path) -> None:
    said = read(printed(document(Block(kind="text", text=words))), tmp_path)
    assert "Page 1 of " in said


def test_a_picture_that_is_none_ends_there() -> None:
    with pytest.raises(UnfitError):
        printed(document(Block(kind="pictures", pictures=(0,), captions=("a",)), sizes=(4,)), b"junk")
