"""Passwords and PINs that cost a test little."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from server.accounts import passwords


@contextmanager
def quick_hashes() -> Iterator[None]:
    """argon2id, as always, with little memory and one pass: hundreds of people sign in here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        patch.setattr(passwords, "_nobody", [])
        yield
