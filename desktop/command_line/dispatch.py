"""From the parsed command line to the command."""

import argparse

from agent.store.profile import Profile
from desktop.command_line.reach import MakeAgent, reach


def run_command(profile: Profile, arguments: argparse.Namespace, make_agent: MakeAgent) -> int:
    """The exit code. Raises AgentError."""
    if arguments.command == "agent":
        from desktop.command_line.headless import Headless

        return Headless(profile, make_agent).run()
    if arguments.command == "demo":
        from desktop.command_line.demo import run_demo

        return run_demo(arguments, make_agent)
    if arguments.command == "receipt":
        from desktop.command_line.receipts import verify

        return verify(profile, arguments)
    return _converse(profile, arguments, make_agent)


def _converse(profile: Profile, arguments: argparse.Namespace, make_agent: MakeAgent) -> int:
    from desktop.command_line import account, attendance, checklists, drafts, privacy, work

    with reach(profile, make_agent) as (asked, running):
        if arguments.command != "privacy":  # or the start would be recorded by the very grant that follows it
            asked.tell_started()
        if arguments.command == "status":
            return work.status(asked, arguments, running=running)
        if arguments.command == "sign-in":
            return account.sign_in(asked, arguments, running=running)
        commands = {
            "report": work.report,
            "checklists": checklists.checklists,
            "drafts": drafts.drafts,
            **attendance.COMMANDS,
            "sync": work.sync,
            "sign-out": account.sign_out,
            "privacy": privacy.privacy,
        }
        return commands[arguments.command](asked, arguments)
