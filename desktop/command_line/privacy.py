"""`miratag privacy`: choices and connections, what may be recorded, and the person's own id."""

import argparse
from collections.abc import Callable

import msgspec

from agent.api import (
    AgentError,
    Catalog,
    CatalogEvent,
    CatalogField,
    Choices,
    ChoiceView,
    Cookies,
    DeleteCookies,
    ListCookies,
    PrivacyView,
    ResetInstallation,
    SetConsent,
    SetSwitch,
    ShowCatalog,
    ShowChoices,
    ShowPrivacy,
    SwitchView,
)
from desktop.command_line import output, privacy_data, privacy_ledger
from desktop.command_line.conversation import Conversation
from desktop.command_line.privacy_arguments import CATEGORIES
from protocol.discovery import ThirdParty
from rules.sentence import plain

_TODAY = {"reports": "report", "attendance": "check-in", "log_records": "log record"}


def privacy(asked: Conversation, arguments: argparse.Namespace) -> int:
    """The action that was asked for, else the overview."""
    return ACTIONS[arguments.action or "overview"](asked, arguments)


def overview(asked: Conversation, arguments: argparse.Namespace) -> int:
    """What left today, what is on, and where to look further."""
    account = asked.account()
    view: PrivacyView = asked.look(ShowPrivacy(account=account))
    choices: Choices = asked.look(ShowChoices(account=account))
    on: list[str] = [one.category for one in choices.categories if one.effective]
    on += [one.switch for one in choices.switches if one.on and not one.locked]
    counts = view.counts
    waiting = sum(one.queued for one in choices.categories)
    sent = sum(one.sent for one in choices.categories)
    lines = [
        f"You allowed: {', '.join(on)}." if on else "Nothing optional leaves this computer.",
        f"Today this computer sent {', '.join(counted(counts.get(key, 0), noun) for key, noun in _TODAY.items())}.",
        f"Log data: {waiting} waiting, {sent} sent.",
        f"Connections: {sum(bool(one.requests) for one in view.connections)} of {len(view.connections)} were used.",
        "More: miratag privacy choices, connections, waiting, ledger, losses, erasures, cookies, data, policies",
    ]
    document = {
        "on": on,
        "sent_today": counts,
        "categories": msgspec.to_builtins(choices.categories, enc_hook=plain),
        "switches": msgspec.to_builtins(choices.switches, enc_hook=plain),
        "connections": msgspec.to_builtins(view.connections, enc_hook=plain),
    }
    output.answer(document, lines, as_json=arguments.json)
    return output.DONE


