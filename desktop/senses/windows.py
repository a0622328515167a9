"""Where Windows says this computer is. Written after its documentation; not run so far.

The class that .NET has for it asks Windows' own location service, which the person switches per program; Windows
PowerShell 5.1, a part of Windows, reaches it without another library.
https://learn.microsoft.com/dotnet/api/system.device.location.geocoordinatewatcher
"""

import logging
import math
import os
import subprocess
from pathlib import Path

from protocol.operations import Position

_log = logging.getLogger(__name__)

SOURCE = "windows"
_ASK = (
    "Add-Type -AssemblyName System.Device; "
    "$watcher = New-Object System.Device.Location.GeoCoordinateWatcher('High'); "
    "if ($watcher.TryStart($false, [TimeSpan]::FromSeconds(%(seconds)d))) { "
    "$deadline = (Get-Date).AddSeconds(%(seconds)d); "
    "while ($watcher.Position.Location.IsUnknown -and (Get-Date) -lt $deadline) { Start-Sleep -Milliseconds 50 }; "
    "$at = $watcher.Position.Location; if (-not $at.IsUnknown) { "
    "[string]::Format([Globalization.CultureInfo]::InvariantCulture, '{0:R} {1:R} {2:R}', "
    "$at.Latitude, $at.Longitude, $at.HorizontalAccuracy) } }"
)
_STARTING_SECONDS = 0.5


def find(seconds: float) -> Position | None:
    """Ask once, for at most `seconds`; None where nothing is told."""
    asked = _ASK % {"seconds": max(1, round(seconds - _STARTING_SECONDS))}
    try:
        shell = str(Path(os.environ["SYSTEMROOT"]) / "System32/WindowsPowerShell/v1.0/powershell.exe")
        done = subprocess.run(  # noqa: S603 - its own text, in which a number is filled in
            [shell, "-NoProfile", "-NonInteractive", "-Command", asked],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return read(done.stdout)
    except (OSError, KeyError, subprocess.SubprocessError, ValueError) as error:
        _log.info("no position: %s", type(error).__name__)
        return None


def read(said: str) -> Position | None:
    """Latitude, longitude and metres, as three numbers. Raises ValueError."""
    if not said.strip():
        return None
    latitude, longitude, accuracy = map(float, said.split())
    if not all(map(math.isfinite, (latitude, longitude, accuracy))):
        return None
    return Position(latitude=latitude, longitude=longitude, accuracy_m=accuracy, source=SOURCE)
