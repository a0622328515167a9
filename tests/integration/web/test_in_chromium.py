"""The pages in a real browser, which enforces the policies that the other tests only read."""

import base64
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from uuid6 import uuid7

from protocol.privacy import ErasureAsked
from server.member_data import requests
from server.reports.reviewing import chosen_verdict, decide
from server.storage.tables import report
from tests.integration.web.chromium import CHROMIUM, DRIVER, Chromium
from tests.integration.web.conftest import House, sign_in_here
from tests.integration.web.organization import PASSWORD
from tests.picture_files import jpeg

_RECORD_A_FILM = """
const canvas = document.createElement("canvas");
const brush = canvas.getContext("2d");
const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
const pieces = [];
recorder.ondataavailable = (event) => pieces.push(event.data);
const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
recorder.start();
for (let frame = 0; frame < 20; frame += 1) {
  brush.fillStyle = frame % 2 ? "teal" : "white";
  brush.fillRect(0, 0, 300, 150);
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 40)));
}
recorder.stop();
await stopped;
const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
return btoa(String.fromCharCode(...bytes));
"""
_PLAY = """
const film = document.querySelector("video");
film.muted = true;
await film.play();
while (film.currentTime === 0) await new Promise((resolve) => { film.ontimeupdate = resolve; });
return film.currentTime;
"""
ENTER = "\ue007"
pytestmark = pytest.mark.skipif(
    CHROMIUM is None or DRIVER is None, reason="no browser here: apt-get install chromium chromium-driver"
)


