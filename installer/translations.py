"""`make translations`: takes the texts that are new into every catalogue, compiles them, and says how many each lacks.

A language is there as soon as its catalogue is: `ui/translations/miratag_LANG.ts` for the app, kept with Qt's own
tools, and `server/web/locale/LANG/LC_MESSAGES/miratag.po` for the pages, kept with Babel. The app's English has plurals
only and is written by hand; it is compiled here too.
"""

import ast
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import IO, Any
from unicodedata import bidirectional
from xml.etree import ElementTree

import PySide6
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
APP = ROOT / "ui" / "translations"
PAGES = ROOT / "server" / "web" / "locale"
_LINGUIST = ROOT / "build" / "linguist" / "lupdate"
"""Of Qt 6.12 or later, which `make translations` fetches: earlier ones do not see plurals in Python."""
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "words": None,
    "count": (1, 2),
    "Sentence": (1,),
    "Fault": (2,),
    "check_text": (2,),  # what these call the thing in their sentences
    "check_name": (2,),
    "required_text": (2,),
    "not_found": (1,),
}
_REFUSALS = {"problem": 2, "refused": 1}
"""Functions that refuse, and which of their arguments is the title; the sentence follows it."""
_TOLD_IN_THE_APP = (
    *("agent", "rules/evidence.py", "rules/media/kinds.py", "rules/templates/sentences.py", "telemetry"),
    *("server/attendance", "server/media", "server/member_data/requests.py", "server/relaying/setting_up.py"),
    *("server/reports", "server/sync"),
)
"""Files and folders whose sentences the app shows as they come; `ui.wording.told` has them in the context Agent."""
_SENTENCE = re.compile(r"[A-Z].{11,}\.", re.DOTALL)
_NOT_ON_PAGES = ("server/api", "server/logs", "server/storage", "server/demo")
_FILLED_IN = re.compile(r"%\(\w+\)s|\{\w+\}")
_PLACEHOLDER = re.compile(r"%\(\w+\)[-+0-9.]*[a-z]|%L?n|\{\w+\}")
_NAME_OF_A_FILE = re.compile(r"\.\w{3,4}$")
_HEADER = "# Texts of the pages in one language; `make translations` adds new ones. See ui/translations/README.md."


class PageTexts(Catalog):
    """The texts of one language of the pages, with a header that says nothing of when and by what it was written."""

    plural_rule: tuple[int, str] | None = None

    @property
    def num_plurals(self) -> int:
        return self.plural_rule[0] if self.plural_rule else super().num_plurals

    @property
    def plural_expr(self) -> str:
        return self.plural_rule[1] if self.plural_rule else super().plural_expr

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @property
    def lacking(self) -> list[Message]:
        """Those without a translation: a number's forms count as one."""
        return [message for message in self if message.id and not all(_forms(message.string))]


def language_of(catalogue: Path) -> str:
    """The language as the file's name or its folder has it: `ar`, `pt_BR`."""
    return catalogue.stem.removeprefix("miratag_") if catalogue.suffix == ".ts" else catalogue.parents[1].name


def isolating(language: str, source: str, text: str) -> str:
    """For a language that is written from right to left, with what is filled in set apart: else a name in Latin letters
    draws the words beside it to its own side. Where no word of the language comes first, a mark says which way it runs.
    A name of a file stays plain, and so does what has no word at all."""
    ways = [bidirectional(character) for character in _PLACEHOLDER.sub("", text)]
    filled = _FILLED_IN.search(text) is not None
    has_words = any(way in ("R", "AL") for way in ways)
    if Locale.parse(language).text_direction == "ltr" or _NAME_OF_A_FILE.search(source) or not (filled or has_words):
        return text
    runs_back = next((way for way in ways if way in ("L", "R", "AL")), "L") != "L"
    begin = "" if runs_back else "\N{RIGHT-TO-LEFT MARK}"
    return begin + _FILLED_IN.sub("\N{FIRST STRONG ISOLATE}\\g<0>\N{POP DIRECTIONAL ISOLATE}", text)


