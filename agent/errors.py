"""The one error of the agent, apart from its messages: whoever only takes a lock or a folder need not load those."""

from typing import Literal

ErrorKind = Literal["usage", "not_signed_in", "refused", "cannot_store", "not_found", "unavailable", "cancelled"]


class AgentError(Exception):
    """A command that was not carried out: `kind` for the program, `sentence` for the person. Nothing was lost."""

    def __init__(self, kind: ErrorKind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind: ErrorKind = kind
        self.sentence = sentence