@pytest.fixture
def waiting_app() -> Iterator[tuple[str, "queue.Queue[str]"]]:
    """What the desktop app opens on loopback: its redirect address, and the paths that arrive."""
    arrived: queue.Queue[str] = queue.Queue()

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/callback"):
                arrived.put(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/callback", arrived
        server.shutdown()
        thread.join()


def test_the_answer_reaches_the_app_through_the_form_policy(
    house: House, address: str, browser: Chromium, waiting_app: tuple[str, "queue.Queue[str]"]
) -> None:
    redirect_uri, arrived = waiting_app
    asked = {
        "client_id": "miratag-desktop",
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "state": "abc",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    browser.open(f"{address}/oauth/authorize?{urlencode(asked)}")
    browser.fill("#email", house.ana.email)
    browser.fill("#password", PASSWORD)
    browser.press("Sign in")
    browser.press("Sign in to the app")
    query = parse_qs(urlsplit(arrived.get(timeout=20)).query)
    assert query["state"] == ["abc"]
    assert query["code"]


def test_no_page_is_wider_than_its_window_breaks_its_policy_or_asks_elsewhere(
    house: House, address: str, browser: Chromium
) -> None:
    photo = house.filled.file(house.ana, b"not really a picture", "a.pdf", "application/pdf")
    instance_id, _ = house.filled.report(house.ana, "W" * 180, "w" * 500, location=house.gate, files=(photo,))
    house.filled.attend(house.ana, "check_in", note="n" * 150)
    sign_in_here(browser, address, house.admin)
    pages = ("today", "reports", f"reports/{instance_id}", "attendance", "people", "locations", "me", "me/password")
    more = (f"people/{house.manager.actor.member_id}", "privacy", "privacy/policy/1", "cookies", "contact", "display")
    with house.filled.database.write(house.filled.own) as t:
        wish = ErasureAsked(request_id=str(uuid7()), wish="w" * 300)
        requests.ask(t, house.ana.actor, wish)
    more += ("me/privacy", "erasure", f"erasure/{wish.request_id}", "log-data")
    more += ("check-in", f"locations/{house.gate}", f"locations/{house.gate}/sheet")
    browser.complaints()
    for width in (320, 360, 768, 960, 1152, 1280):  # 320 is 640 at 200 %
        browser.width(width)
        for path in (*pages, *more):
            browser.open(f"{address}/{path}")
            assert browser.run("return document.documentElement.scrollWidth") <= width, (width, path)
            asked = browser.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
            assert [name for name in asked if not name.startswith(address)] == []
            assert browser.complaints() == [], path


def test_the_head_of_a_page_is_one_line_on_a_wide_screen(house: House, address: str, browser: Chromium) -> None:
    sign_in_here(browser, address, house.admin)
    browser.command("Network.enable")
    for language in ("en", "ar"):
        browser.command("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
        for width in (1152, 1280):
            browser.width(width)
            browser.open(f"{address}/rules")
            browser.run("document.querySelector('.brand bdi').textContent = 'Harbour and Water Works of the North'")
            browser.run("document.querySelector('.who .name').textContent = 'Maximiliana Oberhauser-Kaltenbrunner'")
            assert browser.run("return document.querySelector('.masthead').offsetHeight") < 60, (language, width)
            assert browser.run("return document.documentElement.scrollWidth") <= width, (language, width)
            shown = "const box = document.querySelector('.brand bdi').getBoundingClientRect(); return box.width"
            assert browser.run(shown) > 60, (language, width)


def test_a_phone_at_twice_the_letter_size_reads_whole_words(house: House, address: str, browser: Chromium) -> None:
    instance_id, _ = house.filled.report(house.ana, "Round", location=house.gate)
    sign_in_here(browser, address, house.manager)
    browser.width(195)
    browser.open(f"{address}/reports")
    for column in ("Person", "Location"):
        assert browser.run(f"return document.querySelector('td[data-label={column}] bdi').getClientRects().length") == 1
    for path in ("reports", f"reports/{instance_id}", f"reports/{instance_id}/versions"):
        browser.open(f"{address}/{path}")
        assert browser.run("return document.documentElement.scrollWidth") <= 195, path


def test_reports_are_decided_about_by_keys(house: House, address: str, browser: Chromium) -> None:
    for number in range(3):
        house.filled.report(house.ana, f"Round {number}")
    sign_in_here(browser, address, house.manager)
    browser.open(f"{address}/reports")
    focused = "return document.activeElement.getAttribute('aria-label') || document.activeElement.name"
    for key, expected in (("j", "Round 2"), ("j", "Round 1"), ("j", "Round 0"), ("j", "Round 0"), ("k", "Round 1")):
        browser.key(key)
        assert browser.run(focused) == f"Choose {expected}"
    browser.key("r")
    assert browser.run(focused) == "words"
    browser.fill("#words", "Jack and Ann")  # J, K, A in words are letters
    browser.key("\ue007")
    browser.wait_for(".notice.good")
    assert "1 report is returned." in browser.run("return document.querySelector('.notice.good').innerText")
    browser.key("j")
    browser.key("a")
    browser.wait_for(".notice.good")
    assert "1 report is approved." in browser.run("return document.querySelector('.notice.good').innerText")
    assert browser.complaints() == []
    with house.filled.database.read(house.filled.own) as t:
        states = {row.title: row.state for row in t.all(t.select(report))}
    assert states == {"Round 0": "received", "Round 1": "returned", "Round 2": "approved"}


def test_what_was_chosen_stays_chosen_when_words_are_missing(house: House, address: str, browser: Chromium) -> None:
    for number in range(3):
        house.filled.report(house.ana, f"Round {number}")
    sign_in_here(browser, address, house.manager)
    browser.open(f"{address}/reports")
    for key in ("j", " ", "j", " ", "r", ENTER):
        browser.key(key)
    browser.wait_for("#words:focus[aria-invalid=true]")
    assert "Say what is to be corrected" in browser.run("return document.querySelector('.notice.bad').innerText")
    chosen = "[...document.querySelectorAll('[name=chosen]:checked')].map((one) => one.getAttribute('aria-label'))"
    assert browser.run(f"return {chosen}") == ["Choose Round 2", "Choose Round 1"]
    browser.fill("#words", f"Which pump?{ENTER}")
    browser.wait_for(".notice.good")
    assert "2 reports are returned." in browser.run("return document.querySelector('.notice.good').innerText")
    counted = "return [...document.querySelectorAll('.counts strong')].map((one) => one.textContent)"
    assert browser.run(counted) == ["1", "0", "2", "0", "0"]
    # Somebody else decides meanwhile: the numbers are asked for when the tab is looked at again.
    left = str(browser.run("return [...document.querySelectorAll('[name=chosen]')].at(-1).value"))
    with house.filled.database.write(house.filled.own) as t:
        decide(t, house.admin.actor, chosen_verdict(left, "approved", ""))
    browser.run("document.dispatchEvent(new Event('visibilitychange'))")
    browser.wait_until("document.querySelectorAll('.counts strong')[3].textContent === '1'")
    browser.command("Emulation.setEmulatedMedia", media="print")
    for part in ("#decide", "th.tick", "[name=chosen]", ".counts", ".filter"):
        assert not browser.run(f"return document.querySelector({part!r}).checkVisibility()"), part


def test_photos_enlarge_by_keys_and_give_the_focus_back(house: House, address: str, browser: Chromium) -> None:
    photos = tuple(house.filled.file(house.ana, jpeg(), f"photo {n}.jpg", "image/jpeg") for n in range(3))
    instance_id, _ = house.filled.report(house.ana, "Gate", files=photos)
    sign_in_here(browser, address, house.manager)
    browser.open(f"{address}/reports/{instance_id}")
    browser.run("document.querySelectorAll('a.enlarge')[1].focus()")
    browser.key("\ue007")  # Enter
    browser.wait_for("dialog.viewer[open]")
    shown = "return document.querySelector('dialog.viewer bdi').textContent"
    for key, expected in (("", 1), ("\ue014", 2), ("\ue014", 2), ("\ue012", 1), ("\ue011", 0), ("\ue010", 2)):
        if key:
            browser.key(key)
        assert browser.run(shown) == f"photo {expected}.jpg"
    browser.wait_for(f"dialog.viewer img[src='/media/{photos[2].media_id}/large']")
    assert browser.run("return document.querySelector('dialog.viewer').contains(document.activeElement)")
    browser.key("\ue00c")  # Escape
    browser.wait_for("dialog.viewer:not([open])")
    assert browser.run("return document.activeElement.dataset.large") == f"/media/{photos[2].media_id}/large"
    assert browser.complaints() == []


def test_a_film_plays_on_the_page_and_enlarged(house: House, address: str, browser: Chromium) -> None:
    sign_in_here(browser, address, house.manager)
    recorded = browser.run(_RECORD_A_FILM)
    film = house.filled.file(house.ana, base64.b64decode(recorded), "crane.webm", "video/webm")
    instance_id, _ = house.filled.report(house.ana, "Crane", files=(film,))
    for page in (f"reports/{instance_id}", f"reports/{instance_id}/files/{film.media_id}"):
        browser.open(f"{address}/{page}")
        assert browser.run(_PLAY) > 0, page
        assert browser.complaints() == [], page
