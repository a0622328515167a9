"""What does not fit, in English: for the server's answers and the command line. Pages translate it, and the app
translates codes itself."""

from rules.sentence import Sentence
from rules.templates.filling import Trouble
from rules.templates.values import Code

_SENTENCES: dict[Code, Sentence] = {
    "required": Sentence("%(label)s needs an answer."),
    "note_required": Sentence("%(label)s failed: write what is wrong."),
    "wrong_kind": Sentence("%(label)s has an answer of another kind than it asks for."),
    "too_long": Sentence("%(label)s is over %(limit)s characters. Shorten it."),
    "too_short": Sentence("%(label)s is under %(limit)s characters. Write more."),
    "too_small": Sentence("%(label)s is below %(limit)s. Check the number."),
    "too_large": Sentence("%(label)s is above %(limit)s. Check the number."),
    "too_few": Sentence("%(label)s needs at least %(limit)s."),
    "too_many": Sentence("%(label)s allows at most %(limit)s."),
    "not_a_choice": Sentence("%(label)s has an answer that is none of its choices. Choose again."),
    "not_a_photo": Sentence("%(label)s takes photos only. Take the other file off."),
    "not_a_video": Sentence("%(label)s takes videos only. Take the other file off."),
    "not_attached": Sentence("%(label)s names a file that does not come along. Add the file again."),
}


def sentence(trouble: Trouble) -> str:
    """The organization's own words where it has some, else the field's label and what is wrong with its answer."""
    return str(told(trouble))


def told(trouble: Trouble) -> str:
    """The same for whoever shows it in another language: a Sentence, unless the words are the organization's own."""
    if trouble.message:
        return trouble.message
    limit = "" if trouble.limit is None else f"{trouble.limit:g}"
    return _SENTENCES[trouble.code].filled(label=trouble.label or trouble.path, limit=limit)
