"""`make package`: the bundle, shown to work, and the Debian package of it."""

import subprocess
import sys
import time
from pathlib import Path

from installer.bundle import ROOT, BundleError, build_bundle, bundle_size
from installer.debian import build_package
from protocol.version import VERSION

SELF_TEST_SECONDS = 120
LINT_SECONDS = 300
# A bundle brings its own libraries and finds them by a path of its own; Python's extension modules are not linked to
# the C library themselves; the bootloader comes built.
BY_DESIGN = (
    "custom-library-search-path",
    "embedded-library",
    "hardening-no-pie",
    "library-not-linked-against-libc",
    "no-changelog",
    "no-manual-page",
    "shared-library-lacks-prerequisites",
)


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
    return _lint(package)


def _lint(package: Path) -> int:
    """Prints what lintian says but for what a bundle is by design; its status, which is 0 unless it calls an error."""
    command = ["lintian", "--fail-on", "error", "--suppress-tags", ",".join(BY_DESIGN), str(package)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LINT_SECONDS)
    print(done.stdout.strip() or "lintian: nothing to say")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
