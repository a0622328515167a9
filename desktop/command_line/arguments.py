"""The command line as a person types it."""

import argparse
from pathlib import Path

from protocol.version import VERSION

CATEGORIES = ("diagnostics", "usage", "third_party")
COMMANDS_HELP = "Without a command, the window and the tray icon open."


def parse(arguments: list[str]) -> argparse.Namespace:
    """The arguments; `command` is None for the window. Exits with 2 and a sentence on what cannot be understood."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    if parsed.command == "report":
        _check_report(parser, parsed)
    return parsed


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
    _add_account(commands)
    _add_receipt(commands)
    _add_privacy(commands)
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
    check_in = commands.add_parser("check-in", help="start a work session")
    check_in.add_argument("location", metavar="LOCATION")
    commands.add_parser("check-out", help="end the work session")
    sync = commands.add_parser("sync", help="send what waits and fetch what is new, now")
    sync.add_argument("--wait", type=_seconds, default=30.0, metavar="SECONDS", help="at most (30)")
    commands.add_parser("status", help="who is signed in, what waits, what arrived")


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
    verify = actions.add_parser("verify", help="say whether a receipt is genuine; needs no network")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument(
        "--keys", type=Path, metavar="FILE", help="public keys of the server, else those your accounts trust"
    )


def _add_privacy(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    privacy = commands.add_parser("privacy", help="what leaves this computer besides your work")
    actions = privacy.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("show", help="each category, your choice, and every connection made")
    for action, text in (("grant", "allow a category of log data"), ("deny", "stop a category of log data")):
        actions.add_parser(action, help=text).add_argument("category", choices=CATEGORIES)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 86_400:
        raise argparse.ArgumentTypeError("must be between 0 and 86400 seconds")
    return seconds
