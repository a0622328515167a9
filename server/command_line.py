"""`miratag-server`: make a server, run it, add people and checklists, and hand out enrolment codes.

Errors are one sentence on standard error. Exit codes: 0 done, 1 not done, 2 wrong usage.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from protocol.discovery import Operator
from protocol.version import VERSION
from server import policy_text_commands, visit_commands
from server.accounts import enrolment, groups, members
from server.accounts.members import NewMember
from server.demo import organization as demo
from server.founding import DEFAULT_NAME, FoundingError, found, operator_of, organizations
from server.listening import PortError
from server.problems import ProblemError
from server.receipts.keys import SigningKeyError
from server.settings import SettingsError, Written, load
from server.statistics import weeks
from server.statistics.figures import FEWEST
from server.storage.database import Actor, Database, DatabaseError, Transaction
from server.templates import reading as templates
from server.templates.importing import read_template
from server.templates.publishing import FaultyTemplateError, publish_version

_EXPECTED = (DatabaseError, FoundingError, PortError, ProblemError, SettingsError, SigningKeyError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    os.umask(0o077)  # the database, its journal and the logs are for this user only
    given = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        given.run(given)
    except FaultyTemplateError:
        return _failed("Nothing was published. Mend the above, then add it again.")
    except _EXPECTED as error:
        return _failed(str(error))
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        return _failed(f"The database does not answer: {reason}. Check its address and that it runs.")
    except OSError as error:
        return _failed(f"{error.filename or 'A file'}: {error.strerror or error}. Check the path and its permissions.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="miratag-server", description="The organization's side of Miratag.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    init = _command(commands, "init", _init, "make a server in a folder")
    init.add_argument("--organization", metavar="NAME", help="name of the organization")
    init.add_argument("--database", metavar="URL", help="postgresql+psycopg://… (default: SQLite in the folder)")
    init.add_argument("--media", metavar="URL", help="s3://…, gs://…, az://… or a folder (default: in the data folder)")
    init.add_argument("--demo", action="store_true", help="fill it with made-up people and print their passwords")

    run = _command(commands, "serve", _serve, "run the server until it is told to stop")
    run.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    run.add_argument(
        "--port", type=_port, default=8080, help="port to listen on, 0 for a free one (default: %(default)s)"
    )
    run.add_argument("--database", metavar="URL", help="instead of the one in settings.toml")
    run.add_argument("--media", metavar="URL", help="instead of the one in settings.toml")
    run.add_argument("--public-url", metavar="URL", help="the address that clients use, when a proxy stands in front")
    run.add_argument("--logs-to", metavar="URL", help="pass log data on to this OTLP/HTTP collector, keep none here")
    run.add_argument("--behind", metavar="ADDRESS", help="address of that proxy, whose X-Forwarded-For is believed")

    user = commands.add_parser("user", help="people", description="People.").add_subparsers(
        required=True, metavar="COMMAND"
    )
    add = _command(user, "add", _user_add, "add a person")
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--name", required=True, help="as colleagues know them")
    add.add_argument("--role", choices=members.ROLES, default="worker", help="default: %(default)s")
    add.add_argument("--group", metavar="NAME", help="a worker's group, or the one a manager reads; made if new")
    add.add_argument("--password-stdin", action="store_true", help="read a password for the web pages, one line")

    for name, change, purpose in (
        ("deactivate", _user_deactivate, "end a person's access at once, everywhere; their work stays"),
        ("activate", _user_activate, "let a deactivated person sign in again"),
    ):
        _command(user, name, change, purpose).add_argument("email", metavar="EMAIL")

    checklist = commands.add_parser("template", help="checklists", description="Checklists.").add_subparsers(
        required=True, metavar="COMMAND"
    )
    new = _command(checklist, "add", _template_add, "publish a checklist from a file, and print its id and version")
    new.add_argument("file", type=Path, metavar="FILE", help="JSON; with the template_id of one, its next version")
    _command(checklist, "list", _template_list, "print every checklist: its id, newest version, state and name")

    policy_text_commands.add_to(commands, _command)
    visit_commands.add_to(commands, _command, _say)

    weekly = _command(commands, "statistics", _statistics, "print the statistics of a week over all organizations")
    weekly.add_argument("--week", metavar="WEEK", help="like 2026-W09 (default: the last one that is over)")

    enrol = _command(commands, "enroll", _enroll, "print a one-time code that signs a person's device in")
    enrol.add_argument("email", metavar="EMAIL")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Callable[[argparse.Namespace], None],
    purpose: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=purpose, description=purpose.capitalize() + ".")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the server's data folder")
    parser.set_defaults(run=run)
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 65536:
        raise argparse.ArgumentTypeError(f"{text} is not a port; give 0 to 65535")
    return port


def _init(given: argparse.Namespace) -> None:
    data = given.data.absolute()
    operator = Operator(name="", address="", contact="")
    if given.demo:
        operator = Operator(name="This computer", address="127.0.0.1", contact="operator@example.invalid")
    written = Written(database=given.database or "", media=given.media or "", operator=operator)
    found(data, written, given.organization or (demo.NAME if given.demo else DEFAULT_NAME))
    if given.demo:
        with _opened(data) as (t, actor):
            facts = demo.furnish(t, actor)
        for fact in facts:
            _say(fact)
    _hint(f"Made a server in {data}. Start it with: miratag-server serve --data {data}")


def _serve(given: argparse.Namespace) -> None:
    from server.serving import serve  # the web framework takes half a second, and no other command needs it

    flags = {
        "database": given.database,
        "media": given.media,
        "public_url": given.public_url,
        "logs_to": given.logs_to,
    }
    serve(
        given.data.absolute(),
        host=given.host,
        port=given.port,
        given=flags,
        environment=os.environ,
        proxies=given.behind,
    )


def _user_add(given: argparse.Namespace) -> None:
    password = sys.stdin.readline().rstrip("\r\n") if given.password_stdin else None
    with _opened(given.data.absolute()) as (t, actor):
        group_id = _group(t, actor, given.group) if given.group else None
        member_groups = (group_id,) if group_id and given.role == "worker" else ()
        new = NewMember(name=given.name, email=given.email, role=given.role, password=password, group_ids=member_groups)
        member_id = members.add(t, actor, new)
        if given.role == "admin" or (given.role == "manager" and group_id):
            groups.give(t, actor, member_id, group_id=group_id)
    _hint(f"Added. For a code that signs their device in: miratag-server enroll --data {given.data} {given.email}")


def _user_deactivate(given: argparse.Namespace) -> None:
    with _opened(given.data.absolute()) as (t, actor):
        line = members.find_by_email(t, actor, given.email)
        members.deactivate(t, actor, line.member_id)
    _hint(f"{line.name} is signed out everywhere and cannot sign in. Their work stays.")


def _user_activate(given: argparse.Namespace) -> None:
    with _opened(given.data.absolute()) as (t, actor):
        line = members.find_by_email(t, actor, given.email)
        members.reactivate(t, actor, line.member_id)
    _hint(f"{line.name} can sign in again. For a code: miratag-server enroll --data {given.data} {given.email}")


def _template_add(given: argparse.Namespace) -> None:
    wanted = read_template(given.file.read_bytes())
    with _opened(given.data.absolute()) as (t, actor):
        try:
            published = publish_version(t, actor, wanted)
        except FaultyTemplateError as error:
            for fault in error.faults:
                _hint(f"{fault.field or given.file.name}: {fault.sentence}")
            raise
    _say(f"{published.template_id} {published.version}")


def _template_list(given: argparse.Namespace) -> None:
    with _opened(given.data.absolute()) as (t, _actor):
        for row in templates.list_all(t):
            _say(f"{row.template_id} {row.version} {'offered' if row.active else 'retired'} {row.title}")


def _statistics(given: argparse.Namespace) -> None:
    settings = load(given.data.absolute(), address="http://127.0.0.1", given={}, environment=os.environ)
    database = Database(settings.database_url)
    try:
        database.migrate()
        week = given.week or weeks.last_week(database.now())
        told = weeks.statistics(database, week, operator_of)
    finally:
        database.close()
    for one in told:
        _say(f"{week} {one.name}: {'not told' if one.mean is None else f'about {one.mean:g}'}")
    if any(one.mean is None for one in told):
        _hint(f"A number is told of {FEWEST} organizations at least, none of which stands out in it.")


def _enroll(given: argparse.Namespace) -> None:
    with _opened(given.data.absolute()) as (t, actor):
        line = members.find_by_email(t, actor, given.email)
        code = enrolment.issue(t, actor, line.member_id)
    _say(code)
    _hint(f"{line.name} can use this code once within 72 hours. It is not shown again.")


def _group(t: Transaction, actor: Actor, name: str) -> str:
    for group in groups.list_all(t):
        if group.name.casefold() == name.casefold():
            return group.group_id
    _hint(f"The group {name} is new.")
    return groups.add(t, actor, name)


@contextmanager
def _opened(data: Path) -> Iterator[tuple[Transaction, Actor]]:
    """A transaction of the server's organization, for its operator."""
    settings = load(data, address="http://127.0.0.1", given={}, environment=os.environ)
    database = Database(settings.database_url)
    try:
        database.migrate()
        organization_id = organizations(database)[0]
        with database.write(organization_id) as t:
            yield t, operator_of(organization_id)
    finally:
        database.close()


def _say(fact: str) -> None:
    print(fact, flush=True)  # noqa: T201 - what the command was asked for


def _hint(sentence: str) -> None:
    print(sentence, file=sys.stderr)  # noqa: T201 - for the person, not for a script


def _failed(sentence: str) -> int:
    _hint(sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main())
