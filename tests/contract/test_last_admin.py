"""However two admins act at the same moment, one is left who can manage people."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError

import pytest

from server.accounts import members, roles
from server.accounts.members import NewMember
from server.problems import ProblemError
from server.storage.database import Actor, Database, Transaction
from tests.contract.conftest import House

Change = Callable[[Transaction, Actor, str], None]


def _demote(t: Transaction, actor: Actor, member_id: str) -> None:
    roles.change(t, actor, member_id, "worker")


@pytest.mark.parametrize("change", [_demote, members.deactivate])
def test_two_admins_cannot_shut_each_other_out(database: Database, house: House, change: Change) -> None:
    operator = Actor(house.organization_id, "operator", "operator", "operator")
    with database.write(house.organization_id) as t:
        second = members.add(t, operator, NewMember(name="Second", email="second@example.invalid", role="admin"))

    def shut_out_the_first() -> None:
        with database.write(house.organization_id) as t:
            change(t, operator, house.admin.member_id)

    with ThreadPoolExecutor(1) as beside:
        with database.write(house.organization_id) as t:
            change(t, operator, second)
            other = beside.submit(shut_out_the_first)
            with pytest.raises(NotYetError):
                other.result(0.3)  # it waits for this one
        with pytest.raises(ProblemError, match="only active admin"):
            other.result(30)
