"""`miratag-server policy-text …`: the versions of the privacy policy, as the operator publishes them."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from server.policy_texts import publishing, reading
from server.problems import problem
from server.settings import Settings, load
from server.storage.database import Database


class AddCommand(Protocol):
    """Adds one command with `--data`."""

    def __call__(
        self,
        commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
        name: str,
        run: Callable[[argparse.Namespace], None],
        purpose: str,
    ) -> argparse.ArgumentParser: ...


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", command: AddCommand) -> None:
    """Add them to a parser."""
    texts = commands.add_parser("policy-text", help="the privacy policy", description="The privacy policy.")
    actions = texts.add_subparsers(required=True, metavar="COMMAND")
    add = command(actions, "add", _add, "publish the next version from a file of paragraphs, and print its number")
    add.add_argument("file", type=Path, metavar="FILE", help="empty lines part paragraphs, headings begin with #")
    add.add_argument("--effective", type=_day, required=True, metavar="DATE", help="YYYY-MM-DD, from which it holds")
    add.add_argument("--changes", required=True, metavar="TEXT", help="what is different, in a sentence or two")
    add.add_argument("--title", default=publishing.TITLE, help="default: %(default)s")
    command(actions, "list", _list, "print every version: its number, the day from which it holds, its title")
    show = command(actions, "show", _show, "print the text of a version")
    show.add_argument("version", type=int, metavar="VERSION")
    command(actions, "draft", _draft, "print a text made of what this version of the software does")


def _add(given: argparse.Namespace) -> None:
    try:
        text = given.file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        detail = f"{given.file} is not text in UTF-8. Save it as UTF-8 and add it again."
        raise problem("bad-text", 400, "Unreadable text", detail) from None
    with _opened(given) as (_, database):
        published = publishing.publish(
            database, title=given.title, text=text, effective=given.effective, changes=given.changes
        )
    _say(str(published.version))


def _list(given: argparse.Namespace) -> None:
    with _opened(given) as (_, database), database.pre_tenant() as connection:
        for one in reading.summaries(connection):
            _say(f"{one.version} {one.effective[:10]} {one.title}")


def _show(given: argparse.Namespace) -> None:
    with _opened(given) as (_, database), database.pre_tenant() as connection:
        _say(reading.read(connection, given.version).text)


def _draft(given: argparse.Namespace) -> None:
    from server.policy_texts.first_text import first_text

    with _opened(given) as (settings, _):
        _say(first_text(settings))


@contextmanager
def _opened(given: argparse.Namespace) -> Iterator[tuple[Settings, Database]]:
    settings = load(given.data.absolute(), address="http://127.0.0.1", given={}, environment=os.environ)
    database = Database(settings.database_url)
    try:
        database.migrate()
        yield settings, database
    finally:
        database.close()


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a day; write it like 2030-01-31") from None


def _say(text: str) -> None:
    sys.stdout.write(text.rstrip("\n") + "\n")
