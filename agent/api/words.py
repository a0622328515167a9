"""The words that messages are made of: states, kinds and what every message is."""

from typing import Literal

import msgspec

ItemState = Literal[
    "saved", "waiting", "sending", "received", "edited", "returned", "approved", "rejected", "needs_you"
]
CommentState = Literal["saved", "waiting", "sent", "needs_you"]
MediaState = Literal["waiting", "sending", "held", "sent", "received", "elsewhere", "needs_you"]
FilterState = Literal["waiting", "needs_you", "received", "edited", "returned", "approved", "rejected"]
LinkState = Literal["unknown", "online", "offline", "server_trouble", "sign_in_needed", "untrusted", "signed_out"]
CredentialState = Literal["none", "keyring", "memory", "file", "locked", "unavailable", "checking"]
BannerKind = Literal[
    "cannot_store",
    "store_set_aside",
    "newer_store",
    "sign_in",
    "keyring",
    "disk_low",
    "untrusted",
    "update_needed",
    "policy_changed",
    "passed_on_to_more",
]
Category = Literal["diagnostics", "usage", "third_party"]
ConsentState = Literal["unknown", "granted", "denied"]
ReminderKind = Literal["shift_starts", "still_in", "report_due"]
NewsKind = Literal[
    "returned", "approved", "rejected", "comment", "conflict", "correction", "shift_starts", "still_in", "report_due"
]
ProposedEndKind = Literal["shift_end", "last_report", "last_activity"]


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What every command and query is."""


class Said(Message, frozen=True, kw_only=True):
    """A sentence with what it was made of: `text` in English; `template` with its `%(name)s` and their `values`, from
    which a window makes it in another language. A value that is one itself is translated as well."""

    text: str
    template: str
    values: tuple[tuple[str, "str | int | Said"], ...] = ()
