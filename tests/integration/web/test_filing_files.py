"""Files of reports filed in a browser: taken in pieces or with the form, cleaned, once, and nobody else's."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from httpx import Response
from uuid6 import uuid7

from server.media.content import content_of
from server.media.uploads import LIFETIME
from server.policy.document import issue_policy
from server.storage.tables import media, receipt, upload, upload_part
from server.web import posted
from server.web.filing import pages
from tests.integration.web.conftest import Browser, House, token_of
from tests.integration.web.organization import Person
from tests.integration.web.test_filing import action, hidden, new, press, sent
from tests.picture_files import jpeg

Open = Callable[[Person | None], Browser]
PLACE = b"GPS 38.7N 9.1W"


def photo() -> bytes:
    """A JPEG that tells where it was made."""
    content = jpeg(40, 30)
    told = b"Exif\0\0" + b"MM\0*\0\0\0\x08\0\0" + PLACE
    return content[:2] + b"\xff\xe1" + (len(told) + 2).to_bytes(2, "big") + told + content[2:]


def stored(house: House) -> bytes:
    """Everything that the object store has."""
    folder = Path(house.filled.settings.media_url.removeprefix("file://"))
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def post(browser: Browser, page: str, files: list[tuple[str, bytes]], **typed: str) -> Response:
    fields = {**hidden(page), "do": "send", **typed}
    parts = [("files", (name, content, "text/html")) for name, content in files]
    return browser.post(action(page), data=fields, files=parts)


class Sender:
    """What the page's script does."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.headers = {"X-Csrf-Token": token_of(browser.get("/me/password").text)}

    def announce(self, name: str, size: int, **more: Any) -> Response:
        return self.browser.post("/me/files", json={"name": name, "size": size, **more}, headers=self.headers)

    def piece(self, media_id: str, offset: int, content: bytes) -> Response:
        headers = {**self.headers, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return self.browser.patch(f"/me/files/{media_id}", content=content, headers=headers)

    def whole(self, name: str, content: bytes, **more: Any) -> dict[str, Any]:
        media_id = self.announce(name, len(content), **more).json()["media_id"]
        answer: dict[str, Any] = self.piece(media_id, 0, content).json()
        return answer


def test_a_photo_comes_with_the_form_and_tells_nothing(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    page = new(browser)
    answer = post(browser, page, [("C:\\fakepath\\Anas house.jpg", photo()), ("notes.txt", b"as it is")], written="Two")
    assert answer.status_code == 303, answer.text
    [body] = sent(house)
    assert [(one.name, one.content_type) for one in body.media] == [
        ("Photo 1.jpg", "image/jpeg"),
        ("notes.txt", "text/plain"),
    ]
    assert PLACE not in stored(house)
    with house.filled.database.read(house.filled.own) as t:
        found = content_of(t, body.media[0].media_id)
        assert t.scalar(t.select(receipt, receipt.c.revision_id)) == body.revision_id
        assert t.all(t.select(upload).where(upload.c.done.is_(None))) == []
    assert found is not None
    content = b"".join(found.stream(house.filled.objects))
    assert hashlib.sha256(content).hexdigest() == body.media[0].sha256
    # The same form again, files and all, is the same report and the same files.
    again = post(browser, page, [("Anas house.jpg", photo()), ("notes.txt", b"as it is")], written="Two")
    assert again.headers["location"].endswith("?done=here")
    with house.filled.database.read(house.filled.own) as t:
        assert len(t.all(t.select(media))) == 2


def test_who_wants_to_keep_what_a_photo_tells_keeps_it(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    post(browser, new(browser), [("Anas house.jpg", photo())], written="One", keep="yes")
    [body] = sent(house)
    assert body.media[0].name == "Anas house.jpg"
    assert body.media[0].sha256 == hashlib.sha256(photo()).hexdigest()


REFUSED = [
    ("cut.jpg", photo()[:-40], "damaged or cut off"),
    ("picture.jpg", b"%PDF-1.4 not a picture", "is named like a JPEG picture but is a PDF document"),
    ("film.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 40, "cut off"),
]


@pytest.mark.parametrize(("name", "content", "sentence"), REFUSED)
def test_what_is_refused_is_said_and_the_words_stay(
    house: House, open_browser: Open, name: str, content: bytes, sentence: str
) -> None:
    browser = open_browser(house.ana)
    answer = post(browser, new(browser), [("good.txt", b"good"), (name, content)], written="Words")
    assert answer.status_code == 422
    assert sentence in answer.text or "cannot be taken out" in answer.text
    assert hidden(answer.text)["written"] == ["Words"]
    assert len(hidden(answer.text)["file"]) == 1  # the good one is here already
    assert press(browser, answer.text).status_code == 303
    assert [one.name for one in sent(house)[0].media] == ["good.txt"]
    assert Sender(browser).whole(name, content).get("sentence")


def test_pieces_go_on_where_the_line_broke(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    sender, content = Sender(browser), photo() + b""
    media_id = sender.announce("IMG_1.jpg", len(content)).json()["media_id"]
    assert sender.piece(media_id, 0, content[:100]).json()["offset"] == 100
    assert browser.get(f"/me/files/{media_id}").json() == {
        "media_id": media_id,
        "name": "IMG_1.jpg",
        "length": len(content),
        "offset": 100,
        "held": False,
    }
    assert sender.piece(media_id, 0, content).status_code == 409  # a lost answer: ask how far it is
    assert sender.piece(media_id, 100, content[100:]).json()["held"] is True
    assert browser.get(f"/me/files/{media_id}").json()["held"] is True
    page = new(browser)
    shown = press(browser, page, "attach", file=media_id).text
    assert f"/media/{media_id}/small" in shown
    press(browser, shown, written="With a photo")
    assert [one.media_id for one in sent(house)[0].media] == [media_id]
    assert PLACE not in stored(house)
    assert sender.browser.delete(f"/me/files/{media_id}", headers=sender.headers).status_code == 204
    with house.filled.database.read(house.filled.own) as t:
        assert content_of(t, media_id) is not None  # a report has it


def test_a_file_taken_back_or_left_behind_is_gone(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    sender = Sender(browser)
    whole = sender.whole("a.txt", b"left behind")["media_id"]
    half = sender.announce("b.txt", 100).json()["media_id"]
    sender.piece(half, 0, b"x" * 10)
    assert browser.delete(f"/me/files/{half}", headers=sender.headers).status_code == 204
    assert browser.get(f"/me/files/{half}").status_code == 404
    with house.filled.database.write(house.filled.own) as t:
        old = (t.now - LIFETIME * 2).isoformat()
        t.execute(t.update(upload).where(upload.c.media_id == whole).values(expires=old))
    sender.announce("c.txt", 5)
    with house.filled.database.read(house.filled.own) as t:
        assert t.all(t.select(media)) == []
        assert t.all(t.select(upload_part)) == []
    assert stored(house) == b""
    gone = press(browser, new(browser), written="Words", file=whole)
    assert gone.status_code == 409
    assert "not on the server any more" in gone.text


def test_files_are_for_their_own_page_and_person_only(house: House, open_browser: Open) -> None:
    ana, jonas = Sender(open_browser(house.ana)), Sender(open_browser(house.jonas))
    media_id = ana.whole("a.txt", b"of Ana")["media_id"]
    half = ana.announce("b.txt", 100).json()["media_id"]
    for other in (media_id, half, str(uuid7()), "x"):
        assert jonas.browser.get(f"/me/files/{other}").status_code == 404
        assert jonas.piece(other, 0, b"x").status_code in {403, 404}
        jonas.browser.delete(f"/me/files/{other}", headers=jonas.headers)
    assert ana.browser.get(f"/me/files/{media_id}").json()["held"] is True
    assert press(jonas.browser, new(jonas.browser), written="Forged", file=media_id).status_code == 409
    ana.headers = {"X-Csrf-Token": "x" * 43}
    assert ana.announce("a.txt", 5).status_code == 403
    assert ana.piece(half, 0, b"x").status_code == 403
    assert ana.browser.delete(f"/me/files/{half}", headers=ana.headers).status_code == 403
    nobody = Sender.__new__(Sender)
    nobody.browser, nobody.headers = open_browser(None), {}
    assert nobody.announce("a.txt", 5).status_code == 303


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"name": 1, "size": 2}', b'{"name": "a", "size": -1}', b"[" * 5000]
)
def test_any_announcement_gets_a_sentence(house: House, open_browser: Open, body: bytes) -> None:
    sender = Sender(open_browser(house.ana))
    answer = sender.browser.post("/me/files", content=body, headers=sender.headers)
    assert 400 <= answer.status_code < 500
    assert json.loads(answer.text)["sentence"]


def test_limits_say_so(house: House, open_browser: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = open_browser(house.ana)
    with house.filled.database.write(house.filled.own) as t:
        issue_policy(t, house.filled.keys, max_media_bytes=1_000_000)
    answer = post(browser, new(browser), [("a.txt", b"x" * 1_000_001)], written="Words")
    assert answer.status_code == 413
    assert "is larger than 1 MB" in answer.text
    assert hidden(answer.text)["written"] == ["Words"]
    assert "1000000 is the most" in Sender(browser).announce("a.txt", 1_000_001).json()["sentence"]
    monkeypatch.setattr(pages._turns, "_each", 0)
    assert press(browser, new(browser), written="Words").status_code == 429


def test_no_file_of_a_stranger_s_form_reaches_the_disk(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    page = new(browser)
    fields = {**hidden(page), "csrf": "x" * 43, "written": "Words", "do": "send"}
    answer = browser.post(action(page), data=fields, files=[("files", ("a.txt", b"secret"))])
    assert answer.status_code == 403
    assert hidden(answer.text)["written"] == ["Words"]
    assert sent(house) == []
    assert stored(house) == b""


def test_files_that_are_not_taken_are_not_read_for_ever(
    house: House, open_browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posted, "_MOST_DROPPED", 1000)
    page = new(open_browser(house.ana))
    nobody = open_browser(None)
    assert post(nobody, page, [("a.txt", b"x" * 2000)], written="Words").status_code == 413
    assert post(nobody, page, [("a.txt", b"x" * 500)], written="Words").status_code == 401


def test_a_form_in_odd_parts_is_not_understood(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    address = action(new(browser))
    for status, content_type, body in (
        (400, "multipart/form-data", b"x"),
        (400, "multipart/form-data; boundary=x", b"--x\r\nbroken"),
        (
            403,
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
        ),
        (400, "multipart/form-data; boundary=\xff", b"--x--"),
        (403, "application/json", b"{}"),
    ):
        answer = browser.post(address, content=body, headers={"Content-Type": content_type.encode("latin-1")})
        # Whoever's form can be read in part is asked for its token first.
        assert answer.status_code == status, (content_type, body, answer.text)
        assert "<h1" in answer.text
    assert sent(house) == []
    huge = browser.post(address, data={"written": "x" * (pages.MOST_BYTES + 1)})
    assert huge.status_code == 413