def app_sources() -> list[Path]:
    """Every file with texts of the app."""
    return sorted(path for folder in ("ui", "desktop") for path in (ROOT / folder).rglob("*.py"))


def app_catalogues() -> list[Path]:
    """The app's catalogues, English among them."""
    return sorted(APP.glob("miratag_*.ts"))


def page_catalogues() -> list[Path]:
    """The pages' catalogues."""
    return sorted(PAGES.glob("*/LC_MESSAGES/miratag.po"))


def update_app(catalogue: Path) -> None:
    """Take up what the sources say; nothing is guessed from texts that look alike."""
    guesses = [word for guess in ("sametext", "similartext") for word in ("-disable-heuristic", guess)]
    options = ["-silent", "-no-obsolete", "-locations", "none", "-source-language", "en", *guesses]
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.py"
        calls = (f'translate("Agent", {json.dumps(text, ensure_ascii=False)})' for text in told_in_the_app())
        told.write_text("\n".join(calls), encoding="utf-8")
        _run([_LINGUIST, *app_sources(), told, *options, "-target-language", language_of(catalogue), "-ts", catalogue])


def told_in_the_app() -> list[str]:
    """The sentences in the code of the agent and of what the server answers an app: not what explains the code, and not
    those that are put together while it runs, which stay English, but for a Sentence, which brings its values along.
    Line by line, as they are looked up."""
    found: dict[str, None] = {}
    for path in sorted(path for place in _TOLD_IN_THE_APP for path in _python_in(ROOT / place)):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        explains = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        pieces = {id(piece) for node in nodes if isinstance(node, ast.JoinedStr) for piece in node.values}
        for node in nodes:
            text = node.value if isinstance(node, ast.Constant) else None
            if not isinstance(text, str) or id(node) in explains | pieces or "%(" in text:
                continue
            found |= dict.fromkeys(line for line in text.split("\n") if _SENTENCE.fullmatch(line))
        found |= dict.fromkeys(_templates(nodes))
    return [text for text in found if " " in text]


def _templates(nodes: list[ast.AST]) -> Iterator[str]:
    """What each Sentence in the code is made from."""
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Sentence":
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def _python_in(place: Path) -> list[Path]:
    return [place] if place.is_file() else list(place.rglob("*.py"))


def compile_app(catalogue: Path, into: Path) -> None:
    """What the program loads; a text without a translation stays out and is shown in English."""
    read = ElementTree.parse(catalogue)
    for message in read.iter("message"):
        forms = [*message.iter("numerusform")]
        for translation in forms or message.iter("translation"):
            translation.text = isolating(language_of(catalogue), message.findtext("source", ""), translation.text or "")
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / catalogue.name
        read.write(written, encoding="utf-8")
        _run([Path(PySide6.__file__).parent / "lrelease", "-silent", "-nounfinished", written, "-qm", into])


def app_lacks(catalogue: Path) -> int:
    """How many texts of it have no translation yet."""
    root = ElementTree.parse(catalogue).getroot()
    return sum(found.get("type") == "unfinished" for found in root.iter("translation"))


def source_texts() -> Catalog:
    """Every text of the pages, and every sentence of the rest of the server that they may show."""
    texts = Catalog(charset="utf-8")
    methods = [("**.py", "installer.translations:python_texts"), ("web/templates/**.html", "jinja2")]
    for folder in ("rules", "server"):
        found = extract_from_dir(
            ROOT / folder, methods, {"**.html": {"trimmed": "true"}}, _KEYWORDS, directory_filter=_may_be_shown
        )
        for _, _, message, _, context in found:
            texts.add(message, context=context)
    return texts


