"""The snapshot: what the tray and the top of the window show, put together from everything that is open."""

import shutil
from collections.abc import Mapping

from msgspec.structs import replace

from agent.accounts.account import Account
from agent.api import AccountView, Banner, CredentialState, LinkState, Snapshot
from agent.runtime import attending, open_ends, own_data, positions
from agent.runtime.attaching import keeps_details
from agent.runtime.rooms import OpenFailure, Rooms
from agent.runtime.workplace import Workplace
from agent.store import news
from rules.sentence import Sentence

DISK_LOW_BYTES = 200 * 1024 * 1024


def take(
    rooms: Rooms | None,
    *,
    revision: int,
    paused: bool,
    signing_in: bool,
    failures: Mapping[str, OpenFailure],
    profile_path: str,
) -> Snapshot:
    """Raises AgentError cannot_store when the rows cannot be read."""
    current = rooms.directory.current if rooms is not None else None
    if rooms is None or current is None:
        return Snapshot(
            revision=revision, paused=paused, signing_in=signing_in, banner=_failure(failures), link="signed_out"
        )
    accounts = tuple(_account(rooms, one) for one in rooms.directory.list())
    workplace = rooms.workplaces.get(current.account)
    shown = Snapshot(
        revision=revision,
        accounts=accounts,
        current=current.account,
        link=_link(current, workplace),
        paused=paused,
        signing_in=signing_in,
        banner=_banner(rooms, current, workplace, failures, profile_path),
    )
    return _with_work(shown, rooms, workplace) if workplace is not None else shown


def _with_work(shown: Snapshot, rooms: Rooms, workplace: Workplace) -> Snapshot:
    counts, rules = workplace.counts(), workplace.policy()
    sending = len(workplace.sending())
    last = workplace.last_location()
    return replace(
        shown,
        session=workplace.store.read(lambda c: open_ends.view(workplace, c)),
        open_end=workplace.store.read(lambda c: open_ends.asking(workplace, c)),
        last_location_id=last.location_id if last else None,
        last_location=last.name if last else "",
        last_code_digits=last.code_digits if last else 0,
        note_required=rules.note_required,
        photo_required=rules.photo_required,
        position_evidence=positions.wanted(workplace),
        network_evidence=attending.network_allowed(workplace),
        waiting=max(counts.waiting - sending, 0),
        sending=sending,
        needs_you=counts.needs_you,
        privacy_card=workplace.privacy_card(),
        news=bool(workplace.store.read(news.untold)),
        keeps_details=keeps_details(workplace),
        collecting=workplace.collecting,
        sent_reports_today=counts.sent_reports,
        sent_attendance_today=counts.sent_attendance,
        sent_log_records_today=rooms.logs.sent_today(workplace.account),
    )


def _account(rooms: Rooms, account: Account) -> AccountView:
    state, _ = rooms.tokens.state(account.account)
    signed_in = not account.signed_out and not rooms.tokens.sign_in_needed(account.account)
    credentials: CredentialState = "none" if account.signed_out else state
    return AccountView(
        account=account.account,
        name=account.name,
        email=account.email,
        organization=account.organization,
        server_url=account.server_url,
        signed_in=signed_in,
        credentials=credentials,
    )


def _link(account: Account, workplace: Workplace | None) -> LinkState:
    if account.signed_out:
        return "signed_out"
    return workplace.rounds.link.state if workplace is not None else "unknown"


def _failure(failures: Mapping[str, OpenFailure]) -> Banner | None:
    for failure in failures.values():
        return Banner(kind="newer_store" if failure.newer else "cannot_store", sentence=failure.sentence)
    return None


def _banner(
    rooms: Rooms,
    account: Account,
    workplace: Workplace | None,
    failures: Mapping[str, OpenFailure],
    profile_path: str,
) -> Banner | None:
    """The one that matters most."""
    failed = _failure(failures)
    if failed is not None:
        return failed
    if workplace is None:
        return None
    return (
        _connection_banner(rooms, account, workplace)
        or _set_aside_banner(rooms, workplace)
        or _small_banner(workplace, profile_path)
        or _policy_banner(workplace)
        or _receivers_banner(rooms, account, workplace)
    )


def _connection_banner(rooms: Rooms, account: Account, workplace: Workplace) -> Banner | None:
    link = workplace.rounds.link
    if link.storing:
        return Banner(kind="cannot_store", sentence=link.storing)
    if link.state == "untrusted":
        return Banner(kind="untrusted", sentence=link.sentence)
    state, sentence = rooms.tokens.state(account.account)
    if state in {"locked", "unavailable"}:
        return Banner(kind="keyring", sentence=sentence)
    if link.state == "sign_in_needed":
        return Banner(kind="sign_in", sentence=link.sentence)
    return None


def _set_aside_banner(rooms: Rooms, workplace: Workplace) -> Banner | None:
    aside = workplace.store.set_aside or rooms.state.set_aside
    if aside is None:
        return None
    return Banner(
        kind="store_set_aside",
        sentence=Sentence(
            "A file of this app was damaged. It is kept as %(name)s, and a new one was begun. What the "
            "organization has comes back from the server; show the kept file to whoever helps you.",
            name=aside.name,
        ),
    )


def _small_banner(workplace: Workplace, profile_path: str) -> Banner | None:
    free = shutil.disk_usage(profile_path).free
    if free < DISK_LOW_BYTES:
        return Banner(
            kind="disk_low",
            sentence=Sentence(
                "Only %(mib)s MiB are free on this disk. Free some space, so that photos fit.",
                mib=free // 1024 // 1024,
            ),
        )
    if workplace.update_needed():
        return Banner(
            kind="update_needed",
            sentence="Your organization's server does not know something that waits here yet. It stays saved. "
            "Update Miratag, or ask your organization to update the server.",
        )
    return None


def _policy_banner(workplace: Workplace) -> Banner | None:
    """Also for a version that holds later: that is what the notice ahead of it is for."""
    policy = own_data.notice(workplace)
    if policy is None:
        return None
    template = (
        "The privacy policy changed on %(day)s. Read what changed: miratag privacy policies %(version)s"
        if policy.current
        else "The privacy policy changes on %(day)s. Read what changes: miratag privacy policies %(version)s"
    )
    sentence = Sentence(template, day=policy.effective[:10], version=policy.version)
    return Banner(kind="policy_changed", sentence=sentence, policy=policy)


def _receivers_banner(rooms: Rooms, account: Account, workplace: Workplace) -> Banner | None:
    """What was allowed is off since others would get it too: nobody looks for that by themselves."""
    state = rooms.logs.account_log(account.account).state
    allowed = state.choices.get("third_party")
    if state.conditions.outside != "more" or allowed is None or allowed.state != "granted":
        return None
    if own_data.receivers_told(workplace) == account.third_parties:
        return None
    return Banner(
        kind="passed_on_to_more",
        sentence="Your organization passes log data on to others than those you allowed it for, or passes on more. "
        "Nothing of yours goes there: that is off until you allow it again.",
    )
