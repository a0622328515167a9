"""A process that attaches two files one after the other and sends them, and says how much memory the second one took.

python -m tests.integration.media.uploading URL CODE PROFILE SMALL LARGE
"""

import sys
from pathlib import Path

from agent.api import Attach, FileReport, SignIn, SyncNow
from agent.runtime import LocalAgent
from agent.store.profile import Profile
from tests.integration.agent.at_work import no_browser

SECONDS = 1200.0


def resident(what: str) -> int:
    """Bytes: VmRSS now, or VmHWM, the most since it was reset."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(what)


def main() -> None:
    """Prints the growth in bytes."""
    url, code, profile, small, large = sys.argv[1:]
    agent = LocalAgent(Profile(Path(profile)), open_external=no_browser)
    signed_in = agent.submit(SignIn(server_url=url, enrolment_code=code, credentials="file")).result(60)
    send(agent, signed_in.account, small)  # what is imported and opened once is not growth
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    send(agent, signed_in.account, large)
    sys.stdout.write(f"{resident('VmHWM') - before}\n")
    agent.close()


def send(agent: LocalAgent, account: str, path: str) -> None:
    """Until the server has signed for it."""
    attached = agent.submit(Attach(account=account, path=path)).result(SECONDS)
    agent.submit(FileReport(account=account, text="With a video", media=(attached.media_id,))).result(60)
    synced = agent.submit(SyncNow(account=account, wait_seconds=SECONDS)).result(SECONDS + 5)
    assert (synced.waiting, synced.needs_you) == (0, 0), synced


if __name__ == "__main__":
    main()
