"""`GET /v1/policy-texts`, one of them, and what a member says to it."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, RawBody

from protocol.privacy import PolicyText, PolicyTextAnswer, PolicyTexts, PolicyTextSaid
from server.api.request_body import PolicyAnswerOperation, decoded
from server.policy_texts import reading
from server.storage.database import Actor, Database


@get("/v1/policy-texts", sync_to_thread=True)
def policy_texts(actor: NamedDependency[Actor], database: NamedDependency[Database]) -> PolicyTexts:
    """Every version of the privacy policy, and what the caller has said to them."""
    with database.read(actor.organization_id) as t:
        return reading.texts_for(t, actor)


@get("/v1/policy-texts/{version:int}", sync_to_thread=True)
def policy_text(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    version: FromPath[int],
) -> PolicyText:
    """One version."""
    with database.read(actor.organization_id) as t:
        return reading.read(t.connection, version)


@post(
    "/v1/policy-texts/{version:int}/answer",
    status_code=200,
    sync_to_thread=True,
    operation_class=PolicyAnswerOperation,
)
def answer(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    version: FromPath[int],
    body: RawBody,
) -> PolicyTextAnswer:
    """Note that the caller accepted it, or goes on under it."""
    said = decoded(body, PolicyTextSaid)
    with database.write(actor.organization_id) as t:
        return reading.answer(t, actor, version, said.how)


routes = [policy_texts, policy_text, answer]
"""All for members."""
