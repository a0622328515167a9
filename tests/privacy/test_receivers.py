"""Whom log data is passed on to is named before anybody is asked, and a grant is for those that it named."""

import re
from pathlib import Path

import pytest

from agent.accounts.directory import AccountDirectory
from agent.api import (
    Choices,
    ChoiceView,
    ConnectionView,
    DismissReceiversNotice,
    SendLogDataNow,
    SentNow,
    SetConsent,
    ShowChoices,
    ShowPrivacy,
)
from server.settings import SETTINGS_FILE
from telemetry import consent
from telemetry.consent import Conditions, Outside
from tests.integration.agent.at_work import AtWork, at_work
from tests.live_server import LiveServer


@pytest.mark.parametrize("state", ["unknown", "granted", "denied"])
@pytest.mark.parametrize("outside", ["untold", "nobody", "named", "more"])
def test_only_a_grant_for_those_that_are_named_turns_it_on(state: consent.State, outside: Outside) -> None:
    conditions = Conditions(outside=outside)
    effect = consent.effect("third_party", state, conditions)
    assert effect.on == (state == "granted" and outside == "named")
    assert bool(effect.reason) == (outside in ("untold", "nobody")), "choosing is locked where nobody is named"
    for category in ("diagnostics", "usage"):
        assert consent.effect(category, state, conditions).on == (state == "granted"), "the others go to nobody else"


def pass_on_to(server: LiveServer, port: int) -> None:
    """The operator sets up a service, or another one in its place."""
    settings = server.data / SETTINGS_FILE
    text = settings.read_text(encoding="utf-8")
    text = re.sub(r'^measurement_id = ".*"$', 'measurement_id = "G-ABC1234567"', text, flags=re.MULTILINE)
    text = re.sub(r'^endpoint = ".*"$', f'endpoint = "http://127.0.0.1:{port}/mp/collect"', text, flags=re.MULTILINE)
    settings.write_text(text, encoding="utf-8")
    (server.data / "secrets" / "analytics.secret").write_text("a secret of the test", encoding="utf-8")
    server.restart()


def choice(one: AtWork) -> ChoiceView:
    choices: Choices = one.look(ShowChoices(account=one.account))
    return next(view for view in choices.categories if view.category == "third_party")


def connection(one: AtWork) -> ConnectionView:
    return next(row for row in one.look(ShowPrivacy(account=one.account)).connections if row.name == "third_party")


def test_who_receives_is_named_and_a_grant_does_not_cover_others(tmp_path: Path) -> None:
    with LiveServer.start(tmp_path) as server, at_work(tmp_path / "profile", server) as one:
        one.sync()
        nobody = choice(one)
        assert nobody.locked == "Your organization passes nothing on to any third party, so there is nothing to allow."
        assert (nobody.third_parties, connection(one).passed_on) == ((), ())

        pass_on_to(server, 9)
        _ask_who(one)
        named = choice(one)
        assert (named.locked, named.state) == ("", "unknown")
        assert [(party.name, party.host) for party in named.third_parties] == [("Google Analytics", "127.0.0.1:9")]
        assert connection(one).passed_on == named.third_parties
        one.do(SetConsent(account=one.account, category="third_party", state="granted"))
        assert choice(one).effective
        one.file("The crane is repaired.")
        one.until(lambda _: choice(one).queued == 1)

        pass_on_to(server, 10)
        sent: SentNow = one.do(SendLogDataNow(account=one.account))
        assert sent.batches == 0, "it was allowed for another"
        outgrown = choice(one)
        assert (outgrown.state, outgrown.effective, outgrown.locked) == ("unknown", False, "")
        assert outgrown.trouble.startswith("Since you allowed this, your organization began to pass it on to others")
        assert outgrown.third_parties_new == ("Google Analytics",)
        assert outgrown.queued == 0, "what waited for the other is withdrawn"
        one.file("The gate is repaired.")
        assert choice(one).queued == 0
        one.until(lambda now: now.banner is not None and now.banner.kind == "passed_on_to_more")
        one.do(DismissReceiversNotice(account=one.account))
        one.until(lambda now: now.banner is None)
        assert choice(one).state == "unknown", "closing it allows nothing"

        shown_before = named.third_parties
        one.do(SetConsent(account=one.account, category="third_party", state="granted", third_parties=shown_before))
        assert not choice(one).effective, "who saw the list of before allowed those that stood in it"

        one.do(SetConsent(account=one.account, category="third_party", state="granted"))
        allowed = choice(one)
        assert (allowed.state, allowed.effective, allowed.trouble, allowed.third_parties_new) == (
            "granted",
            True,
            "",
            (),
        )
        account = one.account
    with at_work(tmp_path / "profile") as again:
        again.account = account
        assert choice(again).effective, "whom it was allowed for is kept"
        directory = again.agent._rooms.directory if again.agent._rooms is not None else None
        assert isinstance(directory, AccountDirectory)
        assert [party.host for party in directory.get(account).third_parties_chosen] == ["127.0.0.1:10"]


def test_a_server_that_cannot_be_asked_gets_nothing_to_pass_on(tmp_path: Path) -> None:
    with LiveServer.start(tmp_path) as server:
        pass_on_to(server, 9)
        with at_work(tmp_path / "profile", server) as one:
            assert choice(one).third_parties, "named with the sign-in"
            one.do(SetConsent(account=one.account, category="third_party", state="granted"))
            one.file("The crane is repaired.")
            one.until(lambda _: choice(one).queued == 1)
            server.kill()
            sent: SentNow = one.do(SendLogDataNow(account=one.account))
            assert sent.batches == 0
            assert choice(one).queued == 1, "it waits"
            server.restart()


def _ask_who(one: AtWork) -> None:
    """As the next look at the server does, at the latest on the day after."""
    rooms = one.agent._rooms
    assert rooms is not None
    rooms.check_server(one.account)
