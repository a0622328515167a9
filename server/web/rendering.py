"""From a template and its view to a response: the one Jinja environment, and the headers every page carries."""

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType

from server.settings import Settings
from server.web.choices import shown_of
from server.web.optional import beside
from server.web.session import WebRequest
from server.web.times import Clock
from server.web.words import Words, words_for

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action {form_action}"


def page(
    request: WebRequest,
    template: str,
    *,
    status: int = 200,
    form_action: str = "'self'",
    headers: dict[str, str] | None = None,
    now: datetime | None = None,
    may_locate: bool = False,
    policy: str | None = None,
    **view: object,
) -> Response[str]:
    """A rendered page. Whatever stands in `view` is escaped; nothing of it is ever markup but what times.py makes.

    `form_action` is the Content-Security-Policy source list for where a form of the page may lead, redirects included.
    `may_locate`: the page has a button that asks the device where it is. `policy` stands in the place of the whole
    Content-Security-Policy.
    """
    words = words_of(request)
    view.setdefault("session", None)
    settings = settings_of(request)
    view.setdefault("theme", shown_of(request.cookies, settings).theme)
    view.setdefault("beside", beside(template, request.cookies, request.headers, settings))
    text = (
        _environment(words.language)
        .get_template(template)
        .render(
            words=words,
            clock=Clock(words, now or datetime.now(UTC)),
            path=request.url.path,
            this_page=_this_page(request),
            static=static_url,
            **view,
        )
    )
    return Response(
        text,
        status_code=status,
        media_type=MediaType.HTML,
        headers={
            **page_headers(form_action, may_locate=may_locate),
            "Content-Language": words.language,
            **({} if policy is None else {"Content-Security-Policy": policy}),
            **(headers or {}),
        },
    )


def _this_page(request: WebRequest) -> str:
    """The address of the page, to come back to it."""
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query if request.method == "GET" else ""


def words_of(request: WebRequest) -> Words:
    """The language this request is answered in."""
    chosen = shown_of(request.cookies, settings_of(request)).language
    return words_for(request.headers.get("accept-language", ""), chosen)


def settings_of(request: WebRequest) -> Settings:
    """Those of the server that answers; pages of errors have no other way to them."""
    settings: Settings = request.app.state.settings
    return settings


def page_headers(form_action: str = "'self'", *, may_locate: bool = False) -> dict[str, str]:
    """What every page says to the browser: nothing from elsewhere, nothing inline, never framed, never kept."""
    return {
        "Content-Security-Policy": _POLICY.format(form_action=form_action),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": f"camera=(), geolocation=({'self' if may_locate else ''}), microphone=()",
        "Cache-Control": "no-store",
        "Vary": "Accept-Language, Cookie",
    }


@lru_cache(maxsize=16)
def static_url(name: str) -> str:
    """The address of a file of the static folder, which changes with its content so that it may be kept for long."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@lru_cache(maxsize=64)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    # The i18n extension adds this method at run time, so that no type checker knows it.
    environment.install_gettext_translations(words_for(language).translations, newstyle=True)  # type: ignore[attr-defined]
    return environment
