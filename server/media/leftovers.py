"""Objects that nothing refers to any more, noted before they are removed, so that a crash in between leaves none.

They are the parts of an upload of no bytes that was over long ago. Nobody can announce such a one, nothing can be added
to it or be read through it, and `uploads.drop_expired`, which every round of housekeeping calls, removes what it names.
"""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from rules.clock import format_utc
from server.storage.database import Database, Transaction
from server.storage.objects import Objects
from server.storage.tables import upload, upload_part

LENGTH = 0
"""Of such an upload, and of no other."""
_LONG_AGO = format_utc(datetime.fromtimestamp(0, UTC))


def note(t: Transaction, member_id: str, keys: Iterable[str]) -> str:
    """Note the objects under these keys, which were the member's, in the transaction that lets go of them; the id by
    which `remove` finds them."""
    upload_id = str(uuid.uuid4())
    t.insert(
        upload,
        upload_id=upload_id,
        member_id=member_id,
        media_id=str(uuid.uuid4()),
        length=LENGTH,
        offset=0,
        metadata="",
        created=t.now_text,
        expires=_LONG_AGO,
    )
    parts = enumerate(dict.fromkeys(keys))
    t.insert_all(upload_part, ({"upload_id": upload_id, "start": n, "size": 0, "object_key": key} for n, key in parts))
    return upload_id


def remove(database: Database, objects: Objects, organization_id: str, upload_id: str) -> None:
    """Remove what was noted, and then the note. Safe to repeat, and at several replicas at once. Raises what the object
    store or the database raises; the note stays then."""
    these = upload_part.c.upload_id == upload_id
    with database.read(organization_id) as t:
        keys = list(t.execute(t.select(upload_part, upload_part.c.object_key).where(these)).scalars())
    for key in keys:
        objects.delete(key)
    with database.write(organization_id) as t:
        t.execute(t.delete(upload_part).where(these))
        t.execute(t.delete(upload).where(upload.c.upload_id == upload_id))
