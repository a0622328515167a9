"""One member's writes take turns: receipts are chained, and attendance is judged against what stands."""

from server.storage.database import Transaction
from server.storage.tables import member


def lock_member(t: Transaction, member_id: str) -> None:
    """Hold the member until the transaction ends. SQLite's writers take turns anyway.

    The lock lets rows that name the member be written meanwhile: whoever decides about a report holds its author and
    names themselves, and must not wait for their own device.
    """
    if t.dialect == "postgresql":
        t.execute(
            t.select(member, member.c.member_id).where(member.c.member_id == member_id).with_for_update(key_share=True)
        )
