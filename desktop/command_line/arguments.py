"""The command line as a person types it."""

import argparse
from datetime import date
from pathlib import Path

from desktop.command_line.privacy_arguments import add_privacy, check_privacy
from protocol.version import VERSION

ADDED = ("check-in", "check-out", "break-start", "break-end")
COMMANDS_HELP = "Without a command, the window and the tray icon open."


def parse(arguments: list[str]) -> argparse.Namespace:
    """The arguments; `command` is None for the window. Exits with 2 and a sentence on what cannot be understood."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    if parsed.command == "report":
        _check_report(parser, parsed)
    if parsed.command in ("check-in", "timesheet", "correct"):
        _check_attendance(parser, parsed)
    if parsed.command == "privacy":
        check_privacy(parser, parsed)
    return parsed


def _check_attendance(parser: argparse.ArgumentParser, wish: argparse.Namespace) -> None:
    if wish.command == "check-in" and bool(wish.location) == bool(wish.elsewhere):
        parser.error("say where: miratag check-in LOCATION, or miratag check-in --elsewhere NOTE")
    if wish.command == "timesheet" and wish.last and (wish.week or wish.month):
        parser.error("--to goes with --from")
    if wish.command == "correct":
        _check_correction(parser, wish)


def _check_correction(parser: argparse.ArgumentParser, wish: argparse.Namespace) -> None:
    placed = bool(wish.location) + bool(wish.elsewhere)
    if placed > 1:
        parser.error("only one of --location and --elsewhere can be where it was")
    if wish.remove and (wish.add or wish.at or placed):
        parser.error("what did not happen has no other time or place: --remove stands alone")
    if wish.add:
        if not wish.at:
            parser.error("say when it was: --at TIME")
        if (wish.add == "check-in") != (wish.event is None):
            parser.error("what is added belongs to a check-in: give its id, but for --add check-in itself")
    elif wish.event is None or not (wish.remove or wish.at or placed):
        parser.error("say what should stand: miratag correct EVENT --at TIME, --location LOCATION or --remove")


def _check_report(parser: argparse.ArgumentParser, report: argparse.Namespace) -> None:
    if not report.text and not report.title and not report.checklist:
        parser.error("the report has no words: say what happened, as in: miratag report TEXT")
    if report.answers and not report.checklist:
        parser.error("answers belong to a checklist: name it with --checklist NAME")
    if "-" == report.text == report.answers:
        parser.error("only one of the text and the answers can come from standard input")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="miratag", description=f"Work reports and check-ins. {COMMANDS_HELP}")
    parser.add_argument("--version", action="version", version=f"miratag {VERSION}")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="keep everything in this folder")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of sentences")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_work(commands)
    _add_attendance(commands)
    _add_account(commands)
    _add_receipt(commands)
    add_privacy(commands)
    commands.add_parser("agent", help="run in the background without a window, until stopped")
    demo = commands.add_parser("demo", help="start a server with a demo organization and try everything on it")
    demo.add_argument("--once", action="store_true", help="without a window; end after the first report arrived")
    demo.add_argument("--data", type=Path, metavar="DIR", help="keep the demo here (else it is thrown away)")
    return parser


def _add_work(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    report = commands.add_parser("report", help="file a report")
    report.add_argument(
        "text", metavar="TEXT", nargs="?", default="", help="what happened; - reads it from standard input"
    )
    report.add_argument("--title", default="", help="else the first line of TEXT")
    report.add_argument("--location", metavar="NAME")
    report.add_argument("--attach", metavar="FILE", action="append", default=[], help="may be given again")
    report.add_argument("--checklist", metavar="NAME", help="fill this checklist of your organization")
    report.add_argument(
        "--answers", metavar="FILE", help="a JSON object of field ids and answers; files by their paths; - for stdin"
    )
    report.add_argument("--draft", action="store_true", help="keep it as a draft on this computer, to be sent later")
    drafts = commands.add_parser("drafts", help="the drafts on this computer, or send them all")
    drafts.add_argument("--send", action="store_true", help="send all that are complete")
    listed = commands.add_parser("checklists", help="the checklists of your organization, or the fields of one")
    listed.add_argument("name", metavar="NAME", nargs="?", default="")
    sync = commands.add_parser("sync", help="send what waits and fetch what is new, now")
    sync.add_argument("--wait", type=_seconds, default=30.0, metavar="SECONDS", help="at most (30)")
    commands.add_parser("status", help="who is signed in, what waits, what arrived")


def _add_attendance(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check_in = commands.add_parser("check-in", help="start a work session")
    check_in.add_argument("location", metavar="LOCATION", nargs="?", default="")
    check_in.add_argument("--elsewhere", metavar="NOTE", default="", help="where, if it is no place of the list")
    check_in.add_argument("--code", metavar="CODE", default="", help="the code that is shown there")
    check_in.add_argument("--note", metavar="NOTE", default="")
    check_in.add_argument("--photo", metavar="FILE", action="append", default=[], help="may be given again")
    commands.add_parser("check-out", help="end the work session")
    pause = commands.add_parser("break", help="start a break, or end it")
    pause.add_argument("action", choices=("start", "end"))
    finish = commands.add_parser("finish", help="give a session that nobody ended its end")
    finish.add_argument("--at", required=True, metavar="TIME", help="when you left: 16:00, or with its day")
    finish.add_argument("--reason", required=True, metavar="WHY")
    sheet = commands.add_parser("timesheet", help="your own hours; without a word, of this week")
    spans = sheet.add_mutually_exclusive_group()
    spans.add_argument("--week", action="store_true", help="this week")
    spans.add_argument("--month", action="store_true", help="this month")
    spans.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="as 2026-03-31")
    sheet.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY", help="as 2026-03-31 (today)")
    sheet.add_argument("--events", action="store_true", help="each event with its id and what it rests on")
    sheet.add_argument("--save", metavar="FILE", default="", help="as a table (.csv) or as JSON (.json)")
    sheet.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")
    correct = commands.add_parser("correct", help="let something else stand than was recorded")
    correct.add_argument("event", metavar="EVENT", nargs="?", help="its id, or with --add that of its check-in")
    correct.add_argument("--at", metavar="TIME", default="", help="when it was: 16:00, or with its day")
    correct.add_argument("--location", metavar="LOCATION", default="", help="where it was")
    correct.add_argument("--elsewhere", metavar="NOTE", default="", help="where, if it is no place of the list")
    correct.add_argument("--remove", action="store_true", help="it did not happen")
    correct.add_argument("--add", choices=ADDED, help="it happened, and is missing")
    correct.add_argument("--reason", required=True, metavar="WHY")
    withdraw = commands.add_parser("withdraw", help="take back a correction that was asked for and is not decided")
    withdraw.add_argument("ask", metavar="ID", help="as `correct` gave it, or `timesheet` lists it")


def _add_account(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    sign_in = commands.add_parser("sign-in", help="sign in, in the browser or with an enrolment code")
    sign_in.add_argument("--server", required=True, metavar="URL")
    sign_in.add_argument("--enroll", metavar="CODE", help="an enrolment code; - reads it from standard input")
    sign_in.add_argument(
        "--credentials",
        choices=("keyring", "file"),
        default="keyring",
        help="where the sign-in is kept: the keyring of the system, or a file that only you can read",
    )
    commands.add_parser("sign-out", help="end the sign-in on this computer; what waits stays saved")


def _add_receipt(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    receipt = commands.add_parser("receipt", help="look at a receipt")
    actions = receipt.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = actions.add_parser(
        "verify", help="say whether a receipt, or a statement about erasing, is genuine; needs no network"
    )
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument(
        "--keys", type=Path, metavar="FILE", help="public keys of the server, else those your accounts trust"
    )


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError("must be between 0 and 86400 seconds")
    return seconds
