"""The Privacy centre: choices, connections, the ledger, erasure, cookies, my data, policies.

Times are RFC 3339, sizes bytes. Long lists come in pages: `after` is the `next` of the page before, None to begin.
"""

from typing import Literal

import msgspec

from agent.api.words import Category, ConsentState, Message
from protocol.discovery import ThirdParty
from protocol.privacy import ErasureState

LedgerState = Literal["sent", "may_have_arrived", "refused"]
LossReason = str
"""Of what was recorded: purged · count · size · age · backlog · storage · refused · too_large, and as the server gave
its reason: rejected · not_allowed · unknown_to_server · erased · malformed. Of what was withheld: off · undeclared ·
expired · wrong_fields."""


# -- commands


class SetSwitch(Message, frozen=True, kw_only=True):
    """A choice that is not log data: `position` asks for the position at a check-in, `network` for the known network,
    `activity` lets a forgotten end be proposed from the last use of this computer, `keep_details` leaves the details of
    photos in, `cookies` lets the server's persistent cookies be kept. Result None."""

    account: str
    switch: Literal["position", "network", "activity", "keep_details", "cookies"]
    on: bool


class RemoveRecord(Message, frozen=True, kw_only=True):
    """Take one record out of what is next to send; counted as withdrawn. Result None; an error if it has left."""

    account: str
    seq: int


class SendLogDataNow(Message, frozen=True, kw_only=True):
    """Send what waits without waiting for more of it; result SentNow."""

    account: str


class ClearLedger(Message, frozen=True, kw_only=True):
    """Delete this computer's copy of what was sent; the counts stay. Result None."""

    account: str


class ExportLedger(Message, frozen=True, kw_only=True):
    """Write what waits, what was sent and what was lost as JSON to `path`; result Written."""

    account: str
    path: str


class EraseSent(Message, frozen=True, kw_only=True):
    """Ask the server to erase the log data that was sent in these categories (none: all). Kept in a queue of its own
    until the signed receipt is here; result ErasureItem."""

    account: str
    categories: tuple[Category, ...] = ()


class SaveErasureReceipt(Message, frozen=True, kw_only=True):
    """Write one signed receipt of an erasure to `path` as it came: the one at `number` (from 0) of
    ErasureItem.receipts; result Written."""

    account: str
    erasure_id: str
    number: int
    path: str


class ResetInstallation(Message, frozen=True, kw_only=True):
    """Send under a new random id from now on; the secret of the old one stays for erasure. What waits was numbered
    under the old id and is deleted, counted as withdrawn, so that nothing links the two. Result None."""

    account: str


class DeleteCookies(Message, frozen=True, kw_only=True):
    """Delete one cookie by `name`, or all with None; result None."""

    account: str
    name: str | None = None


class CollectMyData(Message, frozen=True, kw_only=True):
    """Everything about the person on this computer, and on the server if it answers, as one ZIP at `path`; result
    Collected."""

    account: str
    path: str


class EraseLocalCopy(Message, frozen=True, kw_only=True):
    """Sign out and delete what this computer keeps of the account, log data and ledger too. Refused while something is
    here that the server has not received, drafts too, unless `unsent_too`; what comes while the sign-out is under way
    refuses it as well, and then only the sign-out was done. Result None."""

    account: str
    unsent_too: bool = False


class AskErasure(Message, frozen=True, kw_only=True):
    """Ask the organization to erase what it holds about the person; `wish` in their words. Result DataRequest."""

    account: str
    wish: str = ""


class AnswerPolicyText(Message, frozen=True, kw_only=True):
    """Accept a version of the privacy policy; result None. It turns nothing on, and nothing waits for it."""

    account: str
    version: int


class DismissPolicyNotice(Message, frozen=True, kw_only=True):
    """The banner about a version of the privacy policy was put away; it does not come again. Result None."""

    account: str
    version: int


class DismissReceiversNotice(Message, frozen=True, kw_only=True):
    """The banner that log data would go to more than the person allowed was put away; it comes again only when the
    server names others anew. It allows nothing. Result None."""

    account: str


# -- queries


class ShowChoices(Message, frozen=True, kw_only=True):
    """Result Choices."""

    account: str


class ShowCatalog(Message, frozen=True, kw_only=True):
    """Every event that may ever be recorded; result Catalog."""


class ListWaitingRecords(Message, frozen=True, kw_only=True):
    """*Next to send*, oldest first; result WaitingRecords."""

    account: str
    after: str | None = None
    limit: int = 100


class ListLedger(Message, frozen=True, kw_only=True):
    """*Sent*, newest first; result LedgerPage."""

    account: str
    after: str | None = None
    limit: int = 50


class OpenLedgerEntry(Message, frozen=True, kw_only=True):
    """The exact bytes of one batch, decoded; result LedgerEntry."""

    account: str
    batch_id: str


class ListLosses(Message, frozen=True, kw_only=True):
    """*Lost or withheld*; result Losses."""

    account: str


