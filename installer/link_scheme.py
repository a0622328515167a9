"""Who opens `miratag:` links: what Windows and macOS must be told of it. On Linux `linux/miratag.desktop` says so.

Neither was run: there was no Windows and no macOS at hand, and the bundle is made for Linux alone so far. What is here
is what their documentation asks for, and waits for the first bundle of each.
"""

from typing import Any

SCHEME = "miratag"


def windows_registry(executable: str) -> str:
    """A .reg file for the current user, without which no administrator is needed; `executable` is an absolute path.
    Percent-one in quotes is the whole link, and one argument
    (https://learn.microsoft.com/windows/win32/shell/app-registration)."""
    quoted = executable.replace("\\", "\\\\")
    key = rf"HKEY_CURRENT_USER\Software\Classes\{SCHEME}"
    lines = [
        "Windows Registry Editor Version 5.00",
        "",
        f"[{key}]",
        '@="URL:Miratag"',
        '"URL Protocol"=""',
        "",
        rf"[{key}\DefaultIcon]",
        f'@="\\"{quoted}\\",0"',
        "",
        rf"[{key}\shell\open\command]",
        f'@="\\"{quoted}\\" \\"%1\\""',
        "",
    ]
    return "\r\n".join(lines)


def mac_info() -> dict[str, Any]:
    """For the Info.plist of the application; a link then comes as an event to the program that runs
    (`desktop/link_events.py`), not as an argument."""
    return {
        "CFBundleURLTypes": [
            {"CFBundleURLName": f"invalid.{SCHEME}", "CFBundleURLSchemes": [SCHEME], "CFBundleTypeRole": "Viewer"}
        ]
    }
