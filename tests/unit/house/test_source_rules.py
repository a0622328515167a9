"""Rules over every tracked file. Each rule is a function that lists the offences, shown here to find a planted one."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PRODUCT = ("protocol", "rules", "telemetry", "agent", "ui", "desktop", "server", "installer")
FILE_LINES = 600
FUNCTION_LINES = 60
BANNED_MODULES = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager"}
# A machine's paths, and addresses of package indexes: neither says anything to another machine. Put together here, so
# that this file passes its own rule.
MACHINE = re.compile("/ro" + "ot/|/wo" + "rk/|python" + "hosted|py" + r"pi\.(org|python)")
INDEX_OPTION = re.compile(r"--(extra-)?index" + r"-url|--find" + "-links")
SLEEPERS = {("time", "sleep")}


def tracked_files() -> list[Path]:
    """What git knows here, also when not yet committed; what it ignores is left out."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True, timeout=30).stdout.decode().split("\0")
    return sorted(path for name in listed if name and (path := ROOT / name).is_file())


def python_files(*, product_only: bool = False) -> list[Path]:
    files = [path for path in tracked_files() if path.suffix == ".py"]
    return [path for path in files if not product_only or path.relative_to(ROOT).parts[0] in PRODUCT]


def hand_written() -> list[Path]:
    """Without the migrations: they list tables, one after the other, and are never changed."""
    return [path for path in python_files() if "migrations" not in path.parts]


def long_file(text: str) -> Iterator[str]:
    lines = text.count("\n")
    if lines > FILE_LINES:
        yield f"{lines} lines, more than {FILE_LINES}"


def long_functions(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"line {node.lineno}: {node.name} has {lines} lines, more than {FUNCTION_LINES}"


def sleeps(tree: ast.AST) -> Iterator[str]:
    """time.sleep under any of its names: a wait is for an event, with a deadline."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if (node.value.id, node.attr) in SLEEPERS:
                yield f"line {node.lineno}: {node.value.id}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and any((node.module, name.name) in SLEEPERS for name in node.names):
            yield f"line {node.lineno}: sleep imported from {node.module}"


def foreign_places(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if MACHINE.search(line) or INDEX_OPTION.search(line):
            yield f"line {number}: {line.strip()[:100]}"


def offences(files: list[Path], rule: object, *, parsed: bool) -> list[str]:
    assert callable(rule)
    found = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        found += [f"{path.relative_to(ROOT)}: {offence}" for offence in rule(ast.parse(text) if parsed else text)]
    return found


def test_no_file_is_long() -> None:
    assert offences(hand_written(), long_file, parsed=False) == []
    assert list(long_file("x = 1\n" * (FILE_LINES + 1)))


def test_no_function_is_long() -> None:
    assert offences(hand_written(), long_functions, parsed=True) == []
    planted = "def f():\n" + "    x = 1\n" * FUNCTION_LINES
    assert list(long_functions(ast.parse(planted)))


def test_no_product_code_sleeps() -> None:
    assert offences(python_files(product_only=True), sleeps, parsed=True) == []
    for planted in ("import time\ntime.sleep(1)", "from time import sleep"):
        assert list(sleeps(ast.parse(planted)))


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [path for path in python_files() if {path.stem, path.parent.name} & BANNED_MODULES]
    assert [str(path.relative_to(ROOT)) for path in named] == []


def test_nothing_tracked_names_a_machine_or_a_package_index() -> None:
    texts = []
    for path in tracked_files():
        try:
            path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture
        texts.append(path)
    assert len(texts) > 20
    assert offences(texts, foreign_places, parsed=False) == []
    assert list(foreign_places("see /ro" + "ot/x"))
    assert list(foreign_places("--index" + "-url x"))


@pytest.mark.parametrize(
    "folder",
    sorted({path.parent for path in python_files() if not path.is_relative_to(ROOT / "docs")}, key=str),
    ids=lambda folder: str(folder.relative_to(ROOT)),
)
def test_every_folder_says_what_belongs_in_it(folder: Path) -> None:
    init = folder / "__init__.py"
    assert init.is_file(), f"{folder.relative_to(ROOT)} has no __init__.py"
    assert ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))), f"{init.relative_to(ROOT)} says nothing"


# What a programmer reads, not the person before the window; the agent's own sentences come out of all the others.
FOR_PROGRAMMERS = {"ValueError", "TypeError", "RuntimeError", "FrameError", "StatementError", "NotImplementedError"}


A_SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}.*[.?]( |$)", re.DOTALL)
A_QUERY = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER) ")


def sentences_put_together(tree: ast.AST) -> Iterator[str]:
    """f-strings that read as a sentence: they stay English, where a Sentence is said in the language of the window."""
    skipped = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FOR_PROGRAMMERS
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in skipped:
            text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            joined = not text.strip() and any("sentence" in ast.unparse(part) for part in node.values)
            if joined or (A_SENTENCE.search(text) and not A_QUERY.match(text)):
                yield f"line {node.lineno}: {text[:60]}"


def test_no_sentence_of_the_agent_is_put_together_out_of_pieces() -> None:
    agent = [path for path in python_files(product_only=True) if path.relative_to(ROOT).parts[0] == "agent"]
    assert offences(agent, sentences_put_together, parsed=True) == []
    for planted in (
        'raise AgentError("refused", f"{name} is empty. Attach another file.")',
        'why = f"The server did not take {name}."',
        'raise _refused(f"There are {count} of them; that is too much. "\n"Take some out.")',
        'AgentError("unavailable", f"{error.sentence} Try again.")',
        'AgentError("unavailable", f"{error.sentence} {otherwise}")',
    ):
        assert list(sentences_put_together(ast.parse(planted))), planted
    assert not list(sentences_put_together(ast.parse('raise ValueError(f"{text} has no offset at all.")')))
    assert not list(sentences_put_together(ast.parse('query = f"SELECT {columns} FROM account ORDER BY rowid"')))