class ListErasures(Message, frozen=True, kw_only=True):
    """Erasures of log data that were asked for; result Erasures."""

    account: str


class ListCookies(Message, frozen=True, kw_only=True):
    """Result Cookies."""

    account: str


class ShowOnlyHere(Message, frozen=True, kw_only=True):
    """What EraseLocalCopy would lose besides what the snapshot counts. Result OnlyHere."""

    account: str


class ListDataRequests(Message, frozen=True, kw_only=True):
    """What was asked of the organization; asks the server, and tells what is known here where that cannot be reached.
    Result DataRequests."""

    account: str


class ListPolicyTexts(Message, frozen=True, kw_only=True):
    """Result PolicyTextList; from the server, or as they were last fetched."""

    account: str


class OpenPolicyText(Message, frozen=True, kw_only=True):
    """Result OpenedPolicyText. Whoever reads a version is not told of it by the banner any more."""

    account: str
    version: int


# -- results


class CatalogField(Message, frozen=True, kw_only=True):
    """One field as it is declared; `values` are the choices, `limit` the largest number or longest text."""

    name: str
    kind: Literal["choice", "whole", "flag", "text"]
    values: tuple[str, ...] = ()
    limit: int = 0
    rounded: bool = False


class CatalogEvent(Message, frozen=True, kw_only=True):
    """One event as it is declared."""

    name: str
    version: int
    category: Category
    purpose: str
    retention_days: int
    expires: str
    fields: tuple[CatalogField, ...]


class Catalog(Message, frozen=True, kw_only=True):
    """The events by category, then name."""

    events: tuple[CatalogEvent, ...]


class RecordItem(Message, frozen=True, kw_only=True):
    """One record as it will leave or left: `fields` and `envelope` (event id, sequence, category, epoch, version) are
    decoded from the stored bytes."""

    seq: int
    name: str
    category: Category
    at: str
    size: int
    fields: dict[str, str | int | bool]
    envelope: dict[str, str | int | bool]


class WaitingRecords(Message, frozen=True, kw_only=True):
    """`due` is when the next batch leaves, None while nothing waits; `paused` why it leaves later than usual."""

    items: tuple[RecordItem, ...]
    total: int
    total_bytes: int
    next: str | None = None
    due: str | None = None
    paused: str = ""


class LedgerItem(Message, frozen=True, kw_only=True):
    """One batch that left or may have. `cleared`: this computer's copy of its bytes was deleted."""

    batch_id: str
    category: Category
    state: LedgerState
    records: int
    accepted: int
    size: int
    at: str | None
    status: int | None
    cleared: bool


class LedgerPage(Message, frozen=True, kw_only=True):
    """Newest first."""

    items: tuple[LedgerItem, ...]
    total: int
    next: str | None = None


class LedgerEntry(Message, frozen=True, kw_only=True):
    """`installation_id` is the id it left under, `sha256` of the bytes as sent; `reply` what the server answered, as
    text; `verdicts` why records were not kept, by reason; `erased` when a receipt for their erasure came."""

    item: LedgerItem
    host: str
    installation_id: str
    sha256: str
    records: tuple[RecordItem, ...]
    reply: str
    verdicts: dict[str, int]
    erased: str | None = None


class LossItem(Message, frozen=True, kw_only=True):
    """How many records were not sent or not kept, and why; `bytes` where they had been written."""

    category: Category | None
    reason: LossReason
    count: int
    bytes: int
    explanation: str


class Losses(Message, frozen=True, kw_only=True):
    """`recorded` = accepted + the losses + purged + queued, in each category; `withheld` were never recorded."""

    items: tuple[LossItem, ...]
    recorded: int
    accepted: int
    queued: int
    withheld: int


class SentNow(Message, frozen=True, kw_only=True):
    """`sentence` says what came of it, in lines of one sentence each."""

    batches: int
    records: int
    sentence: str


class Written(Message, frozen=True, kw_only=True):
    """A file was written."""

    path: str
    size: int


class ErasureItem(Message, frozen=True, kw_only=True):
    """One asked erasure. `erased` and `relayed` are counts out of the verified receipts, `relayed` by whom it was
    passed on to; `receipts` are the signed statements as JSON, one for each id that something was sent under, which
    `miratag receipt verify` reads."""

    erasure_id: str
    asked: str
    categories: tuple[Category, ...]
    state: Literal["waiting", "done"]
    trouble: str = ""
    erased: int = 0
    relayed: dict[str, int] = msgspec.field(default_factory=dict)
    done: str | None = None
    receipts: tuple[str, ...] = ()


class Erasures(Message, frozen=True, kw_only=True):
    """Newest first."""

    items: tuple[ErasureItem, ...]


class CookieItem(Message, frozen=True, kw_only=True):
    """One cookie of the account's server. `expires` is None for one that ends with the app."""

    name: str
    purpose: str
    persistent: bool
    expires: str | None
    size: int


