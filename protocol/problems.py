"""RFC 9457 problem documents: what went wrong, in a sentence a worker understands, and the next step."""

import msgspec

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:miratag:problem:"


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An RFC 9457 problem.

    `type` is TYPE_PREFIX and a short stable name; `title` is the same for every problem of that type; `detail` names
    what, why and what to do in this case, and is what the interface shows. `field` is the path of the offending field
    (`$.media[0].size`), `limit` the limit it broke, in the unit that `detail` says. `made_of` is the template of
    `detail` and its values, as JSON in the form of `rules.sentence.pack`, from which an app says it in another
    language; empty where nothing is filled in.
    """

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    limit: int | None = None
    made_of: str = ""
