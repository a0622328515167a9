"""Settings: what wins over what, and which addresses are accepted as public."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.discovery import Operator
from server import settings
from server.relaying.setting_up import check
from server.settings import AppAnalytics, SettingsError, Written

ADDRESS = "http://127.0.0.1:8080"


def complete(data: Path, given_flags: dict[str, str | None] | None = None, **environment: str) -> settings.Settings:
    return settings.complete(data, address=ADDRESS, given=given_flags or {}, environment=environment)


def test_defaults_are_in_the_folder_and_on_loopback(tmp_path: Path) -> None:
    settings.write_new_file(tmp_path, Written())
    chosen = complete(tmp_path)
    assert chosen.database_url == f"sqlite:///{tmp_path / 'miratag.db'}"
    assert chosen.media_url == str(tmp_path / "media")
    assert chosen.public_url == ADDRESS
    assert not chosen.secure


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    settings.write_new_file(tmp_path, Written(database="file", media="file", public_url="https://file.example"))
    chosen = complete(
        tmp_path,
        {"database": "flag", "media": None, "public_url": None},
        MIRATAG_DATABASE="environment",
        MIRATAG_MEDIA="environment",
        MIRATAG_PUBLIC_URL="",
    )
    assert (chosen.database_url, chosen.media_url) == ("flag", "environment")
    assert chosen.public_url == "https://file.example"
    assert chosen.secure


@given(st.text(), st.text())
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, name: str, address: str) -> None:
    folder = tmp_path_factory.mktemp("settings")
    written = Written(database=name, operator=Operator(name=name, address=address, contact=name + address))
    settings.write_new_file(folder, written)
    assert settings.read_file(folder) == written
    assert (folder / "settings.toml").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://work.example/", "https://work.example"),
        ("https://work.example:8443", "https://work.example:8443"),
        ("http://localhost:80", "http://localhost:80"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
    ],
)
def test_public_addresses(tmp_path: Path, url: str, kept: str) -> None:
    settings.write_new_file(tmp_path, Written(public_url=url))
    assert complete(tmp_path).public_url == kept


@pytest.mark.parametrize(
    "url",
    [
        "work.example",
        "ftp://work.example",
        "https://work.example/path",
        "https://work.example?x",
        "https://user@work.example",
        "https://",
        "http://work.example",
        "http://192.0.2.1:8080",
        "http://[2001:db8::1]",
        "https://work.example\n",
    ],
)
def test_addresses_that_will_not_do(tmp_path: Path, url: str) -> None:
    settings.write_new_file(tmp_path, Written(public_url=url))
    with pytest.raises(SettingsError):
        complete(tmp_path)


def test_a_folder_without_a_server_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="miratag-server init"):
        settings.load(tmp_path, address=ADDRESS, given={}, environment={})


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://collector.example", "https://collector.example/v1/logs"),
        ("https://collector.example:4318/", "https://collector.example:4318/v1/logs"),
        ("https://collector.example/otlp/v1/logs", "https://collector.example/otlp/v1/logs"),
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/logs"),
    ],
)
def test_where_log_data_may_be_passed_on_to(tmp_path: Path, url: str, kept: str) -> None:
    settings.write_new_file(tmp_path, Written())
    assert complete(tmp_path).logs_to == ""
    assert complete(tmp_path, {"logs_to": url}).logs_to == kept
    assert complete(tmp_path, MIRATAG_LOGS_TO=url).logs_to == kept


@pytest.mark.parametrize(
    "url",
    [
        "collector.example",
        "ftp://collector.example",
        "http://collector.example",
        "https://user:secret@collector.example",
        "https://collector.example/v1/logs?key=secret",
        "https://collector.example:port",
        "https://",
        "https://collector.example\n",
        "https://collector.example/a b",
    ],
)
def test_where_it_may_not(tmp_path: Path, url: str) -> None:
    settings.write_new_file(
        tmp_path, Written(logs_to=url, app_analytics=AppAnalytics(measurement_id="G-1", endpoint=url))
    )
    for given_flags in ({}, {"logs_to": "https://collector.example"}):
        with pytest.raises(SettingsError) as raised:
            complete(tmp_path, given_flags)
        assert "secret" not in str(raised.value).replace("Give secrets", "")


def test_headers_of_the_collector_come_from_the_environment(tmp_path: Path) -> None:
    settings.write_new_file(tmp_path, Written())
    chosen = complete(tmp_path, MIRATAG_LOGS_TO_HEADERS="Authorization=Bearer%20abc=, X-Scope = one")
    assert chosen.logs_to_headers == {"Authorization": "Bearer abc=", "X-Scope": "one"}
    for wrong in ("Authorization", "a b=c", "X=\n"):
        with pytest.raises(SettingsError):
            complete(tmp_path, MIRATAG_LOGS_TO_HEADERS=wrong)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ('[analytics]\nmeasurement_id = "G-ABC1234567"', "[analytics]"),
        ('[pages]\nmeasurement_id = "G-ABC1234567"', "measurement_id under [pages]"),
        ('[app_analytics]\nanalytics_id = "G-ABC1234567"', "analytics_id under [app_analytics]"),
    ],
)
def test_an_id_of_analytics_in_the_wrong_place_is_told_the_right_one(tmp_path: Path, written: str, wrong: str) -> None:
    (tmp_path / settings.SETTINGS_FILE).write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        complete(tmp_path)
    assert f" has {wrong}" in str(raised.value) or f" has a section {wrong}" in str(raised.value)
    assert settings.PLACES in str(raised.value)


@pytest.mark.parametrize("measurement_id", ["UA-1", "G-", "g-abc1234567", "G-ABC1234567 "])
def test_what_is_no_measurement_id_is_refused(tmp_path: Path, measurement_id: str) -> None:
    settings.write_new_file(tmp_path, Written(app_analytics=AppAnalytics(measurement_id=measurement_id)))
    with pytest.raises(SettingsError, match="must be like"):
        complete(tmp_path)


def test_a_property_without_a_secret_is_told_before_anything_is_served(tmp_path: Path) -> None:
    settings.write_new_file(tmp_path, Written(app_analytics=AppAnalytics(measurement_id="G-ABC1234567")))
    with pytest.raises(SettingsError, match="has no API secret"):
        check(complete(tmp_path))
    check(complete(tmp_path, MIRATAG_ANALYTICS_SECRET="s"))
    (tmp_path / "secrets").mkdir()
    complete(tmp_path).analytics_secret_file.write_text("s", encoding="utf-8")
    check(complete(tmp_path))
