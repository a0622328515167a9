"""A process that saves a draft with a file, sends it and undoes that, and kills itself with SIGKILL at a named step.

python -m tests.integration.drafts.dying PROFILE FILE STEP DRAFT_ID
"""

import sys
from collections.abc import Callable
from typing import Any

from agent.api import Attach, Attached, FileReport, PauseSending, SaveDraft, ShowStatus, UndoSend
from agent.runtime import LocalAgent
from agent.store import drafts
from agent.store.profile import Profile
from tests.checklist import ROUND
from tests.integration.agent.dying import die, die_after

TEXT = "The gate is broken\nIt does not close."

# The last is of a field that is hidden then: it stays in the draft and is not sent.
SENT_ANSWERS: dict[str, Any] = {"seal": {"result": "pass"}, "remarks": "Drips once a minute."}
ANSWERS: dict[str, Any] = {**SENT_ANSWERS, "leak": ["a file that is gone"]}

# What is there at the next start: a draft, or a report.
STEPS: dict[str, tuple[Callable[[], None], str]] = {
    "report in line, draft gone, not committed": (die_after(drafts, "hold"), "draft"),
    "sent, committed": (lambda: setattr(LocalAgent, "_kept_work_of", die), "report"),
    "undone, not committed": (die_after(drafts, "take_back"), "report"),
    "undone, committed": (lambda: None, "draft"),
}


def main(profile: str, file: str, step: str, draft_id: str) -> None:
    agent = LocalAgent(Profile(profile), open_external=lambda _url: None)
    account = agent.query(ShowStatus()).result(30).current
    agent.submit(PauseSending(paused=True)).result(30)
    attached: Attached = agent.submit(Attach(account=account, path=file)).result(30)
    media = (attached.media_id,)
    filled = {"template_id": ROUND.template_id, "template_version": ROUND.version, "answers": ANSWERS}
    agent.submit(SaveDraft(account=account, draft_id=draft_id, text=TEXT, media=media, **filled)).result(30)
    STEPS[step][0]()
    report = FileReport(account=account, text=TEXT, media=media, instance_id=draft_id, undoable=True, **filled)
    agent.submit(report).result(30)
    agent.submit(UndoSend(account=account, instance_ids=(draft_id,))).result(30)
    die()


if __name__ == "__main__":
    main(*sys.argv[1:])
