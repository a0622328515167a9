"""The battery on Linux, as the kernel tells it (Documentation/ABI/testing/sysfs-class-power)."""

from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")


def on_battery(supplies: Path = SUPPLIES) -> bool:
    """Whether a battery of the computer itself is being used up and no mains is there. Batteries of mice and pens
    (scope Device) say nothing of the computer."""
    try:
        folders = sorted(supplies.iterdir())
    except OSError:
        return False
    known = [one for one in folders if _said(one, "scope") != "Device"]
    if any(_said(one, "type") in {"Mains", "USB"} and _said(one, "online") == "1" for one in known):
        return False
    return any(_said(one, "type") == "Battery" and _said(one, "status") == "Discharging" for one in known)


def _said(supply: Path, name: str) -> str:
    try:
        return (supply / name).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
