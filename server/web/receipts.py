"""A receipt as a page for its author, and as the file that anybody can check without this server."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from protocol.statements import SignedStatement
from rules.receipts import read_receipt
from server.accounts.rights import not_found
from server.receipts.keys import SigningKeys
from server.reports.reading import RevisionRow, read_report
from server.web.visit import Visit


@get("/reports/{instance_id:str}/receipts/{revision_id:str}", sync_to_thread=True)
def receipt_page(
    visit: NamedDependency[Visit],
    keys: NamedDependency[SigningKeys],
    instance_id: FromPath[str],
    revision_id: FromPath[str],
) -> Response[Any]:
    """What this server put its name to, in words."""
    version, statement = _receipt(visit, instance_id, revision_id)
    return visit.page(
        "receipt.html",
        instance_id=instance_id,
        version=version,
        statement=statement,
        command=f"miratag receipt verify {_file_name(revision_id)} --keys keys.json",
        payload=read_receipt(statement, keys.public_keys()),
    )


@get("/reports/{instance_id:str}/receipts/{revision_id:str}/file", sync_to_thread=True)
def receipt_file(
    visit: NamedDependency[Visit], instance_id: FromPath[str], revision_id: FromPath[str]
) -> Response[bytes]:
    """The signed statement, as `miratag receipt verify` takes it."""
    _version, statement = _receipt(visit, instance_id, revision_id)
    return Response(
        msgspec.json.format(msgspec.json.encode(statement)),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{_file_name(revision_id)}"'},
    )


def _file_name(revision_id: str) -> str:
    return f"receipt-{revision_id}.json"


def _receipt(visit: Visit, instance_id: str, revision_id: str) -> tuple[RevisionRow, SignedStatement]:
    """Of a version of the person's own report. Raises as for one that is not there."""
    with visit.read() as t:
        found = read_report(t, visit.actor, instance_id, [revision_id])
    if found is None or found.summary.member_id != visit.actor.member_id:
        raise not_found("receipt")
    version = next((one for one in found.revisions if one.revision_id == revision_id), None)
    if version is None or version.receipt is None:
        raise not_found("receipt")
    return version, version.receipt


routes = [receipt_page, receipt_file]
