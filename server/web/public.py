"""The pages anyone may read: home, privacy, contact. They say what the software does, and nothing else."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from rules.sentence import Sentence
from server import feed, request_log
from server.accounts import enrolment, rationing, throttle, web_sessions
from server.accounts.members import Admin, admins_of
from server.accounts.tokens import REFRESH_IDLE
from server.logs import keeping, visits
from server.media import uploads
from server.relaying.setting_up import routes_of, third_parties
from server.settings import Settings
from server.storage.database import Database
from server.web.policy_pages import policies
from server.web.rendering import page, words_of
from server.web.session import Session, WebRequest
from server.web.spans import span
from server.web.words import Words


class KeptLine(msgspec.Struct, frozen=True):
    """One kind of data, what it holds and how long it is kept."""

    name: str
    holds: str
    kept: str


class PartyLine(msgspec.Struct, frozen=True):
    """Somebody else, what they get or hold, and when."""

    name: str
    gets: str
    when: str


class ConnectionLine(msgspec.Struct, frozen=True):
    """One purpose for which the desktop app connects to this server."""

    name: str
    purpose: str


@get("/", sync_to_thread=True)
def home(
    request: WebRequest, settings: NamedDependency[Settings], visitor: NamedDependency[Session | None]
) -> Response[Any]:
    """What this is; who is signed in goes straight to their first page."""
    if visitor is not None:
        return Redirect(visitor.first_page, status_code=303)
    return _public(request, "home.html", settings, visitor)


@get("/privacy", sync_to_thread=True)
def privacy(
    request: WebRequest,
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    visitor: NamedDependency[Session | None],
) -> Response[Any]:
    """What is kept, who reads it, what connects where, and the policy as the operator wrote it."""
    words = words_of(request)
    return _public(
        request,
        "privacy.html",
        settings,
        visitor,
        kept=kept_lines(words, settings),
        connections=connection_lines(words),
        parties=party_lines(words, settings),
        policies=policies(database),
    )


@get("/contact", sync_to_thread=True)
def contact(
    request: WebRequest,
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    visitor: NamedDependency[Session | None],
) -> Response[Any]:
    """Whom to ask: of the organization, which is told to its members only, and of the server."""
    admins: tuple[Admin, ...] = ()
    if visitor is not None:
        with database.read(visitor.actor.organization_id) as t:
            admins = admins_of(t)
    return _public(request, "contact.html", settings, visitor, admins=admins)


def kept_lines(words: Words, settings: Settings) -> list[KeptLine]:
    """What the server keeps and for how long. What is kept without an end says so."""
    return [*_of_work(words), *_of_access(words), *(_of_visitors(words) if settings.pages.count_visits else ())]


def _of_visitors(words: Words) -> list[KeptLine]:
    _ = words
    return [
        KeptLine(
            _("Visits of public pages"),
            _("How often each was opened on a day, and how fast it came; of you nothing, and only if you allowed it."),
            span(words, visits.LONGEST),
        )
    ]


def party_lines(words: Words, settings: Settings) -> list[PartyLine]:
    """Everybody else who gets or holds anything, by the settings of this server."""
    _ = words
    found = []
    scheme, rest, _path = settings.media_url.partition("://")
    if rest and scheme not in {"file", "memory"}:
        provider = _STORES.get(scheme, Sentence("A storage provider"))
        holds = _("Keeps photos and files on the operator's behalf, under names that say nothing.")
        found.append(PartyLine(_(provider), holds, _("With every photo and file.")))
    relayed = routes_of(settings)
    if relayed.collector:
        gets = _("Faults and usage that people allowed in the app, under a random number; they are kept there.")
        found.append(PartyLine(relayed.collector, gets, _("Only of people that turned it on in the app.")))
    when = _("Only of people that turned it on in the app.")
    found.extend(PartyLine(one.name, _(one.receives), when) for one in third_parties(settings))
    if settings.pages.analytics_id:
        gets = _("Address and browser of a visitor, and which public page they open; nothing of anybody's work.")
        found.append(PartyLine("Google Analytics", gets, _("Only of visitors that allowed it.")))
    return found


def _of_work(words: Words) -> list[KeptLine]:
    _ = words
    until_removed = _("Until your organization has it removed; this version removes nothing by age.")
    return [
        KeptLine(
            _("Account"),
            _("Your name, e-mail, role and groups; for kiosks a number. A password and a PIN are kept only as hashes."),
            until_removed,
        ),
        KeptLine(
            _("Reports"),
            _(
                "What you wrote and answered, every edit, comments and decisions, your photos and files, and small "
                "pictures of them."
            ),
            until_removed,
        ),
        KeptLine(
            _("Attendance"),
            _(
                "Each check-in, check-out and break: when, where, how the place was chosen and what your device knew "
                "of the time; a note, photos and a location code that you gave with it. A position, and which of the "
                "place's networks your device was in, only if you turned that on."
            ),
            until_removed,
        ),
        KeptLine(
            _("Addresses of check-ins"),
            _(
                "Not kept. Where you let the network count: yes or no, whether it came from one of the place. With a "
                "location code: a mark that tells only whether the same code came from two networks."
            ),
            until_removed,
        ),
        KeptLine(
            _("Files on their way"),
            _(
                "What came of a file until all of it is here, from a browser as the camera made it; and files from a "
                "browser that no report took."
            ),
            _("%(span)s after its last piece came.", span=span(words, uploads.LIFETIME)),
        ),
        KeptLine(
            _("Privacy requests"),
            _("What you asked to have erased, the signed answer, and what you said to the privacy policy."),
            until_removed,
        ),
        KeptLine(_("Access log"), _("Who opened or changed whose data, what it was and when."), until_removed),
    ]


def _of_access(words: Words) -> list[KeptLine]:
    _ = words
    return [
        KeptLine(
            _("Sign-ins of the app"),
            _("That a device is signed in; its keys only as hashes."),
            _("%(span)s after the last use, or until you sign out.", span=span(words, REFRESH_IDLE)),
        ),
        KeptLine(
            _("Sign-ins of the browser"),
            _("That a browser is signed in; its key only as a hash."),
            _("%(span)s at most, then it is removed.", span=span(words, web_sessions.ABSOLUTE)),
        ),
        KeptLine(
            _("Requests"),
            _("Time, page and network of each request; of your address only the part shared by many."),
            words.count("%(num)d day", "%(num)d days", request_log.KEPT_DAYS),
        ),
        KeptLine(
            _("Tries to sign in"),
            _("That somebody tried, by e-mail, network, kiosk and number, in a form that cannot be read back."),
            span(words, throttle.KEPT_FOR),
        ),
        KeptLine(
            _("Beginnings of log data"),
            _("Until when it counts how often you turned log data on anew, in a form that cannot be read back."),
            _("%(span)s at most, then it is removed.", span=span(words, rationing.KEPT_FOR)),
        ),
        KeptLine(
            _("Enrolment codes"),
            _("Only a hash of the code, and whom it is for."),
            _("%(span)s, then it is removed.", span=span(words, enrolment.VALID_FOR)),
        ),
        KeptLine(
            _("Log data of the app"),
            _("What the app notes about its own working, under a random number that is not linked to you."),
            _(
                "Nothing, unless you turn it on in the app. Each kind of note for a fixed time, %(span)s at most.",
                span=span(words, keeping.LONGEST),
            ),
        ),
        KeptLine(
            _("News for your devices"),
            _("What changed in your reports, attendance and rules, until your devices have asked for it."),
            _("%(span)s; a device that asks later fetches everything anew.", span=span(words, feed.KEPT)),
        ),
    ]


def connection_lines(words: Words) -> list[ConnectionLine]:
    """What the desktop app connects for, as its own egress table has it."""
    _ = words
    return [
        ConnectionLine(_("Signing in"), _("To sign you in and to renew that.")),
        ConnectionLine(
            _("Reports and check-ins"),
            _("To hand over what you wrote, and to fetch what became of it, checklists, and what you wrote elsewhere."),
        ),
        ConnectionLine(
            _("Photos and files"), _("To hand over what you attached, and to fetch it again when you ask for it.")
        ),
        ConnectionLine(
            _("Settings and keys"),
            _(
                "To fetch the signed rules of your organization, the keys of this server, whom it passes log data on "
                "to, and the privacy policy."
            ),
        ),
        ConnectionLine(_("Log data"), _("Only after you turned it on in the app, and only the kinds you chose.")),
        ConnectionLine(
            _("Outside analytics"),
            _("Only after you turned that on by itself. This server passes it on, without your address."),
        ),
        ConnectionLine(_("Erasure of log data"), _("To have erased what was sent, when you ask for it.")),
    ]


def _public(
    request: WebRequest, template: str, settings: Settings, visitor: Session | None, **view: Any
) -> Response[str]:
    is_mail = "@" in settings.operator.contact and "://" not in settings.operator.contact
    return page(
        request,
        template,
        session=visitor,
        operator=settings.operator,
        contact_is_mail=is_mail,
        wanted=settings.pages,
        **view,
    )


_STORES = {
    "s3": Sentence("A store that speaks S3"),
    "s3a": Sentence("A store that speaks S3"),
    "gs": Sentence("Google Cloud Storage"),
    "az": Sentence("Azure Blob Storage"),
    "azure": Sentence("Azure Blob Storage"),
    "abfs": Sentence("Azure Blob Storage"),
    "abfss": Sentence("Azure Blob Storage"),
    "adl": Sentence("Azure Blob Storage"),
}
"""Providers by the scheme of the media's address."""

routes = [home, privacy, contact]
