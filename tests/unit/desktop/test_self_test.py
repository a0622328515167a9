"""The self-test tells a good installation from a broken one."""

import ssl

import pytest

from desktop import self_test


def test_a_good_installation_passes_and_says_each_check_once() -> None:
    lines: list[str] = []
    assert self_test.run_self_test(lines.append) == 0, lines
    assert [line.split()[:2] for line in lines] == [["ok", f"{name}:"] for name in self_test.CHECKS]


def test_one_broken_part_fails_and_the_others_are_still_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(self_test.IMAGES, "webp", "bm90IGFuIGltYWdl")
    lines: list[str] = []
    assert self_test.run_self_test(lines.append) == 1
    assert [line for line in lines if line.startswith("FAILED")] == [
        "FAILED  images: cannot show webp",
        "FAILED  thumbnails: cannot make one of webp",
    ]
    assert len(lines) == len(self_test.CHECKS)


def test_a_system_that_trusts_nobody_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("truststore._openssl._CA_FILE_CANDIDATES", [])
    nothing = ssl.get_default_verify_paths()._replace(cafile=None, capath=None)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nothing)
    with pytest.raises(self_test.SelfTestError, match="ca-certificates"):
        self_test.check_trust()
