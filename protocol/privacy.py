"""What is said about log data beside OTLP, about policy texts, and about a member's own data."""

from typing import Literal

import msgspec

from protocol.statements import SignedStatement

VERDICTS_HEADER = "Miratag-Verdicts"
"""Of the reply to `POST /v1/logs`: one verdict for each record in the order of the request, run-length coded as count
and letter (`480k2d1c`). Left out where it would be over MAX_VERDICTS characters; OTLP's partial success is always
there. A collector that is not ours sends none."""
MAX_VERDICTS = 4096

VerdictLetter = Literal["k", "d", "c", "u", "e", "m", "l"]
"""k kept · d a duplicate, kept before · c category not allowed by the organization · u an event or field that the
catalog does not declare (or no longer) · e erased: the installation had this erased, and it is not kept again ·
m malformed · l too large. k and d are success; the others are final."""

LogCategory = Literal["diagnostics", "usage", "third_party"]


class LogErasureRequest(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /v1/installations/erasure` under `Authorization: Bearer <installation_id>.<secret>`: erase what this
    installation sent before `before` (RFC 3339, UTC) in these categories; none named means all. The same `erasure_id`
    again returns the same statement."""

    erasure_id: str
    categories: tuple[LogCategory, ...]
    before: str


class LogCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many records of a category; `to` names whom they were passed on to, and is empty for those kept here."""

    category: LogCategory
    records: int
    to: str = ""


class LogErasurePayload(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of an ERASURE statement: `erased` is no longer here and will not be taken again; `relayed` had been
    passed on, is not ours to erase, and names whom to ask."""

    organization_id: str
    installation_id: str
    erasure_id: str
    categories: tuple[LogCategory, ...]
    before: str
    erased: tuple[LogCount, ...]
    relayed: tuple[LogCount, ...]
    issued: str


class LogErasureReply(msgspec.Struct, frozen=True, kw_only=True):
    """`statement` is of type ERASURE, its payload a LogErasurePayload."""

    statement: SignedStatement


class PolicyTextSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the privacy policy. `effective` and `published` are RFC 3339; `changes` says in plain words what
    is different from the version before, empty for the first."""

    version: int
    title: str
    published: str
    effective: str
    changes: str = ""


class PolicyTextAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """That the member accepted a version, or went on using the service after its date; the first of each counts."""

    version: int
    how: Literal["accepted", "continued_use"]
    at: str


class PolicyTexts(msgspec.Struct, frozen=True, kw_only=True):
    """`GET /v1/policy-texts`: newest first; `answers` are the asking member's own."""

    texts: tuple[PolicyTextSummary, ...]
    answers: tuple[PolicyTextAnswer, ...] = ()


class PolicyText(msgspec.Struct, frozen=True, kw_only=True):
    """`GET /v1/policy-texts/VERSION`: the text, paragraphs parted by an empty line, headings begin with `# `; nothing
    else is markup."""

    summary: PolicyTextSummary
    text: str


class PolicyTextSaid(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /v1/policy-texts/VERSION/answer`."""

    how: Literal["accepted", "continued_use"]


ErasureState = Literal["asked", "done", "kept", "refused"]


class ErasureAsked(msgspec.Struct, frozen=True, kw_only=True):
    """`POST /v1/me/erasure-requests`: ask the organization to erase what it holds about the asking member. Sent again
    under the same id it is the same request."""

    request_id: str
    wish: str


class ErasureRequestView(msgspec.Struct, frozen=True, kw_only=True):
    """One request and its end: `kept` until a date because of a reason, `refused` because of a reason. `statement` is
    of type ERASURE_ANSWER once it has ended."""

    request_id: str
    wish: str
    asked: str
    state: ErasureState
    until: str | None = None
    reason: str = ""
    answered: str | None = None
    statement: SignedStatement | None = None


class ErasureRequests(msgspec.Struct, frozen=True, kw_only=True):
    """`GET /v1/me/erasure-requests`: the member's own, newest first. `GET /v1/me/data` is a ZIP of everything."""

    requests: tuple[ErasureRequestView, ...]


class ErasureAnswerPayload(msgspec.Struct, frozen=True, kw_only=True):
    """Payload of an ERASURE_ANSWER statement."""

    organization_id: str
    member_id: str
    request_id: str
    asked: str
    state: ErasureState
    until: str | None
    reason: str
    issued: str
