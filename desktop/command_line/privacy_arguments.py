"""The words after `miratag privacy`."""

import argparse

CATEGORIES = ("diagnostics", "usage", "third_party")
SWITCHES = ("position", "network", "activity", "keep_details", "cookies")
"""Choices that are not log data."""


def add_privacy(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`miratag privacy` and all that may follow."""
    privacy = commands.add_parser("privacy", help="what leaves this computer besides your work; alone, an overview")
    actions = privacy.add_subparsers(dest="action", metavar="ACTION")
    made = {name: actions.add_parser(name, help=text) for name, text in ACTION_HELP.items()}
    for action, text in (("grant", "allow it"), ("withdraw", "stop it at once and delete what was not sent")):
        made[action] = actions.add_parser(action, help=text)
        made[action].add_argument("choice", choices=(*CATEGORIES, *SWITCHES), metavar="CHOICE", help="see: choices")
    made["remove"].add_argument("seq", type=int, metavar="NUMBER", help="as `waiting` shows it")
    for name, most in (("waiting", 100), ("ledger", 50)):
        made[name].add_argument("--limit", type=_count, default=most, metavar="N", help=f"at most ({most})")
    made["show"].add_argument("batch", metavar="BATCH", help="as `ledger` shows it")
    made["export"].add_argument("file", metavar="FILE")
    made["erase"].add_argument("categories", nargs="*", metavar="CATEGORY", help="none: all of them")
    made["erasures"].add_argument("--save", metavar="DIR", default="", help="write the signed receipts there")
    made["data"].add_argument("file", metavar="FILE", help="as my-data.zip")
    made["ask-erasure"].add_argument(
        "wish", nargs="?", default="", metavar="WISH", help="in your own words; - reads them from standard input"
    )
    made["erase-copy"].add_argument(
        "--unsent-too", action="store_true", help="also work that the server has not received"
    )
    made["policies"].add_argument("version", nargs="?", type=int, metavar="VERSION")
    made["policies"].add_argument("--accept", action="store_true", help="accept that version")
    made["cookies"].add_argument("verb", nargs="?", choices=("delete",), metavar="delete", help="delete one, or all")
    made["cookies"].add_argument("name", nargs="?", default="", metavar="NAME", help="of a cookie, or all")
    for parser in (privacy, *made.values()):
        parser.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document")


def check_privacy(parser: argparse.ArgumentParser, wish: argparse.Namespace) -> None:
    """What the parser itself cannot see."""
    if wish.action == "cookies" and bool(wish.verb) != bool(wish.name):
        parser.error("say which: miratag privacy cookies delete NAME, or all")
    if wish.action == "policies" and wish.accept and wish.version is None:
        parser.error("say which: miratag privacy policies VERSION --accept")
    unknown = [one for one in getattr(wish, "categories", ()) if one not in CATEGORIES]
    if unknown:
        parser.error(f"{unknown[0]} is no category of log data; there are {', '.join(CATEGORIES)}")


ACTION_HELP = {
    "choices": "everything that may leave besides your work: on or off, and who locks it",
    "connections": "everything that may connect, and what did",
    "catalog": "every event that log data may ever hold, with every field",
    "waiting": "log data that is next to send",
    "remove": "take one record out of what is next to send",
    "send": "send what waits, now",
    "ledger": "every batch of log data that left or may have",
    "show": "one batch: what it said, the answer, its checksum",
    "losses": "what was lost or withheld, and the sum that leaves none out",
    "export": "what waits, what was sent and what was lost, as one JSON file",
    "clear": "delete this computer's copy of what was sent; the counts stay",
    "erase": "have log data that was sent erased by the server",
    "erasures": "how far each erasure is, and its signed receipts",
    "cookies": "what the server keeps in this program, and for how long",
    "data": "everything about you, from here and from the server, as one ZIP",
    "ask-erasure": "ask your organization to erase what it holds about you",
    "requests": "what you asked of your organization, and its answers",
    "erase-copy": "sign out and delete what this computer keeps",
    "policies": "the privacy policy: its versions, or the text of one",
    "reset-id": "send log data under another random number from now on",
}


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 1_000_000:
        raise argparse.ArgumentTypeError("must be between 1 and 1000000")
    return count
