"""`make package`: the bundle, shown to work, and the Debian package of it."""

import subprocess
import sys
import time
from pathlib import Path

from installer.bundle import ROOT, BundleError, build_bundle, bundle_size
from installer.debian import build_package
from protocol.version import VERSION

SELF_TEST_SECONDS = 120


def main() -> int:
    target = ROOT / "dist"
    target.mkdir(exist_ok=True)
    started = time.monotonic()
    try:
        bundle = build_bundle(target)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{bundle.relative_to(ROOT)}: {bundle_size(bundle) / 1e6:.0f} MB in {time.monotonic() - started:.0f} s")
    tested = subprocess.run([str(bundle / "miratag"), "--self-test"], check=False, timeout=SELF_TEST_SECONDS)
    if tested.returncode != 0:
        return 1
    started = time.monotonic()
    package = build_package(bundle, target, VERSION)
    size = package.stat().st_size / 1e6
    print(f"{package.relative_to(ROOT)}: {size:.1f} MB in {time.monotonic() - started:.0f} s")
    _lint(package)
    return 0


def _lint(package: Path) -> None:
    """Shows what lintian says but for what a bundle is by design: its own libraries, found by a path of its own."""
    by_design = (
        "embedded-library,custom-library-search-path,no-manual-page,no-changelog,shared-library-lacks-prerequisites"
    )
    command = ["lintian", "--fail-on", "error", "--suppress-tags", by_design, str(package)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SELF_TEST_SECONDS)
    print(done.stdout.strip() or "lintian: nothing to say")


if __name__ == "__main__":
    sys.exit(main())
