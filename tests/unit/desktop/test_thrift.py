"""Whether to be thrifty: the kernel's files, a real bus, and what is not there."""

from pathlib import Path

import pytest
from jeepney import HeaderFields, MessageType, message_bus, new_method_return
from jeepney.io.blocking import open_dbus_connection

from desktop.thrift import battery_linux, battery_macos, battery_windows, network_manager
from desktop.thrift.asking import thrifty_on_this_system
from tests.services.session_bus import session_bus


def supply(folder: Path, name: str, **values: str) -> None:
    (folder / name).mkdir(parents=True)
    for key, value in values.items():
        (folder / name / key).write_text(f"{value}\n")


@pytest.mark.parametrize(
    ("supplies", "on_battery"),
    [
        ({}, False),
        ({"BAT0": {"type": "Battery", "status": "Discharging"}}, True),
        ({"BAT0": {"type": "Battery", "status": "Charging"}}, False),
        ({"BAT0": {"type": "Battery", "status": "Discharging"}, "AC": {"type": "Mains", "online": "0"}}, True),
        ({"BAT0": {"type": "Battery", "status": "Discharging"}, "AC": {"type": "Mains", "online": "1"}}, False),
        ({"BAT0": {"type": "Battery", "status": "Discharging"}, "ucsi": {"type": "USB", "online": "1"}}, False),
        ({"hidpp": {"type": "Battery", "status": "Discharging", "scope": "Device"}}, False),
        ({"AC": {"type": "Mains", "online": "0"}}, False),
        ({"odd": {}}, False),
    ],
)
def test_the_kernels_files(tmp_path: Path, supplies: dict[str, dict[str, str]], on_battery: bool) -> None:
    for name, values in supplies.items():
        supply(tmp_path, name, **values)
    assert battery_linux.on_battery(tmp_path) is on_battery


def test_what_is_not_there_is_free(tmp_path: Path) -> None:
    assert not battery_linux.on_battery(tmp_path / "nothing")
    assert not network_manager.metered(f"unix:path={tmp_path}/no-bus")
    assert thrifty_on_this_system()() in {True, False}
    assert battery_windows.on_battery() in {True, False}
    assert battery_macos.on_battery() in {True, False}


@pytest.mark.parametrize(("value", "costs"), [(0, False), (1, True), (2, False), (3, True), (4, False)])
def test_networkmanagers_word(tmp_path_factory: pytest.TempPathFactory, value: int, costs: bool) -> None:
    import threading

    with session_bus(tmp_path_factory.mktemp("b")) as bus, open_dbus_connection(bus=bus) as service:
        service.send_and_get_reply(message_bus.RequestName(network_manager._NAME), timeout=5)

        def answer() -> None:
            while True:
                asked = service.receive(timeout=10)
                if asked.header.message_type is MessageType.method_call:
                    assert asked.header.fields[HeaderFields.path] == "/org/freedesktop/NetworkManager"
                    assert asked.body == ("org.freedesktop.NetworkManager", "Metered")
                    service.send(new_method_return(asked, "v", (("u", value),)))
                    return

        serving = threading.Thread(target=answer)
        serving.start()
        assert network_manager.metered(bus) is costs
        serving.join(10)


def test_a_service_that_never_answers_is_not_waited_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    with session_bus(tmp_path_factory.mktemp("b")) as bus, open_dbus_connection(bus=bus) as service:
        service.send_and_get_reply(message_bus.RequestName(network_manager._NAME), timeout=5)
        assert not network_manager.metered(bus)


def test_nobody_of_that_name(tmp_path_factory: pytest.TempPathFactory) -> None:
    with session_bus(tmp_path_factory.mktemp("b")) as bus:
        assert not network_manager.metered(bus)
