"""One member's writes take turns: receipts are chained, and attendance is judged against what stands."""

from server.storage.database import Transaction
from server.storage.tables import member


def lock_member(t: Transaction, member_id: str) -> None:
    """Hold the member until the transaction ends. SQLite's writers take turns anyway."""
    if t.dialect == "postgresql":
        t.execute(t.select(member, member.c.member_id).where(member.c.member_id == member_id).with_for_update())
