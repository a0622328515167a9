"""What log data costs a program that sends none."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def test_nothing_heavy_loads_before_the_first_record() -> None:
    code = (
        "import sys, agent.logdata.service; "
        "heavy = ('google.protobuf', 'requests', 'sqlite_utils', 'keyring', 'PySide6'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert loaded.stdout.strip() == "[]"
