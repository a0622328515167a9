"""The files of a form while it is written, for its script (static/uploads.js): announced, sent in pieces that go on
where a line broke, taken back. Answers are JSON; a refusal is {"sentence"}. The form takes files without this too."""

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import FromPath
from uuid6 import uuid7

from rules.decoding import UNREADABLE
from server.accounts.rights import not_found
from server.bounds import is_id
from server.media import taking
from server.media.receiving import Receiver, receive
from server.media.taking import Stores, Taken, Wanted
from server.media.uploads import Upload, wrong_offset
from server.problems import ProblemError, problem
from server.storage.database import Actor
from server.web import rendering
from server.web.session import Form, WebRequest, check_token
from server.web.visit import Visit

TOKEN_HEADER = "X-Csrf-Token"  # noqa: S105 - the name of a header
_MOST_BYTES = 8 * 1024
_MOST_NAME = 500


class _Announced(msgspec.Struct, frozen=True):
    """A file that was chosen; `size` in bytes."""

    name: str
    size: int
    keep: bool = False


def _refusal(request: Request[Any, Any, Any], error: ProblemError) -> Response[dict[str, str]]:
    sentence = rendering.words_of(request)(error.sentence)
    return Response({"sentence": sentence}, status_code=error.problem.status, headers=error.headers)


_ANSWERS: dict[int | type[Exception], Any] = {ProblemError: _refusal}


@post("/me/files", exception_handlers=_ANSWERS, request_max_body_size=_MOST_BYTES)
async def announce(
    request: WebRequest, visit: NamedDependency[Visit], stores: NamedDependency[Stores]
) -> Response[Taken]:
    """A place for the bytes of a file, under an id that this server gives."""
    _check(visit)
    try:
        announced = msgspec.json.decode(await request.body(), type=_Announced)
    except UNREADABLE:
        detail = "What the page said of this file cannot be read. Load the page again and choose the file once more."
        raise problem("bad-request", 400, "Not understood", detail) from None
    wanted = Wanted(media_id=str(uuid7()), name=announced.name[:_MOST_NAME], size=announced.size, keep=announced.keep)
    return Response(await sync_to_thread(taking.begin, stores, visit.actor, wanted))


@get("/me/files/{media_id:str}", exception_handlers=_ANSWERS, sync_to_thread=True)
def progress(
    visit: NamedDependency[Visit], stores: NamedDependency[Stores], media_id: FromPath[str]
) -> Response[Taken]:
    """How much of it is here."""
    return Response(taking.settle(stores, visit.actor, _known_form(media_id)))


@patch("/me/files/{media_id:str}", exception_handlers=_ANSWERS, request_max_body_size=None)
async def go_on(
    request: WebRequest, visit: NamedDependency[Visit], stores: NamedDependency[Stores], media_id: FromPath[str]
) -> Response[Taken]:
    """The next bytes of it; what came before a line broke is kept."""
    _check(visit)
    target = await sync_to_thread(_target, stores, visit.actor, _known_form(media_id))
    if request.headers.get("Upload-Offset") != str(target.offset):
        raise wrong_offset()
    await receive(request.stream(), Receiver(stores.database, stores.objects, visit.actor, target))
    return Response(await sync_to_thread(taking.settle, stores, visit.actor, media_id))


@delete("/me/files/{media_id:str}", exception_handlers=_ANSWERS, sync_to_thread=True, status_code=204)
def take_back(visit: NamedDependency[Visit], stores: NamedDependency[Stores], media_id: FromPath[str]) -> None:
    """Forget a file that was not sent with a report."""
    _check(visit)
    taking.forget(stores, visit.actor, _known_form(media_id))


def _check(visit: Visit) -> None:
    """A page of another server cannot set this header, and no page of ours that another person sees knows the token."""
    check_token(visit.session, Form({"csrf": [visit.request.headers.get(TOKEN_HEADER, "")]}))


def _known_form(media_id: str) -> str:
    if not is_id(media_id):
        raise not_found("file")
    return media_id


def _target(stores: Stores, actor: Actor, media_id: str) -> Upload:
    with stores.database.read(actor.organization_id) as t:
        return taking.raw_upload(t, actor, media_id)


routes = [announce, progress, go_on, take_back]
