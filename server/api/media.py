"""`/v1/media`: tus 1.0.0 (https://tus.io/protocols/resumable-upload), with creation, creation-with-upload, termination,
expiration and checksum."""

import base64
import binascii
from email.utils import format_datetime
from typing import Any

from litestar import HttpMethod, Request, Response, delete, head, patch, post, route
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath

from rules.clock import parse_utc
from server.api.request_body import PieceOperation
from server.media.receiving import CHECKSUMS, Receiver, receive
from server.media.uploads import (
    NewUpload,
    Upload,
    create,
    drop_expired,
    find,
    finish,
    terminate,
    wrong_offset,
)
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.settings import Settings
from server.storage.database import Actor, Database
from server.storage.objects import Objects

PATH = "/v1/media"
VERSION = "1.0.0"
_PIECE = "application/offset+octet-stream"
_TUS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
_MAX_METADATA = 4096
_NO_TYPE = "application/octet-stream"


@route(PATH, http_method=[HttpMethod.OPTIONS], sync_to_thread=False, status_code=204)
def capabilities() -> Response[None]:
    """What this server can do; asked without a sign-in."""
    extensions = "creation,creation-with-upload,termination,expiration,checksum"
    return Response(
        None,
        status_code=204,
        headers={
            **_TUS,
            "Tus-Version": VERSION,
            "Tus-Extension": extensions,
            "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        },
    )


@post(PATH, request_max_body_size=None, operation_class=PieceOperation)
async def begin(
    *,
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    objects: NamedDependency[Objects],
    keys: NamedDependency[SigningKeys],
) -> Response[None]:
    """Begin an upload, or find the one of the same file again; with a body, its first bytes too."""
    _check_version(request)
    wanted = _announced(request)
    started = await sync_to_thread(_start, database, objects, keys, actor, wanted)
    if request.headers.get("content-type") == _PIECE and started.offset == 0:
        await receive(request.stream(), Receiver(database, objects, actor, started, _checksum(request)))
        started = await sync_to_thread(finish, database, objects, keys, actor, started.upload_id)
    location = f"{settings.public_url}{PATH}/{started.upload_id}"
    return Response(None, status_code=201, headers={**_standing(started), "Location": location})


@head(PATH + "/{upload_id:str}")
async def progress(
    *,
    request: Request[Any, Any, Any],
    upload_id: FromPath[str],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    objects: NamedDependency[Objects],
    keys: NamedDependency[SigningKeys],
) -> Response[None]:
    """How far an upload is."""
    _check_version(request)
    # Litestar answers a HEAD before its worker thread is awaited, so the thread is asked for here.
    found = await sync_to_thread(finish, database, objects, keys, actor, upload_id)
    headers = {**_standing(found), "Upload-Length": str(found.length)}
    if found.metadata:
        headers["Upload-Metadata"] = found.metadata
    return Response(None, headers=headers)


@patch(PATH + "/{upload_id:str}", status_code=204, request_max_body_size=None, operation_class=PieceOperation)
async def go_on(
    *,
    request: Request[Any, Any, Any],
    upload_id: FromPath[str],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    objects: NamedDependency[Objects],
    keys: NamedDependency[SigningKeys],
) -> Response[None]:
    """The next bytes of an upload; what came before a broken connection is kept."""
    _check_version(request)
    if request.headers.get("content-type") != _PIECE:
        detail = f"The bytes of a file are sent as {_PIECE}. Update the app and try again."
        raise problem("bad-content-type", 415, "Unsupported Media Type", detail, field="Content-Type")
    offset = _number(request, "Upload-Offset")
    checksum = _checksum(request)
    target = await sync_to_thread(_target, database, actor, upload_id)
    if offset != target.offset:
        raise wrong_offset()
    await receive(request.stream(), Receiver(database, objects, actor, target, checksum))
    reached = await sync_to_thread(finish, database, objects, keys, actor, upload_id)
    return Response(None, status_code=204, headers=_standing(reached))


@delete(PATH + "/{upload_id:str}", sync_to_thread=True)
def give_up(
    request: Request[Any, Any, Any],
    upload_id: FromPath[str],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    objects: NamedDependency[Objects],
) -> Response[None]:
    """Forget an upload that is not complete."""
    _check_version(request)
    terminate(database, objects, actor, upload_id)
    return Response(None, status_code=204, headers=_TUS)


routes = [capabilities, begin, progress, go_on, give_up]


def _start(database: Database, objects: Objects, keys: SigningKeys, actor: Actor, wanted: NewUpload) -> Upload:
    drop_expired(database, objects, actor)
    with database.write(actor.organization_id) as t:
        started = create(t, actor, wanted)
    return finish(database, objects, keys, actor, started.upload_id)


def _target(database: Database, actor: Actor, upload_id: str) -> Upload:
    with database.read(actor.organization_id) as t:
        return find(t, actor, upload_id)


def _standing(found: Upload) -> dict[str, str]:
    headers = {**_TUS, "Upload-Offset": str(found.offset)}
    if not found.done:
        headers["Upload-Expires"] = format_datetime(parse_utc(found.expires), usegmt=True)
    return headers


def _check_version(request: Request[Any, Any, Any]) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        detail = f"This server speaks version {VERSION} of tus. Update the app and try again."
        headers = {"Tus-Version": VERSION}
        raise problem("tus-version", 412, "Precondition Failed", detail, field="Tus-Resumable", headers=headers)


def _number(request: Request[Any, Any, Any], name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise _bad_header(name)
    return int(text)


def _announced(request: Request[Any, Any, Any]) -> NewUpload:
    text = request.headers.get("upload-metadata", "")
    metadata = _metadata(text)
    return NewUpload(
        length=_number(request, "Upload-Length"),
        media_id=metadata.get("media_id"),
        sha256=metadata.get("sha256"),
        content_type=metadata.get("filetype", _NO_TYPE),
        metadata=text,
    )


def _metadata(text: str) -> dict[str, str]:
    found = {}
    if len(text) > _MAX_METADATA:
        raise _bad_header("Upload-Metadata")
    for pair in text.split(",") if text.strip() else ():
        name, _, encoded = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, ValueError):
            raise _bad_header("Upload-Metadata") from None
    return found


def _checksum(request: Request[Any, Any, Any]) -> tuple[str, bytes] | None:
    text = request.headers.get("upload-checksum")
    if text is None:
        return None
    algorithm, _, encoded = text.partition(" ")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise _bad_header("Upload-Checksum") from None
    if algorithm not in CHECKSUMS:
        raise _bad_header("Upload-Checksum")
    return algorithm, digest


def _bad_header(name: str) -> ProblemError:
    detail = f"The header {name} cannot be read. Update the app and try again."
    return problem("bad-request", 400, "Bad Request", detail, field=name)
