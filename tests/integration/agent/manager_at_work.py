"""A manager in a browser without JavaScript, on a real server, for tests."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from tests.live_server import LiveServer

SECONDS = 20


class ManagerAtWork:
    """Signed in; opens pages and presses their buttons."""

    def __init__(self, session: requests.Session, url: str) -> None:
        self._session = session
        self._url = url

    def page(self, path: str) -> str:
        reply = self._session.get(f"{self._url}{path}", timeout=SECONDS)
        assert reply.status_code == 200, reply.text
        return reply.text

    def decide(self, instance_id: str, decision: str, words: str = "", **marks: str) -> None:
        page = self.page(f"/reports/{instance_id}")
        fields = {name: _hidden(page, name) for name in ("csrf", "revision", "seen")}
        self._post(f"/reports/{instance_id}/review", decision=decision, words=words, **fields, **marks)

    def comment(self, instance_id: str, text: str) -> None:
        page = self.page(f"/reports/{instance_id}")
        fields = {name: _hidden(page, name) for name in ("csrf", "comment_id")}
        self._post(f"/reports/{instance_id}/comments", text=text, **fields)

    def open_code_screen(self, location_id: str, digits: int) -> str:
        """The path of a new screen that shows the code of a location, which has one from now on."""
        place = f"/locations/{location_id}"
        csrf = _hidden(self.page(place), "csrf")
        self._post(f"{place}/code", csrf=csrf, digits=str(digits))
        fields = {"csrf": csrf, "kind": "code", "name": "At the door"}
        reply = self._session.post(f"{self._url}{place}/screens", data=fields, timeout=SECONDS)
        found = re.search(r"/screen/[A-Za-z0-9_-]{43}", reply.text)
        assert found is not None, reply.text
        return found[0]

    def decide_correction(self, ask_id: str, decision: str, words: str = "") -> None:
        page = self.page("/attendance/corrections")
        path = f"/attendance/corrections/{ask_id}"
        assert path in page, page
        self._post(path, decision=decision, words=words, csrf=_hidden(page, "csrf"))

    def _post(self, path: str, **fields: Any) -> None:
        reply = self._session.post(f"{self._url}{path}", data=fields, timeout=SECONDS, allow_redirects=False)
        assert reply.status_code == 303, reply.text


@contextmanager
def manager_at_work(server: LiveServer, *, role: str = "manager") -> Iterator[ManagerAtWork]:
    """The demo's manager, who looks after its first worker; or its admin."""
    email, password = server.facts[role][0]
    with requests.Session() as session:
        session.trust_env = False
        form = session.get(f"{server.url}/sign-in", timeout=SECONDS).text
        fields = {"csrf": _hidden(form, "csrf"), "email": email, "password": password}
        reply = session.post(f"{server.url}/sign-in", data=fields, timeout=SECONDS, allow_redirects=False)
        assert reply.status_code == 303, reply.text
        yield ManagerAtWork(session, server.url)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no {name} in {page}"
    return html.unescape(found[1])
