"""What changed from one version of a report to another, on its pages."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

from protocol.statements import TelemetryPolicy
from server.policy.document import policy_payload
from server.reports.reading import read_report
from server.reports.reviewing import Verdict, decide
from server.storage.tables import access_record
from tests.integration.web.conftest import Browser, House, send
from tests.integration.web.organization import PASSWORD

HOSTILE = "<script>alert(1)</script>"


def plain(page: str) -> str:
    """A page as it is read, with what was removed and added in brackets."""
    marked = re.sub(r"<(/?)(ins|del)>", lambda tag: {"": "[", "/": "]"}[tag[1]] if tag[2] == "ins" else "~", page)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", marked))


def test_title_text_place_and_files_are_compared(house: House, open_browser: Callable[..., Browser]) -> None:
    filled, ana = house.filled, house.ana
    door, hinge = (filled.file(ana, name.encode(), f"{name}.txt", "text/plain") for name in ("door", "hinge"))
    instance, first = filled.report(ana, "Dented door", "By the quay.", files=(door,), ago=timedelta(hours=3))
    _, second = filled.report(
        ana,
        "Dented gate",
        f"By the quay. {HOSTILE}",
        location=house.gate,
        files=(hinge,),
        ago=timedelta(hours=2),
        revises=(instance, (first,)),
    )
    _, third = filled.report(ana, "Dented gate", "Far from it.", files=(hinge,), revises=(instance, (second,)))
    browser = open_browser(house.manager)
    assert f"/reports/{instance}/versions" in browser.get(f"/reports/{instance}").text
    newest = browser.get(f"/reports/{instance}/versions").text
    assert "Removed: By the quay." in plain(newest)
    both = browser.get(f"/reports/{instance}/versions?earlier={first}&later={second}").text
    assert HOSTILE not in both
    read = plain(both)
    assert "Dented ~Removed: door End of removed. ~[Added: gate End of added. ]" in read
    assert "[Added: &lt;script&gt;" in read
    assert "~Removed: None given~ [Added: Gate 2]" in read
    assert "Files removed~door.txt~" in read.replace("> ", ">").replace(" ~", "~").replace("removed ~", "removed~")
    assert "[hinge.txt]" in read
    assert "Title · Text · Location · 1 file added · 1 file removed" in read
    assert "Written first" in read
    assert "Stands now" in read
    turned = plain(browser.get(f"/reports/{instance}/versions?earlier={third}&later={first}").text)
    assert "[Added: door" in turned
    same = browser.get(f"/reports/{instance}/versions?earlier={first}&later={first}").text
    assert "one and the same version" in same
    assert browser.get(f"/reports/{instance}/versions?earlier=nonsense").status_code == 200
    assert open_browser(house.jonas).get(f"/reports/{instance}/versions").status_code == 404
    assert open_browser(house.ana).get(f"/reports/{instance}/versions").status_code == 200
    with filled.database.read(filled.own) as t:
        viewed = t.all(t.select(access_record).where(access_record.c.action == "view"))
    assert {(row.actor, row.subject_id) for row in viewed} == {(house.manager.actor.member_id, ana.actor.member_id)}


def test_a_report_of_many_versions_is_read_page_by_page(house: House, open_browser: Callable[..., Browser]) -> None:
    filled, ana = house.filled, house.ana
    instance, last = filled.report(ana, "Step 1", ago=timedelta(hours=30))
    ids = [last]
    for number in range(2, 24):
        ago = timedelta(hours=30 - number)
        _, last = filled.report(ana, f"Step {number}", f"text {number}", ago=ago, revises=(instance, (last,)))
        ids.append(last)
    with filled.database.read(filled.own) as t:
        found = read_report(t, house.manager.actor, instance)
        assert found is not None
        assert [one.revision_id for one in found.revisions] == [last]
    browser = open_browser(house.manager)
    assert "13 earlier versions" in browser.get(f"/reports/{instance}").text
    address, seen = f"/reports/{instance}/versions", []
    for listed in (range(23, 13, -1), range(13, 3, -1), range(3, 0, -1)):
        page = browser.get(address).text
        assert re.findall(r"<strong>Version (\d+)</strong>", page) == [str(number) for number in listed]
        assert len(re.findall(r"<option", page)) <= 2 * 12
        assert "Removed: 22" in plain(page), "the newest with the one before it, whichever page is listed"
        older = re.search(r'<a href="([^"]+)" rel="next">', page)
        address = html.unescape(older[1]) if older else ""
        seen.append(page)
    assert "Written first" in seen[2]
    assert "Newer versions" in seen[2]
    assert "Older versions" not in seen[2]
    assert f"earlier={ids[12]}&amp;later={ids[13]}" in seen[0], "what it continues is on the next page"
    both = browser.get(f"/reports/{instance}/versions?earlier={ids[0]}&later={ids[22]}&page=2").text
    assert "~Removed: 1 End of removed. ~[Added: 23 End of added. ]" in plain(both)
    assert "Version 1, " in both
    only_later = browser.get(f"/reports/{instance}/versions?later={ids[5]}").text
    assert "~Removed: 5 End of removed. ~[Added: 6 End of added. ]" in plain(only_later)
    for odd in ("0", "-1", "99", "²", "x", "9" * 30):
        assert browser.get(f"/reports/{instance}/versions?page={odd}").status_code == 200, odd
    _, other = filled.report(ana, "Another report", "not to be read here")
    assert "not to be read" not in browser.get(f"/reports/{instance}/versions?earlier={other}&later={other}").text


def test_a_version_after_the_time_for_changes_is_kept_and_said_to_be_late(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    filled, ana = house.filled, house.ana
    instance, first = filled.report(ana, "Fence", ago=timedelta(days=9))
    _, soon = filled.report(ana, "Fence open", ago=timedelta(days=8), revises=(instance, (first,)))
    filled.report(ana, "Fence open again", ago=timedelta(days=1), revises=(instance, (soon,)))
    browser = open_browser(house.manager)
    for path in ("", "/versions"):
        assert browser.get(f"/reports/{instance}{path}").text.count("Sent after the time for changes") == 1
    asked, returned = filled.report(ana, "Lamp", ago=timedelta(days=9))
    with filled.database.write(filled.own) as t:
        verdict = Verdict(instance_id=asked, revision_id=returned, seen="", decision="returned", words="Which?")
        decide(t, house.manager.actor, verdict)
    filled.report(ana, "Lamp 3", revises=(asked, (returned,)))
    assert "Sent after" not in browser.get(f"/reports/{asked}/versions").text


def test_an_admin_changes_the_rules_and_everybody_sees_who_did(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    admin = open_browser(house.admin)
    rules = {"photo_max_edge": 2048, "edit_hours": 24, "keep_days": 90, "max_media_bytes": 262144000}
    rules |= {"open_after_shift_hours": 4, "open_session_hours": 16, "remind_checked_in_hours": 0, "correct_hours": 24}
    rules |= {"night": "split", "report_day": "06:00", "note_required": "yes", "photo_required": "yes"}
    rules |= {"log_diagnostics": "yes", "log_usage": "yes"}
    with house.filled.database.read(house.filled.own) as t:
        before = policy_payload(t).version
    wrong = send(admin, "/rules", "/rules", **rules, current="not it")
    assert wrong.status_code == 403
    assert '<option value="2048" selected>' in wrong.text
    assert send(admin, "/rules", "/rules", **rules, current=PASSWORD).status_code == 303
    page = admin.get("/rules?done=changed").text
    assert "The rules are changed" in page
    with house.filled.database.read(house.filled.own) as t:
        first = policy_payload(t)
        assert (first.version, first.photo_max_edge) == (before + 1, 2048)
        assert (first.edit_hours, first.open_session_hours) == (24, 16)
        assert first.telemetry == TelemetryPolicy(diagnostics=True, usage=True, third_party=False)
        assert (first.remind_checked_in_hours, first.report_day, first.note_required) == (0, "06:00", True)
    assert "These rules are in force already" in send(admin, "/rules", "/rules", **rules, current=PASSWORD).text
    for name, bad in (
        *(("edit_hours", "-3"), ("keep_days", "0"), ("max_media_bytes", "9" * 15), ("photo_max_edge", "7")),
        *(("open_session_hours", "0"), ("correct_hours", "x"), ("report_day", "25:00")),
    ):
        refused = send(admin, "/rules", "/rules", **{**rules, name: bad}, current=PASSWORD)
        assert refused.status_code == 400
        assert f'id="{name}"' in refused.text
        assert 'aria-invalid="true"' in refused.text
    assert send(admin, "/rules", "/rules", **{**rules, "edit_hours": 48}, current=PASSWORD).status_code == 303
    page = admin.get("/rules").text
    assert "Log data: outside analytics: from people may allow it to forbidden" in page
    assert "Time for changes: from 24 hours to 48 hours" in page
    assert page.count("by Rosa Almeida") == 2
    assert open_browser(house.manager).get("/rules").status_code == 404
    with house.filled.database.read(house.filled.own) as t:
        noted = t.all(t.select(access_record).where(access_record.c.entity_kind == "policy"))
    assert [(row.action, row.entity) for row in noted] == [("change", str(before + step)) for step in (1, 2)]
    assert "edit_hours 24 -> 48" in noted[1].detail
