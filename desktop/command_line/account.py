"""Signing in and out."""

import argparse
import sys

from agent.api import AgentError, SignedIn, SignIn, SignOut
from agent.signin.discovery import server_address
from desktop.command_line import output
from desktop.command_line.conversation import Conversation

SIGN_IN_SECONDS = 330.0


def sign_in(asked: Conversation, arguments: argparse.Namespace, *, running: bool) -> int:
    """Sign in; a code is best given on standard input, where no other program can see it.

    `running`: an app or agent does it and stays; else the sign-in must be kept beyond this command.
    """
    server_address(arguments.server)  # a mistyped address is said before anything about keyrings
    if not running and arguments.credentials == "keyring":
        _needs_keyring()
    code = sys.stdin.readline().strip() if arguments.enroll == "-" else arguments.enroll
    if code is not None and not code:
        raise AgentError("usage", "There is no enrolment code. Put it on standard input, or after --enroll.")
    if code is None:
        output.say("Sign in in the browser that opens now. Stop with Ctrl-C.")
    command = SignIn(server_url=arguments.server, enrolment_code=code, credentials=arguments.credentials)
    signed_in: SignedIn = asked.do(command, SIGN_IN_SECONDS)
    account = next(one for one in asked.status().accounts if one.account == signed_in.account)
    lines = [f"Signed in as {signed_in.name}, {signed_in.organization}."]
    if account.credentials == "memory":
        lines.append("This computer has no keyring: the sign-in ends when the running Miratag does.")
    document = {
        "account": signed_in.account,
        "name": signed_in.name,
        "organization": signed_in.organization,
        "credentials": account.credentials,
    }
    output.answer(document, lines, as_json=arguments.json)
    return output.DONE


def _needs_keyring() -> None:
    """Raises AgentError cannot_store before a code is spent on a sign-in that would end with this command."""
    from agent.credentials.os_keyring import KeyringAbsentError, KeyringStore
    from agent.credentials.store import CredentialError

    try:
        KeyringStore("command line").check_writable()
    except KeyringAbsentError:
        raise AgentError(
            "cannot_store",
            "This computer has no keyring to keep the sign-in. Keep it in a file that only you can read, with "
            "--credentials file, or start `miratag agent` first and stay signed in while it runs.",
        ) from None
    except CredentialError as error:
        raise AgentError("cannot_store", error.sentence) from None


def sign_out(asked: Conversation, arguments: argparse.Namespace) -> int:
    """End the sign-in on this computer."""
    account = asked.account()
    asked.do(SignOut(account=account))
    waiting = asked.status().waiting
    kept = f" {waiting} saved, waiting for the next sign-in." if waiting else ""
    output.answer({"account": account, "queued": waiting}, [f"Signed out.{kept}"], as_json=arguments.json)
    return output.DONE
