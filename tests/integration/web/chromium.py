"""A real Chromium, driven over WebDriver (chromedriver speaks plain HTTP, so httpx is all it takes)."""

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
_STARTS = 5
_WAIT_MS = 20_000
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Chromium:
    """One window. Finding waits until the thing is there, for at most 20 seconds."""

    def __init__(self, client: httpx.Client, session: str) -> None:
        self._client = client
        self._session = session

    def open(self, address: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._post("url", url=address)

    def fill(self, selector: str, text: str) -> None:
        """Type into a field, once it is laid out: what a script has just put in stands there for a moment before."""
        self.wait_until(f"document.querySelector({json.dumps(selector)})?.getClientRects().length > 0")
        self._type(selector, text)

    def press(self, text: str) -> None:
        """Press the button that says this."""
        self._post(f"element/{self._find('xpath', f'//button[normalize-space()={text!r}]')}/click")

    def click(self, selector: str) -> None:
        """Click on an element."""
        self._post(f"element/{self._find('css selector', selector)}/click")

    def key(self, key: str) -> None:
        """Press and release one key where the focus is."""
        self.chord(key)

    def chord(self, *keys: str) -> None:
        """Press these keys together, and release them."""
        actions = [{"type": "keyDown", "value": key} for key in keys]
        actions += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self._post("actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def wait_for(self, selector: str) -> None:
        """Wait until an element is there."""
        self._find("css selector", selector)

    def run(self, script: str) -> Any:
        """What a script returns; it runs beside the page's own policy."""
        return self._post("execute/sync", script=script, args=[])

    def wait_until(self, expression: str) -> None:
        """Wait until an expression of JavaScript is true."""
        script = (
            "const [most, done] = arguments; const end = Date.now() + most;"
            f"const look = () => {expression} ? done(true) : Date.now() > end ? done(false) : setTimeout(look, 20);"
            "look();"
        )
        assert self._post("execute/async", script=script, args=[_WAIT_MS]) is True, expression

    def choose_files(self, selector: str, *paths: Path) -> None:
        """Choose files in a file field."""
        self._type(selector, "\n".join(str(path) for path in paths))

    def screenshot(self, path: Path) -> None:
        """The whole page as a PNG."""
        size = self.command("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        found = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(found["data"]))

    def command(self, name: str, **parameters: Any) -> Any:
        """A command of the browser's own protocol, https://chromedevtools.github.io/devtools-protocol."""
        return self._post("goog/cdp/execute", cmd=name, params=parameters)

    def tree(self, role: str = "") -> list[dict[str, Any]]:
        """What a screen reader is told of the page, or of the parts of it with this role."""
        nodes: list[dict[str, Any]] = self.command("Accessibility.getFullAXTree")["nodes"]
        shown = [one for one in nodes if not one["ignored"]]
        return [one for one in shown if not role or one["role"]["value"] == role]

    def width(self, pixels: int) -> None:
        """Make the page this wide, in CSS pixels."""
        metrics = {"width": pixels, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.command("Emulation.setDeviceMetricsOverride", **metrics)

    def answer(self, *, yes: bool) -> str:
        """Answer the question that a script asks; what it asked."""
        asked = str(self._client.get(f"/session/{self._session}/alert/text").json()["value"])
        self._post(f"alert/{'accept' if yes else 'dismiss'}")
        return asked

    def tab(self) -> str:
        """The tab that is looked at."""
        return str(self._client.get(f"/session/{self._session}/window").json()["value"])

    def new_tab(self) -> None:
        """Open another one, and look at that."""
        self.look_at(str(self._post("window/new", type="tab")["handle"]))

    def look_at(self, tab: str) -> None:
        """Go to another tab."""
        self._post("window", handle=tab)

    def forget(self) -> None:
        """As if it had just been started: one empty tab, in which nothing is emulated, and nothing kept of anybody."""
        old = self._client.get(f"/session/{self._session}/window/handles").json()["value"]
        self.new_tab()
        new = self.tab()
        for tab in old:
            self.look_at(tab)
            self._client.delete(f"/session/{self._session}/window")
        self.look_at(new)
        self.command("Storage.clearDataForOrigin", origin="*", storageTypes="all")
        self.command("Network.clearBrowserCookies")
        self.command("Network.clearBrowserCache")
        self.complaints()

    def drag(self, selector: str, to: str, *, down: float) -> None:
        """Press the mouse on one element, let it go on another: `down` of that one's height below its top."""
        boxes = [
            self.run(
                f"const box = document.querySelector({one!r}).getBoundingClientRect();"
                "return [box.left + box.width / 2, box.top, box.height]"
            )
            for one in (selector, to)
        ]
        (x, top, height), (x_to, top_to, height_to) = boxes
        points = [(x, top + height / 2), (x, top + height / 2 + 4), (x_to, top_to + height_to * down)]
        moves = [
            {"type": "pointerMove", "duration": 0, "x": round(left), "y": round(above), "origin": "viewport"}
            for left, above in points
        ]
        press, release = ({"type": f"pointer{name}", "button": 0} for name in ("Down", "Up"))
        actions = [moves[0], press, *moves[1:], release]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self._post("actions", actions=[mouse])

    def complaints(self) -> list[str]:
        """What the console said since the last call: policy violations, failed loads, errors."""
        return [line["message"] for line in self._post("se/log", type="browser")]

    def _type(self, selector: str, text: str) -> None:
        self._post(f"element/{self._find('css selector', selector)}/value", text=text)

    def _find(self, using: str, value: str) -> str:
        return str(self._post("element", using=using, value=value)[_ELEMENT])

    def _post(self, path: str, **body: Any) -> Any:
        value = self._client.post(f"/session/{self._session}/{path}", json=body).json()["value"]
        if isinstance(value, dict) and "error" in value:
            raise AssertionError(f"{path}: {value['message']}")
        return value


@contextmanager
def running_chromium(profile: Path, *flags: str, **settings: object) -> Iterator[Chromium]:
    """Start one, with a profile of its own. `settings` are what a person would set in its settings, by Chromium's names
    with `__` for each dot."""
    assert CHROMIUM is not None
    assert DRIVER is not None
    profile.mkdir(parents=True, exist_ok=True)
    driver, port = _started_driver(profile)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            set_ = {name.replace("__", "."): value for name, value in settings.items()}
            args = [*_FLAGS, *flags, f"--user-data-dir={profile}"]
            options = {"args": args, "binary": CHROMIUM, "prefs": set_}
            wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            answer = client.post("/session", json={"capabilities": {"alwaysMatch": wanted}}).json()["value"]
            session = answer["sessionId"]
            client.post(f"/session/{session}/timeouts", json={"implicit": _WAIT_MS, "script": _WAIT_MS + 5000})
            try:
                yield Chromium(client, session)
            finally:
                client.delete(f"/session/{session}")
    finally:
        driver.terminate()
        driver.wait(20)
        if driver.stdout is not None:
            driver.stdout.close()


def _started_driver(home: Path) -> "tuple[subprocess.Popen[str], str]":
    """The driver and its port. It looks for a port that is free in IPv4 and takes the same in IPv6, where another
    program may have it: then it ends at once, and is started again."""
    for _ in range(_STARTS):
        # It outlives the home folder of the test that it was started for, and is nothing to the person's own.
        env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
        driver = subprocess.Popen([DRIVER or "", "--port=0"], env=env, stdout=subprocess.PIPE, text=True)
        assert driver.stdout is not None
        for line in driver.stdout:
            match = re.search(r"successfully on port (\d+)", line)
            if match:
                return driver, match[1]
        driver.wait(20)
        driver.stdout.close()
    raise AssertionError(f"the driver of the browser did not start in {_STARTS} tries")
