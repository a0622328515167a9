"""Who may change things: the checks that stand before every change to people, groups, grants and locations."""

from rules.sentence import Sentence
from server.problems import ProblemError, problem
from server.storage.database import Actor, Transaction


def require_admin(t: Transaction, actor: Actor) -> None:
    """Raise unless the actor is an admin of this very organization, or its operator."""
    allowed = actor.kind == "operator" or actor.role == "admin"
    if actor.organization_id != t.organization_id or not allowed:
        raise problem(
            "not-allowed",
            403,
            "Not allowed",
            "Only an admin of your organization can do this. Ask one of them.",
        )


def not_found(what: str) -> ProblemError:
    """The answer for what does not exist and for what the actor may not see: nobody learns which of the two it is."""
    detail = Sentence("There is no such %(what)s here. Go back to the list and look again.", what=Sentence(what))
    return problem("not-found", 404, "Not found", detail)


def required_text(value: str, field: str, limit: int = 200) -> str:
    """`value` without outer spaces. A problem when nothing is left, or more than `limit` characters."""
    text = " ".join(value.split())
    if not text:
        detail = Sentence("The %(field)s is empty. Fill it in.", field=Sentence(field))
        raise problem("field-empty", 400, "Something is missing", detail, field=field)
    if len(text) > limit:
        detail = Sentence(
            "The %(field)s has %(length)d characters; %(most)d is the most. Shorten it.",
            field=Sentence(field),
            length=len(text),
            most=limit,
        )
        raise problem("field-long", 400, "Too long", detail, field=field, limit=limit)
    return text
