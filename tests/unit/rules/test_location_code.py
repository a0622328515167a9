"""Location codes are the codes of every authenticator: the RFC's vectors, pyotp and oathtool say the same."""

import base64
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.location_code import code_at, matching_step, step_at, step_begins, typed_code

SEED = b"12345678901234567890"
seeds = st.binary(min_size=20, max_size=20)
steps = st.integers(min_value=0, max_value=2**40)
digits = st.sampled_from([6, 8])


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(SEED, step_at(datetime.fromtimestamp(seconds, UTC)), 8) == code


@given(seeds, steps, digits)
def test_an_authenticator_shows_the_same(seed: bytes, step: int, length: int) -> None:
    other = pyotp.TOTP(base64.b32encode(seed).decode(), digits=length)
    assert code_at(seed, step, length) == other.generate_otp(step)


@pytest.mark.skipif(shutil.which("oathtool") is None, reason="apt-get install oathtool")
@pytest.mark.parametrize("length", [6, 8])
def test_oathtool_shows_the_same(length: int) -> None:
    at = datetime(2026, 3, 2, 8, 0, 15, tzinfo=UTC)
    shown = subprocess.run(
        ["oathtool", "--totp=sha1", f"--digits={length}", f"--now={at:%Y-%m-%d %H:%M:%S UTC}", "-w", "50", SEED.hex()],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    ).stdout.split()
    assert [code_at(SEED, step_at(at) + index, length) for index in range(51)] == shown


@given(seeds, st.integers(min_value=2, max_value=2**40), digits, st.integers(min_value=-1, max_value=1))
def test_a_step_early_or_late_counts_and_is_told(seed: bytes, step: int, length: int, off: int) -> None:
    typed = code_at(seed, step + off, length)
    found = matching_step(seed, length, typed, step, 1)
    assert found is not None
    assert code_at(seed, found, length) == typed


@given(seeds, st.integers(min_value=10, max_value=2**40), digits)
def test_what_is_of_no_step_near_is_refused(seed: bytes, step: int, length: int) -> None:
    near = {code_at(seed, step + off, length) for off in (-1, 0, 1)}
    for wrong in (code_at(seed, step - 2, length), "", "0" * (length + 1), "not a code"):
        assert (matching_step(seed, length, wrong, step, 1) is None) == (wrong not in near)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2999, 1, 1)))  # noqa: DTZ001 - made aware below
def test_a_moment_lies_in_its_step(naive: datetime) -> None:
    at = naive.replace(tzinfo=UTC)
    begins = step_begins(step_at(at))
    assert begins <= at < begins + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("123 456", "123456"),
        ("123-456", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("\u200e123456\u00a0", "123456"),
        ("12a", "12a"),
    ],
)
def test_it_is_read_as_people_type_it(text: str, plain: str) -> None:
    assert typed_code(text) == plain


def test_no_text_breaks_it() -> None:
    assert matching_step(SEED, 6, "\ud800²", 7, 1) is None
