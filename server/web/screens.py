"""The screen that shows a location's code: its address is its token, nobody is signed in at it."""

import math
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from server.accounts.minting import Mint
from server.locations import codes, screens
from server.settings import Settings
from server.storage.database import Database
from server.web.location import check_in_address
from server.web.qr import qr
from server.web.rendering import page
from server.web.session import WebRequest

SCREEN_HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Cache-Control": "no-store"}
"""The address is a secret: it goes to no other page and into no index."""


@get("/screen/{token:str}", sync_to_thread=True)
def code_screen(
    request: WebRequest,
    database: NamedDependency[Database],
    mint: NamedDependency[Mint],
    settings: NamedDependency[Settings],
    token: FromPath[str],
) -> Response[Any]:
    """The page; its script fetches the next code when the next step begins."""
    return _shown(request, (database, mint, settings), token, "code_screen.html")


@get("/screen/{token:str}/code", sync_to_thread=True)
def code_now(
    request: WebRequest,
    database: NamedDependency[Database],
    mint: NamedDependency[Mint],
    settings: NamedDependency[Settings],
    token: FromPath[str],
) -> Response[Any]:
    """Of the page only what changes."""
    return _shown(request, (database, mint, settings), token, "code_now.html")


def _shown(request: WebRequest, of: tuple[Database, Mint, Settings], token: str, template: str) -> Response[Any]:
    database, mint, settings = of
    stand = screens.of_token(database, token, "code")
    with database.read(stand.screen.organization_id) as t:
        shown = codes.current_code(t, mint, stand.screen.location_id) if stand.active else None
        now = t.now
    ends_in = (shown.ends - now).total_seconds() if shown else 60.0
    code = shown.code if shown else ""
    return page(
        request,
        template,
        now=now,
        headers=SCREEN_HEADERS,
        place=stand.location,
        active=stand.active,
        code=code,
        halves=(code[: len(code) // 2], code[len(code) // 2 :]),
        code_qr=qr(check_in_address(settings, stand.screen.location_id, code)) if code else "",
        ends_in_ms=math.ceil(ends_in * 1000),
        refresh_after=math.ceil(ends_in),
        address=f"/screen/{token}/code",
    )


routes = [code_screen, code_now]
