"""What counts as this computer, and as the same server."""

import pytest

from rules.addresses import is_loopback, same_origin


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_this_computer(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "localhost.example.org", "10.0.0.1", "0.0.0.0", "::", "127.0.0.1.example.org"])
def test_another_computer(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://work.example.org/a?b", "https://WORK.example.org:443/c"),
        ("http://127.0.0.1:80", "http://127.0.0.1/x"),
        ("http://[::1]:8080/", "http://[::1]:8080/v1/media"),
    ],
)
def test_one_origin(url: str, other: str) -> None:
    assert same_origin(url, other)


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://work.example.org", "http://work.example.org"),
        ("https://work.example.org", "https://work.example.org:8443"),
        ("https://work.example.org", "https://work.example.org.evil.example"),
        ("https://work.example.org", "https://work.example.org:99999"),
        ("https://work.example.org", "https://[half"),
        ("", ""),
    ],
)
def test_two_origins(url: str, other: str) -> None:
    assert not same_origin(url, other)
    assert not same_origin(other, url)
