"""A signature holds for exactly the bytes, the type and the key it was made with, and for nothing else."""

import base64

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from protocol.statements import KEY, POLICY, RECEIPT, KeyPayload, PublicKey, ReceiptPayload, SignedStatement
from rules.receipts import check_receipt, operation_digest
from rules.statements import StatementError, pre_authentication_encoding, public_key, sign, trusted_keys, verify

FIRST = Ed25519PrivateKey.from_private_bytes(bytes(32))
SECOND = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([2]) * 32)


def successor(key: Ed25519PrivateKey, signer: Ed25519PrivateKey) -> PublicKey:
    plain = public_key(key)
    return public_key(key, sign(signer, KEY, msgspec.json.encode(KeyPayload(kid=plain.kid, key=plain.key))))


def test_the_encoding_is_that_of_dsse() -> None:
    # The example of the DSSE specification, protocol.md.
    assert pre_authentication_encoding("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


@given(payload=st.binary(max_size=200), other=st.binary(max_size=200))
def test_only_the_signed_bytes_verify(payload: bytes, other: bytes) -> None:
    statement = sign(FIRST, RECEIPT, payload)
    assert verify(statement, [public_key(FIRST)], RECEIPT) == payload
    if other != payload:
        forged = msgspec.structs.replace(statement, payload=base64.b64encode(other).decode())
        with pytest.raises(StatementError, match="does not fit"):
            verify(forged, [public_key(FIRST)], RECEIPT)


def test_another_type_is_refused_even_when_relabelled() -> None:
    statement = sign(FIRST, POLICY, b"{}")
    with pytest.raises(StatementError, match="not urn:miratag:statement:receipt:1"):
        verify(statement, [public_key(FIRST)], RECEIPT)
    with pytest.raises(StatementError, match="does not fit"):
        verify(msgspec.structs.replace(statement, type=RECEIPT), [public_key(FIRST)], RECEIPT)


def test_a_key_under_anothers_name_is_refused() -> None:
    impostor = msgspec.structs.replace(public_key(STRANGER), kid=public_key(FIRST).kid)
    with pytest.raises(StatementError, match="another fingerprint"):
        verify(sign(FIRST, RECEIPT, b"{}"), [impostor], RECEIPT)


@pytest.mark.parametrize("field", ["payload", "signature"])
def test_text_that_is_not_base64_is_refused_in_words(field: str) -> None:
    statement = msgspec.structs.replace(sign(FIRST, RECEIPT, b"{}"), **{field: "*"})
    with pytest.raises(StatementError, match="not base64"):
        verify(statement, [public_key(FIRST)], RECEIPT)


def test_a_successor_is_trusted_through_its_predecessor_in_any_order() -> None:
    chain = [successor(STRANGER, SECOND), successor(SECOND, FIRST), public_key(FIRST)]
    assert {key.kid for key in trusted_keys([public_key(FIRST)], chain)} == {key.kid for key in chain}


@pytest.mark.parametrize(
    "offered",
    [
        public_key(SECOND),
        successor(SECOND, STRANGER),
        msgspec.structs.replace(public_key(STRANGER), endorsement=successor(SECOND, FIRST).endorsement),
    ],
    ids=["unendorsed", "endorsed by a stranger", "another key's endorsement"],
)
def test_no_other_key_gets_in(offered: PublicKey) -> None:
    assert trusted_keys([public_key(FIRST)], [public_key(FIRST), offered]) == (public_key(FIRST),)


def test_a_pinned_key_stays_when_the_server_stops_showing_it() -> None:
    assert trusted_keys([public_key(FIRST)], []) == (public_key(FIRST),)


BODY = b'{"title":"Lamp"}'
SALT = b"0123456789abcdef"


def receipt(**changes: object) -> SignedStatement:
    fields: dict[str, object] = {
        "organization_id": "o",
        "member_id": "m",
        "instance_id": "i",
        "revision_id": "r",
        "operation_id": "p",
        "salt": base64.b64encode(SALT).decode(),
        "operation_digest": operation_digest(SALT, BODY),
        "media": ("aa", "bb"),
        "received": "2026-01-01T00:00:00.000Z",
        "previous": "",
        "access_head": "",
    }
    return sign(FIRST, RECEIPT, msgspec.json.encode(msgspec.convert(fields | changes, ReceiptPayload)))


def checked(statement: SignedStatement) -> ReceiptPayload:
    return check_receipt(
        statement,
        [public_key(FIRST)],
        organization_id="o",
        member_id="m",
        operation_id="p",
        body=BODY,
        media_sha256=["bb", "aa"],
    )


def test_a_receipt_for_exactly_this_is_taken() -> None:
    assert checked(receipt()).revision_id == "r"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"organization_id": "x"}, "another member"),
        ({"member_id": "x"}, "another member"),
        ({"operation_id": "x"}, "another item"),
        ({"operation_digest": operation_digest(SALT, BODY + b" ")}, "other words"),
        ({"salt": base64.b64encode(b"x").decode()}, "other words"),
        ({"salt": "*"}, "not base64"),
        ({"media": ("aa",)}, "exactly the files"),
        ({"media": ("aa", "bb", "bb")}, "exactly the files"),
    ],
)
def test_a_receipt_for_anything_else_is_refused(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(StatementError, match=sentence):
        checked(receipt(**change))


def test_a_receipt_that_is_no_receipt_is_refused_in_words() -> None:
    with pytest.raises(StatementError, match="cannot be read"):
        checked(sign(FIRST, RECEIPT, b"[]"))
