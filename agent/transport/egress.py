"""The egress table: each reason the app may connect for. What is not a row here does not connect."""

from enum import StrEnum

import msgspec


class EgressRow(StrEnum):
    """The row a request belongs to."""

    SIGN_IN = "sign_in"
    SYNC = "sync"
    MEDIA = "media"
    POLICY = "policy"
    LOG_DATA = "log_data"
    THIRD_PARTY = "third_party"
    ERASURE = "erasure"
    UPDATES = "updates"


COOKIE_ROWS = (EgressRow.SIGN_IN, EgressRow.SYNC, EgressRow.MEDIA, EgressRow.POLICY)
"""What bears an installation's number is not among them: no cookie may tie it to a member."""


class Egress(msgspec.Struct, frozen=True):
    """What a row is for and which fields leave with it, in words for the Connections list, each sentence in a line."""

    purpose: str
    fields: str


EGRESS: dict[EgressRow, Egress] = {
    EgressRow.SIGN_IN: Egress(
        "Sign in and stay signed in.",
        "The server's address, a one-time code or the sign-in token. Your password is typed in the browser only.",
    ),
    EgressRow.SYNC: Egress(
        "Send your reports, comments and check-ins, and fetch what changed: checklists and versions written "
        "elsewhere, too. What you ask of your organization about your own data goes here as well.",
        "Title, text, answers, comments, place, notes and reasons, file names, sizes and checksums, times with time "
        "zone, a number that names this start of the computer, the sign-in token.\n"
        "With a check-in the code that you typed and, where you switched that on in Choices, the position and which "
        "known network this computer is in.",
    ),
    EgressRow.MEDIA: Egress(
        "Send the photos, videos and files of your reports, fetch one again when you ask for it, and fetch small "
        "pictures of photos that are not on this computer when you open their report.",
        "The file as it is kept here, its name, type, size and checksum; of what is fetched, its number; the sign-in "
        "token.",
    ),
    EgressRow.POLICY: Egress(
        "Fetch your organization's settings, the server's public keys, whom it passes log data on to, and the texts of "
        "the privacy policy.",
        "The sign-in token, for settings and texts, and what you answered to a text; nothing, for the keys.",
    ),
    EgressRow.LOG_DATA: Egress(
        "Send the log data that you allowed.",
        "The events that Choices lists and a random number of this installation; neither your name nor your account. "
        "Once, to register that number, the sign-in token, which the server does not keep with it.",
    ),
    EgressRow.THIRD_PARTY: Egress(
        "Send the events that you allowed to be passed on to a third party, through your organization's server; and "
        "once that is no longer allowed, tell the server to pass on nothing that it still has.",
        "The events that Choices lists and a random number of this installation; neither your name nor your account. "
        "Once, to register that number, the sign-in token, which the server does not keep with it.",
    ),
    EgressRow.ERASURE: Egress(
        "Ask for log data that was sent to be erased, until the server's signed answer is here.",
        "The random number of each installation that something was sent under and its secret; which kinds of log data, "
        "and until when. The sign-in token only where the server must first be told such a number again.",
    ),
    EgressRow.UPDATES: Egress("Look for a newer version of this app.", "The version and the operating system."),
}


_EVERY = "With every request the version of Miratag and, unless you allowed a third party, the wish not to be tracked."
for _row, _of in EGRESS.items():
    EGRESS[_row] = Egress(_of.purpose, f"{_of.fields}\n{_EVERY}")

_COOKIES = "The cookies of this account that the list of cookies shows, if there are any."
for _row in COOKIE_ROWS:
    EGRESS[_row] = Egress(EGRESS[_row].purpose, f"{EGRESS[_row].fields}\n{_COOKIES}")
