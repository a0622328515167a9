"""Every error as an answer: a problem document for programs, a page for browsers, never an inner detail for either."""

import logging
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException

from protocol.problems import CONTENT_TYPE, TYPE_PREFIX, Problem
from server.problems import ProblemError, problem
from server.storage.trouble import trouble
from server.web import errors

_log = logging.getLogger("miratag.server")
_API = ("/v1/", "/oauth/token", "/oauth/revoke", "/.well-known/", "/health/", "/schema/")

_SENTENCES = {
    400: ("bad-request", "The request was not understood. Update Miratag and try again."),
    401: ("not-signed-in", "This needs a sign-in. Sign in and try again."),
    403: ("not-allowed", "This is not allowed for your account. Ask an admin of your organization."),
    404: ("not-found", "There is nothing at this address. Check it, or go back and look again."),
    405: ("method", "This address does not do that. Update Miratag and try again."),
    413: ("too-large", "What was sent is larger than this server takes. Send it in smaller parts."),
    429: ("too-many", "Too many requests came at once. Try again in a minute."),
    500: ("server-trouble", "The server failed at this and its operator can see why in its log. Try again later."),
    503: ("unavailable", "The server cannot answer right now. Try again in a minute."),
}

_STORE = {
    "full": problem(
        "server-full",
        507,
        "Server is full",
        "The server has no room left, so nothing of this was kept there. It is sent again by itself; tell whoever runs "
        "the server.",
        headers={"Retry-After": "300"},
    ),
    "away": problem(
        "store-away",
        503,
        "Not available",
        "The server cannot reach its own storage right now, so nothing of this was kept. Try again in a minute.",
        headers={"Retry-After": "10"},
    ),
}


def on_problem(request: Request[Any, Any, Any], error: ProblemError) -> Response[Any]:
    """What an area refused."""
    return _answer(request, error.problem, error.headers, error.sentence)


def on_http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework refused before an area was asked: unknown address, wrong method, malformed input."""
    status = error.status_code if error.status_code in _SENTENCES or error.status_code < 500 else 500
    if status >= 500:
        _log.error("%s %s", request.method, request.url.path, exc_info=error)
    return _answer(request, _problem(status, _offending_field(error)), error.headers or {})


def on_anything_else(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A store that fails for now asks for patience. All else is a fault of ours: written to the log in full, told to
    the caller without any detail."""
    found = trouble(error)
    if found is not None:
        cause = getattr(error, "orig", None) or error
        _log.error("%s %s: the store is %s: %s", request.method, request.url.path, found, str(cause).partition("\n")[0])
        refusal = _STORE[found]
        return _answer(request, refusal.problem, refusal.headers)
    _log.error("%s %s", request.method, request.url.path, exc_info=error)
    return _answer(request, _problem(500, None), {})


def _problem(status: int, field: str | None) -> Problem:
    name, sentence = _SENTENCES.get(status, _SENTENCES[400])
    if field is not None:
        sentence = f"The request was not understood at {field}. Correct it, or update Miratag, and try again."
    return Problem(
        type=TYPE_PREFIX + name, title=HTTPStatus(status).phrase, status=status, detail=sentence, field=field
    )


def _offending_field(error: HTTPException) -> str | None:
    """The first path that validation names. Its message is left out: it may quote what was sent."""
    if error.status_code != 400 or not isinstance(error.extra, list):
        return None
    for entry in error.extra:
        if isinstance(entry, dict) and entry.get("key"):
            return str(entry["key"])
    return None


def _answer(
    request: Request[Any, Any, Any], problem: Problem, headers: dict[str, str], sentence: str = ""
) -> Response[Any]:
    if not request.scope["path"].startswith(_API):
        return errors.page(request, problem, headers, sentence)
    return Response(problem, status_code=problem.status, media_type=CONTENT_TYPE, headers=headers)
