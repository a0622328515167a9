"""What a location is known by, its code and screens, and its kiosk: what is typed wrong, and what nobody may open."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from httpx import Response

from rules.clock import parse_utc
from server.attendance.reading import EventFilter, EventRow, list_events
from server.locations import places
from tests.integration.web.conftest import Browser, House, send


def place(house: House) -> str:
    return f"/locations/{house.gate}"


def described(**changed: str) -> dict[str, str]:
    plain = {"name": "Gate 2", "zone": "Europe/Lisbon", "address": "", "spot": "", "radius": ""}
    return plain | {"networks": "", "gateways": ""} | changed


def test_what_it_is_known_by_is_kept_in_one_form(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    typed = described(
        spot="38.7223, -9.1393", radius="80", networks="10.4.7.9/16\n2001:DB8::/32", gateways="00-1B-44-11-3A-B7"
    )
    assert send(admin, place(house), place(house), **typed).status_code == 303
    with house.filled.database.read(house.filled.own) as t:
        kept = places.location_view(places.find(t, house.gate))
    assert (kept.latitude, kept.longitude, kept.radius_m) == (38.7223, -9.1393, 80)
    assert (kept.networks, kept.gateways) == (("10.4.0.0/16", "2001:db8::/32"), ("00:1b:44:11:3a:b7",))
    page = admin.get(place(house)).text
    assert 'value="38.7223, -9.1393"' in page
    assert send(admin, place(house), place(house), **described()).status_code == 303
    with house.filled.database.read(house.filled.own) as t:
        assert places.location_view(places.find(t, house.gate)).latitude is None


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"spot": "at the river"}, "spot", "is not a place on the map"),
        ({"spot": "98.1, 4", "radius": "50"}, "spot", "is not a place on the map"),
        ({"spot": "0, 0", "radius": "50"}, "spot", "stands for none"),
        ({"spot": "38.7, -9.1"}, "radius", "whole number of metres"),
        ({"spot": "38.7, -9.1", "radius": "3"}, "radius", "whole number of metres"),
        ({"spot": "38.7, -9.1", "radius": "99999999"}, "radius", "whole number of metres"),
        ({"spot": "38.7, -9.1", "radius": "٥٠"}, "radius", "whole number of metres"),
        ({"radius": "50"}, "spot", "needs the place on the map"),
        ({"networks": "10.0.0.0/8\n0.0.0.0/0"}, "networks", "is not a range of addresses"),
        ({"networks": "<b>"}, "networks", "is not a range of addresses"),
        ({"gateways": "router.local"}, "gateways", "is not the address of a router"),
        ({"networks": "\n".join(f"10.{n}.0.0/16" for n in range(21))}, "networks", "20 is the most"),
        ({"zone": "Middle/Earth"}, "zone", "is not a time zone"),
    ],
)
def test_what_is_typed_wrong_is_said_and_stays_typed(
    house: House, open_browser: Callable[..., Browser], typed: dict[str, str], field: str, words: str
) -> None:
    admin = open_browser(house.admin)
    answer = send(admin, place(house), place(house), **described(name="Gate 9", **typed))
    assert answer.status_code == 400
    assert words in answer.text
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', answer.text)
    assert 'value="Gate 9"' in answer.text
    assert "<b>" not in answer.text
    with house.filled.database.read(house.filled.own) as t:
        assert places.find(t, house.gate).name == "Gate 2"


def made_address(answer: Response) -> str:
    found = re.search(
        r'<code class="secret"[^>]*>[a-z:/0-9.]*?(/(?:screen|kiosk)/[A-Za-z0-9_-]{43})</code>', answer.text
    )
    assert found is not None, answer.text
    return found[1]


def test_a_code_screen_shows_the_code_until_it_is_taken_back(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    admin, anybody = open_browser(house.admin), open_browser(None)
    made = send(admin, place(house), f"{place(house)}/screens", kind="code", name="At the door")
    screen = made_address(made)
    none_yet = anybody.get(screen)
    assert (none_yet.status_code, "has no code now" in none_yet.text) == (200, True)
    assert send(admin, place(house), f"{place(house)}/code", digits="6").status_code == 303
    shown = anybody.get(screen)
    code = re.search(r'class="code"[^>]*aria-label="(\d{6})"', shown.text)
    assert code is not None
    assert "<svg" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    left = re.search(r'data-ends-in="(\d+)"', anybody.get(f"{screen}/code").text)
    assert left is not None
    assert 0 < int(left[1]) <= 30_000
    assert house.gate not in anybody.get("/").text
    [screen_id] = re.findall(r"/screens/([0-9a-f-]{36})/end", admin.get(place(house)).text)
    assert screen.rsplit("/", 1)[1] not in admin.get(place(house)).text
    assert send(admin, place(house), f"{place(house)}/screens/{screen_id}/end").status_code == 303
    assert anybody.get(screen).status_code == anybody.get(f"{screen}/code").status_code == 404


@pytest.mark.parametrize("path", ["/screen/{}", "/screen/{}/code", "/kiosk/{}"])
def test_an_address_that_was_guessed_opens_nothing(open_browser: Callable[..., Browser], path: str) -> None:
    assert open_browser(None).get(path.format("a" * 43)).status_code == 404


def test_a_screens_address_is_of_its_kind_only(house: House, open_browser: Callable[..., Browser]) -> None:
    admin, anybody = open_browser(house.admin), open_browser(None)
    made = made_address(send(admin, place(house), f"{place(house)}/screens", kind="kiosk", name="Tablet"))
    assert anybody.get(made).status_code == 200
    assert anybody.get(made.replace("/kiosk/", "/screen/")).status_code == 404
    assert send(admin, place(house), f"{place(house)}/screens", kind="safe", name="x").status_code == 404
    assert send(admin, place(house), f"{place(house)}/screens", kind="code", name=" ").status_code == 400


def test_the_sheet_has_links_and_no_code(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    send(admin, place(house), f"{place(house)}/code", digits="8")
    sheet = admin.get(f"{place(house)}/sheet").text
    assert f"miratag://check-in?location={house.gate}</code>" in sheet
    assert "code=" not in sheet
    assert sheet.count("<svg") == 2


@pytest.mark.parametrize("who", ["manager", "ana", "stranger"])
def test_none_of_it_is_for_others(house: House, open_browser: Callable[..., Browser], who: str) -> None:
    browser = open_browser(getattr(house, who))
    for path in (place(house), f"{place(house)}/sheet"):
        assert browser.get(path).status_code == 404
    for path, fields in (
        (place(house), described()),
        (f"{place(house)}/code", {"digits": "6"}),
        (f"{place(house)}/screens", {"kind": "code", "name": "x"}),
        (f"/people/{house.jonas.actor.member_id}/kiosk", {"number": "7", "pin": "4096"}),
    ):
        assert send(browser, "/me", path, **fields).status_code == 404


# -- the kiosk ---------------------------------------------------------------------------------------------------


class Tablet:
    """The kiosk of Gate 2, and what it leaves."""

    def __init__(self, house: House, open_browser: Callable[..., Browser]) -> None:
        self.house = house
        self.admin, self.tablet = open_browser(house.admin), open_browser(None)
        made = send(self.admin, place(house), f"{place(house)}/screens", kind="kiosk", name="Tablet at the door")
        self.path = made_address(made)

    def give(self, number: str, pin: str, who: str = "ana") -> Response:
        """Give somebody a number and a PIN."""
        page = f"/people/{getattr(self.house, who).actor.member_id}"
        return send(self.admin, page, f"{page}/kiosk", number=number, pin=pin)

    def enter(self, number: str, pin: str) -> Response:
        """Enter both."""
        return self.tablet.post(self.path, data={"number": number, "pin": pin})

    def press(self, what: str, number: str = "7", pin: str = "4096") -> Response:
        """Enter both and press a button."""
        return self.send(self.enter(number, pin), what)

    def send(self, choice: Response, what: str) -> Response:
        """Press a button of that page."""
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', choice.text))
        assert f'value="{what}"' in choice.text, choice.text
        return self.tablet.post(f"{self.path}/press", data={**hidden, "press": what})

    def rows(self) -> tuple[EventRow, ...]:
        """What was recorded of Ana, oldest first."""
        with self.house.filled.database.read(self.house.filled.own) as t:
            found = list_events(t, self.house.ana.actor, EventFilter(member_id=self.house.ana.actor.member_id))
        return tuple(reversed(found.rows))


@pytest.fixture
def tablet(house: House, open_browser: Callable[..., Browser]) -> Tablet:
    made = Tablet(house, open_browser)
    assert made.give("7", "4096").status_code == 303
    return made


def test_a_day_at_the_kiosk(tablet: Tablet) -> None:
    choice = tablet.enter("7", "4096")
    assert "Ana Ferreira" in choice.text
    assert "You are not checked in." in choice.text
    done = tablet.send(choice, "check_in")
    assert "Ana Ferreira, you are checked in." in done.text
    assert f'http-equiv="refresh" content="8;url={tablet.path}"' in done.text
    for what in ("break_start", "break_end", "check_out"):
        assert tablet.press(what).status_code == 200
    rows = tablet.rows()
    assert [row.kind for row in rows] == ["check_in", "break_start", "break_end", "check_out"]
    assert {row.check_in_id for row in rows[1:]} == {rows[0].event_id}
    assert {(row.method, row.grade, row.location_name, row.flags) for row in rows} == {
        ("kiosk", "server", "Gate 2", ())
    }
    assert {row.evidence.kiosk for row in rows} == {"Tablet at the door"}
    assert "You are not checked in." in tablet.enter("7", "4096").text


def test_a_press_that_comes_twice_is_one_event(tablet: Tablet) -> None:
    choice = tablet.enter("7", "4096")
    assert tablet.send(choice, "check_in").text.count("you are checked in") == 1
    assert tablet.send(choice, "check_in").status_code == 200
    assert len(tablet.rows()) == 1


def test_a_check_in_is_never_refused(house: House, tablet: Tablet) -> None:
    yard = house.filled.location("Yard")
    house.filled.attend(house.ana, "check_in", location=yard)
    choice = tablet.enter("7", "4096")
    assert "You are checked in at Yard" in choice.text
    assert "You had not checked out at Yard" in tablet.send(choice, "check_in").text
    assert [row.needs_end for row in tablet.rows()] == [True, False]


def test_wrong_ones_are_told_alike_and_braked(tablet: Tablet) -> None:
    stranger, wrong = tablet.enter("99", "4096"), tablet.enter("7", "4097")
    assert stranger.status_code == wrong.status_code == 403
    sentence = "No person here has this number and PIN."
    assert sentence in stranger.text
    assert sentence in wrong.text
    for _ in range(4):
        tablet.enter("7", "1")
    braked = tablet.enter("7", "4096")
    assert (braked.status_code, "too many wrong tries with this number" in braked.text) == (429, True)
    assert tablet.give("8", "5081", "jonas").status_code == 303
    assert tablet.enter("8", "5081").status_code == 200


def test_a_ticket_is_good_for_a_minute_at_its_kiosk(
    house: House, tablet: Tablet, open_browser: Callable[..., Browser]
) -> None:
    choice = tablet.enter("7", "4096")
    for broken in (("ticket", "x"), ("ticket", f"{house.jonas.actor.member_id}.9999999999.abc"), ("press", "dance")):
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', choice.text))
        answer = tablet.tablet.post(f"{tablet.path}/press", data={**hidden, "press": "check_in", broken[0]: broken[1]})
        assert answer.status_code == 403
    other = Tablet(house, open_browser)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', choice.text))
    assert tablet.tablet.post(f"{other.path}/press", data={**hidden, "press": "check_in"}).status_code == 403
    assert tablet.rows() == ()


@pytest.mark.parametrize(
    ("number", "pin", "words"),
    [
        ("", "4096", "number has 1 to 12 digits"), ("a7", "4096", "number has 1 to 12 digits"),
        ("8", "12", "PIN has 4 to 12 digits"), ("8", "40x6", "PIN has 4 to 12 digits"),
        ("8", "1111", "first that anybody tries"), ("8", "3456", "first that anybody tries"),
        ("8", "9876", "first that anybody tries"), ("7", "5081", "the number 7 already"),
    ],
)  # fmt: skip
def test_numbers_and_pins_that_do_not_do(tablet: Tablet, number: str, pin: str, words: str) -> None:
    answer = tablet.give(number, pin, "jonas")
    assert answer.status_code in {400, 409}
    assert words in answer.text


def test_who_was_deactivated_or_lost_the_pin_is_not_known(house: House, tablet: Tablet) -> None:
    choice = tablet.enter("7", "4096")
    page = f"/people/{house.ana.actor.member_id}"
    assert send(tablet.admin, page, f"{page}/kiosk", what="take").status_code == 303
    assert tablet.enter("7", "4096").status_code == 403
    assert tablet.give("7", "4096").status_code == 303
    assert send(tablet.admin, page, f"{page}/active", active="no").status_code == 303
    assert tablet.enter("7", "4096").status_code == 403
    assert tablet.send(choice, "check_in").status_code == 403
    assert tablet.rows() == ()


def test_the_pin_is_kept_nowhere_as_it_is(house: House, tablet: Tablet) -> None:
    tablet.press("check_in")
    files = [path for path in house.filled.settings.data.rglob("*") if path.is_file()]
    token = tablet.path.rsplit("/", 1)[1].encode()
    for path in files:
        assert token not in path.read_bytes(), path


def test_times_at_the_kiosk_are_those_of_the_place(tablet: Tablet) -> None:
    done = tablet.press("check_in")
    at = parse_utc(tablet.rows()[0].at)
    lisbon = {f"{(at + timedelta(hours=off)).strftime('%H:%M')}" for off in (0, 1)}
    assert any(f"Gate 2, {one}" in done.text for one in lisbon)


# -- what managers read ------------------------------------------------------------------------------------------


def test_attendance_is_narrowed_by_place_person_and_what_needs_a_look(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    yard = house.filled.location("Yard")
    house.filled.attend(house.ana, "check_in", location=house.gate)
    house.filled.attend(house.ana, "check_in", location=yard, ago=timedelta(hours=-1))
    house.filled.attend(house.jonas, "check_in", location=house.gate)
    admin = open_browser(house.admin)

    def shown(query: str) -> tuple[int, int]:
        table = admin.get(f"/attendance?{query}").text.partition("<tbody>")[2].partition("</tbody>")[0]
        return table.count("<tr>"), table.count("Needs a look")

    assert shown("") == (3, 2)
    assert shown(f"location={house.gate}") == (2, 1)
    assert shown(f"person={house.ana.actor.member_id}") == (2, 2)
    assert shown(f"location={house.gate}&person={house.ana.actor.member_id}") == (1, 1)
    assert shown("look=yes") == (2, 2)
    assert shown(f"look=yes&location={house.gate}") == (1, 1)
    assert "Nothing recorded fits." in admin.get("/attendance?location=nowhere").text
    today = admin.get("/today").text
    assert today.count("a check-in needs an end") == 1
    assert "1 more entry of attendance needs a look" in today, "that which has no end is named already"
    jonas_is_not_theirs = open_browser(house.manager).get(f"/attendance?person={house.jonas.actor.member_id}").text
    assert "Jonas" not in jonas_is_not_theirs


def test_who_is_in_renews_itself_for_those_in_care_only(house: House, open_browser: Callable[..., Browser]) -> None:
    house.filled.attend(house.ana, "check_in", location=house.gate)
    house.filled.attend(house.jonas, "check_in", location=house.gate)
    part = open_browser(house.manager).get("/today/in").text
    assert "Ana Ferreira" in part
    assert "Jonas" not in part
    assert "<html" not in part
    assert open_browser(house.ana).get("/today/in").status_code == 404