def show_choices(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Everything that may leave besides the work."""
    choices: Choices = asked.look(ShowChoices(account=asked.account()))
    lines: list[str] = []
    for category in choices.categories:
        lines += _category_lines(category)
    for switch in choices.switches:
        lines += _switch_lines(switch)
    output.answer(msgspec.to_builtins(choices, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def _category_lines(one: ChoiceView) -> list[str]:
    state = {"unknown": "not chosen, so off", "granted": "allowed", "denied": "off"}[one.state]
    lines = [f"{one.category}: {state}. {one.purpose}"]
    if one.locked or one.trouble:
        lines.append(f"  {one.locked or one.trouble}")
    lines += [f"  Passed on to {_receiver(party)}" for party in one.third_parties]
    if one.third_parties_new:
        lines.append(f"  New since you allowed it: {', '.join(one.third_parties_new)}.")
    if one.events:
        names = ", ".join(f"{event.name} (kept for {counted(event.retention_days, 'day')})" for event in one.events)
        lines.append(f"  Records: {names}. The server keeps them that long.")
    lines.append(f"  {one.queued} waiting, {one.sent} sent{f', last {one.last_sent}' if one.last_sent else ''}.")
    return lines


def _receiver(party: ThirdParty) -> str:
    return f"{party.name} ({party.host}). {party.purpose} It receives: {party.receives}"


def _switch_lines(one: SwitchView) -> list[str]:
    lines = [f"{one.switch}: {'on' if one.on else 'off'}. {one.purpose}"]
    if one.locked:
        lines.append(f"  {one.locked}")
    lines.append(f"  Records: {one.records}")
    lines.append(f"  Kept: {one.kept}")
    if one.last:
        lines.append(f"  Last: {one.last}.")
    return lines


def grant(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Allow it."""
    return _choose(asked, arguments, granted=True)


def withdraw(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Stop it, and offer the erasure of what was sent."""
    return _choose(asked, arguments, granted=False)


def _choose(asked: Conversation, arguments: argparse.Namespace, *, granted: bool) -> int:
    account, choice = asked.account(), arguments.choice
    if choice not in CATEGORIES:
        asked.keep(SetSwitch(account=account, switch=choice, on=granted))
        switches = asked.look(ShowChoices(account=account)).switches
        switch: SwitchView = next(one for one in switches if one.switch == choice)
        output.answer(msgspec.to_builtins(switch, enc_hook=plain), _switch_lines(switch), as_json=arguments.json)
        return output.DONE
    asked.do(SetConsent(account=account, category=choice, state="granted" if granted else "denied"))
    categories = asked.look(ShowChoices(account=account)).categories
    category: ChoiceView = next(one for one in categories if one.category == choice)
    lines = _category_lines(category)
    if not granted and category.sent:
        lines.append(f"  What was sent can be erased: miratag privacy erase {choice}")
    output.answer(msgspec.to_builtins(category, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def connections(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Every row of the egress table."""
    view: PrivacyView = asked.look(ShowPrivacy(account=asked.account()))
    lines: list[str] = []
    for one in view.connections:
        used = "never used yet"
        if one.requests:
            used = f"{counted(one.requests, 'request')}, {one.bytes_sent} bytes sent, last {one.last}"
        lines += [f"{one.name}: {one.host}, {used}.", f"  {one.purpose}", f"  Carries: {one.fields}"]
        if one.passed_on is not None:
            lines += [f"  Passed on to {_receiver(party)}" for party in one.passed_on] or [
                "  Your organization passes nothing on to any third party."
            ]
    output.answer({"connections": msgspec.to_builtins(view.connections, enc_hook=plain)}, lines, as_json=arguments.json)
    return output.DONE


def show_catalog(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Every event that may ever be recorded; nobody has to be signed in for it."""
    catalog: Catalog = asked.look(ShowCatalog())
    lines = [line for event in catalog.events for line in _event_lines(event)]
    output.answer(msgspec.to_builtins(catalog, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def _event_lines(event: CatalogEvent) -> list[str]:
    kept = f"Kept for {counted(event.retention_days, 'day')}, recorded until {event.expires}."
    head = f"{event.name} (version {event.version}, {event.category}): {event.purpose} {kept}"
    return [head, *(f"  {one.name}: {_can_hold(one)}" for one in event.fields)]


def _can_hold(field: CatalogField) -> str:
    return {
        "choice": f"one of {', '.join(field.values)}",
        "flag": "yes or no",
        "text": f"text of the program, at most {field.limit} characters, secrets taken out",
        "whole": f"a {'rough ' if field.rounded else ''}number up to {field.limit}"
        f"{', rounded to a power of two' if field.rounded else ''}",
    }[field.kind]


def cookies(asked: Conversation, arguments: argparse.Namespace) -> int:
    """List them, or delete one or all. Raises AgentError usage for a name that is not there."""
    account = asked.account()
    found: Cookies = asked.look(ListCookies(account=account))
    if arguments.verb:
        if arguments.name != "all" and arguments.name not in [one.name for one in found.items]:
            raise AgentError("usage", f"There is no cookie of the name {arguments.name}. See: miratag privacy cookies")
        asked.do(DeleteCookies(account=account, name=None if arguments.name == "all" else arguments.name))
        found = asked.look(ListCookies(account=account))
    lines = [
        f"{one.name}: {one.purpose} {f'Stays until {one.expires}.' if one.expires else 'Ends with the program.'}"
        for one in found.items
    ] or ["There is no cookie now."]
    blocked = "are not kept. Allow them: miratag privacy grant cookies"
    lines.append(f"Cookies that stay {blocked if found.blocked else 'may be kept.'}")
    if found.refused:
        lines.append(f"{found.refused} that nothing declares were not kept.")
    output.answer(msgspec.to_builtins(found, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def reset_id(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Another random number from now on."""
    asked.do(ResetInstallation(account=asked.account()))
    words = "From now on log data leaves under another number. What waited under the old one was deleted."
    output.answer({"reset": True}, [words], as_json=arguments.json)
    return output.DONE


def counted(number: int, noun: str) -> str:
    """*1 report*, *2 reports*."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


Action = Callable[[Conversation, argparse.Namespace], int]
ACTIONS: dict[str, Action] = {
    "overview": overview,
    "choices": show_choices,
    "grant": grant,
    "withdraw": withdraw,
    "connections": connections,
    "catalog": show_catalog,
    "cookies": cookies,
    "reset-id": reset_id,
    **privacy_data.ACTIONS,
    **privacy_ledger.ACTIONS,
}
