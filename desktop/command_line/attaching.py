"""Files that a person names on the command line, taken into the app."""

from pathlib import Path

from agent.api import AgentError, Attach, Attached, Detach
from desktop.command_line.conversation import ANSWER_SECONDS, Conversation


def attach_all(asked: Conversation, account: str, paths: list[str], otherwise: str) -> list[Attached]:
    """All of them or none. Raises AgentError: why one cannot be taken, and `otherwise`, what did not happen then."""
    media: list[Attached] = []
    for path in paths:
        try:
            # The agent that reads it may run in another folder.
            media.append(asked.keep(Attach(account=account, path=str(Path(path).absolute())), ANSWER_SECONDS * 10))
        except AgentError as error:
            detach_all(asked, account, media)
            raise AgentError(error.kind, f"{error.sentence} {otherwise}") from None
    return media


def detach_all(asked: Conversation, account: str, media: list[Attached]) -> None:
    """They are not wanted after all."""
    for one in media:
        asked.do(Detach(account=account, media_id=one.media_id))