class Cookies(Message, frozen=True, kw_only=True):
    """`refused` counts cookies that the server sent and nothing declares; they are not kept. `blocked`: persistent ones
    are not kept either."""

    items: tuple[CookieItem, ...]
    refused: int
    blocked: bool


class Collected(Message, frozen=True, kw_only=True):
    """The ZIP is at `path`; `server` is empty if the server's part is in it, else why it is not."""

    path: str
    size: int
    server: str = ""


class Collecting(Message, frozen=True, kw_only=True):
    """How far CollectMyData is: files and bytes of this computer that are in the ZIP, and how many there are; then
    `server_bytes` of the server's part, whose size nobody knows beforehand; None while that is not asked."""

    files: int = 0
    of_files: int = 0
    bytes: int = 0
    of_bytes: int = 0
    server_bytes: int | None = None


class OnlyHere(Message, frozen=True, kw_only=True):
    """What is on this computer and nowhere else, without what the snapshot counts: drafts, comments that were begun,
    and whether there is anything besides, such as a request, an answer, what the server did not take, or a damaged
    file."""

    drafts: int = 0
    comments: int = 0
    besides: bool = False

    def __bool__(self) -> bool:
        return bool(self.drafts or self.comments or self.besides)


class DataRequest(Message, frozen=True, kw_only=True):
    """One request to the organization and how it ended. `sent`: the server has it."""

    request_id: str
    wish: str
    asked: str
    state: ErasureState
    sent: bool
    until: str | None = None
    reason: str = ""


class DataRequests(Message, frozen=True, kw_only=True):
    """Newest first; `trouble` says why the server's word is not the latest."""

    items: tuple[DataRequest, ...]
    trouble: str = ""


class PolicyTextItem(Message, frozen=True, kw_only=True):
    """One version of the privacy policy; `current` is the one in effect now."""

    version: int
    title: str
    published: str
    effective: str
    changes: str
    current: bool
    answer: Literal["none", "accepted", "continued_use"]


class PolicyTextList(Message, frozen=True, kw_only=True):
    """Newest first. `contact` is the operator's, `organization` who answers for the data."""

    items: tuple[PolicyTextItem, ...]
    organization: str
    operator: str
    address: str
    contact: str
    trouble: str = ""


class OpenedPolicyText(Message, frozen=True, kw_only=True):
    """Paragraphs parted by an empty line; a heading begins with `# `."""

    item: PolicyTextItem
    text: str


class SwitchView(Message, frozen=True, kw_only=True):
    """A choice that is not log data. `locked` says who does not allow it and why, empty where the person may choose."""

    switch: Literal["position", "network", "activity", "keep_details", "cookies"]
    on: bool
    purpose: str
    records: str
    kept: str
    last: str | None = None
    locked: str = ""


class ChoiceView(Message, frozen=True, kw_only=True):
    """A category of log data as a choice: what it is for, what it records, how long it is kept, when it last left.
    `locked`: the organization or the environment keeps it off, and why; the person's own choice is kept beneath.
    `trouble`: why it is off though nobody turned it off, as with a file that cannot be used; choosing is possible.
    Of the category third_party: `third_parties` are those that it is passed on to, `third_parties_new` the names of
    those that came, or receive more, since the person allowed it; it is off then, and `state` unknown, until they allow
    it again."""

    category: Category
    state: ConsentState
    effective: bool
    locked: str
    trouble: str = ""
    purpose: str
    events: tuple[CatalogEvent, ...]
    kept_days: int
    queued: int
    sent: int
    last_sent: str | None = None
    third_parties: tuple[ThirdParty, ...] = ()
    third_parties_new: tuple[str, ...] = ()


class Choices(Message, frozen=True, kw_only=True):
    """All that the person may choose, log data first."""

    categories: tuple[ChoiceView, ...]
    switches: tuple[SwitchView, ...]


LedgerQuery = ListWaitingRecords | ListLedger | OpenLedgerEntry | ListLosses | ListErasures
LedgerResult = WaitingRecords | LedgerPage | LedgerEntry | Losses | Erasures
PrivacyCommand = (
    SetSwitch
    | RemoveRecord
    | SendLogDataNow
    | ClearLedger
    | ExportLedger
    | EraseSent
    | SaveErasureReceipt
    | ResetInstallation
    | DeleteCookies
    | CollectMyData
    | EraseLocalCopy
    | AskErasure
    | AnswerPolicyText
    | DismissPolicyNotice
    | DismissReceiversNotice
)
OwnDataQuery = ListDataRequests | ListPolicyTexts | OpenPolicyText
"""These may ask the server before they answer."""
OwnDataResult = Collected | DataRequest | DataRequests | PolicyTextList | OpenedPolicyText
PrivacyQuery = ShowChoices | ShowCatalog | LedgerQuery | ListCookies | ShowOnlyHere | OwnDataQuery
PrivacyResult = Choices | Catalog | LedgerResult | SentNow | ErasureItem | Written | Cookies | OnlyHere | OwnDataResult