def page_texts(catalogue: Path) -> PageTexts:
    """One language of the pages as its file has it; nothing yet when there is no file."""
    language = language_of(catalogue)
    read = PageTexts(locale=language, charset="utf-8", header_comment=_HEADER, fuzzy=False)
    if catalogue.exists():
        with catalogue.open("rb") as file:
            kept = read_po(file, locale=language)
        # The rule of the file counts: Babel's own for Arabic has its last two forms in another order than all others.
        read.plural_rule = kept.num_plurals, kept.plural_expr
        for message in kept:
            if message.id:
                read[message.id] = message
    return read


def update_pages(catalogue: Path, sources: Catalog) -> None:
    """Take up what the sources say, in the order of the alphabet, so that two branches seldom meet on a line."""
    texts = page_texts(catalogue)
    texts.update(sources, no_fuzzy_matching=True, update_creation_date=False)
    content = io.BytesIO()
    write_po(content, texts, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    catalogue.write_bytes(content.getvalue())


def compiled_pages(catalogue: Path) -> bytes:
    """What the server loads."""
    texts = page_texts(catalogue)
    for message in texts:
        source, string = message.id if isinstance(message.id, str) else message.id[0], message.string
        if source:
            forms = [isolating(language_of(catalogue), source, form) for form in _forms(string)]
            message.string = forms[0] if isinstance(message.id, str) else tuple(forms)
    content = io.BytesIO()
    write_mo(content, texts)
    return content.getvalue()


def python_texts(
    file: IO[bytes], keywords: dict[str, Any], comment_tags: Collection[str], options: dict[str, Any]
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Babel's way of reading a Python file, and the refusals, which are translated where they are shown."""
    yield from extract_python(file, keywords, comment_tags, options)  # type: ignore[misc, arg-type]
    file.seek(0)
    for node in ast.walk(ast.parse(file.read())):
        for text in _refusal(node):
            yield node.lineno, "_", text, []  # type: ignore[attr-defined]


def _refusal(node: ast.AST) -> list[str]:
    """The title and the sentence in a call that refuses, or what is called `detail` before that; a table SENTENCES."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return _literals(node.value) if node.targets[0].id in ("detail", "SENTENCES") else []
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return []
    if node.func.id == "Problem":
        return [text for word in node.keywords if word.arg in ("title", "detail") for text in _literals(word.value)]
    title = _REFUSALS.get(node.func.id)
    return [] if title is None else [text for argument in node.args[title : title + 2] for text in _literals(argument)]


def _literals(value: ast.expr) -> list[str]:
    if isinstance(value, ast.IfExp):
        return [*_literals(value.body), *_literals(value.orelse)]
    if isinstance(value, ast.Dict):
        return [text for one in value.values for text in _literals(one)]
    return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []


def _may_be_shown(folder: str) -> bool:
    return Path(folder).relative_to(ROOT).as_posix() not in _NOT_ON_PAGES


def _forms(string: str | Sequence[str] | None) -> list[str]:
    return [string or ""] if string is None or isinstance(string, str) else list(string)


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(command, check=True, timeout=300)


def main(new_languages: list[str]) -> int:
    """Update and compile all of it, and begin what is not there yet. A text without a translation holds nobody up."""
    apps = {*app_catalogues(), *(APP / f"miratag_{language}.ts" for language in new_languages)}
    pages = {*page_catalogues(), *(PAGES / language / "LC_MESSAGES" / "miratag.po" for language in new_languages)}
    for catalogue in sorted(apps):
        if catalogue.stem != "miratag_en":
            update_app(catalogue)
        compile_app(catalogue, catalogue.with_suffix(".qm"))
        print(f"{app_lacks(catalogue):5} texts without a translation in {catalogue.relative_to(ROOT)}")
    sources = source_texts()
    for catalogue in sorted(pages):
        update_pages(catalogue, sources)
        catalogue.with_suffix(".mo").write_bytes(compiled_pages(catalogue))
        print(f"{len(page_texts(catalogue).lacking):5} texts without a translation in {catalogue.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
