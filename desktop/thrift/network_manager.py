"""Whether the network costs, as NetworkManager knows it (its D-Bus property Metered). Without it: no."""

_NAME = "org.freedesktop.NetworkManager"
_PATH = "/org/freedesktop/NetworkManager"
_SECONDS = 1.0
_YES = frozenset({1, 3})
"""NM_METERED_YES and NM_METERED_GUESS_YES."""


def metered(bus: str = "SYSTEM") -> bool:
    """Asks once; takes a second at most."""
    from jeepney import DBusAddress, DBusErrorResponse, MessageType, Properties
    from jeepney.io.blocking import open_dbus_connection

    address = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
    try:
        with open_dbus_connection(bus=bus) as connection:
            reply = connection.send_and_get_reply(Properties(address).get("Metered"), timeout=_SECONDS)
    except (OSError, KeyError, ValueError, TimeoutError, DBusErrorResponse):
        return False  # no bus, or none who knows
    if reply.header.message_type is not MessageType.method_return:
        return False
    _, value = reply.body[0]
    return value in _YES
