"""What does not fit, in English: for the server's answers and the command line. The app translates codes itself."""

from rules.templates.filling import Trouble
from rules.templates.values import Code

_SENTENCES: dict[Code, str] = {
    "required": "needs an answer.",
    "note_required": "failed: write what is wrong.",
    "wrong_kind": "has an answer of another kind than it asks for.",
    "too_long": "is over {limit} characters. Shorten it.",
    "too_short": "is under {limit} characters. Write more.",
    "too_small": "is below {limit}. Check the number.",
    "too_large": "is above {limit}. Check the number.",
    "too_few": "needs at least {limit}.",
    "too_many": "allows at most {limit}.",
    "not_a_choice": "has an answer that is none of its choices. Choose again.",
    "not_a_photo": "takes photos only. Take the other file off.",
    "not_a_video": "takes videos only. Take the other file off.",
    "not_attached": "names a file that does not come along. Add the file again.",
}


def sentence(trouble: Trouble) -> str:
    """The organization's own words where it has some, else the field's label and what is wrong with its answer."""
    if trouble.message:
        return trouble.message
    limit = "" if trouble.limit is None else f"{trouble.limit:g}"
    return f"{trouble.label or trouble.path} {_SENTENCES[trouble.code].format(limit=limit)}"
