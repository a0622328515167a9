"""Looking after people and locations."""

import re
from collections.abc import Callable
from datetime import timedelta

from server.accounts import members
from server.locations import places
from server.storage.database import Database
from server.storage.tables import web_session
from tests.integration.web.conftest import Browser, House, send, sign_in
from tests.integration.web.organization import PASSWORD, Person


def _sign_in_long_ago(house: House, person: Person) -> None:
    """As if the password had been given half an hour before."""
    with house.filled.database.write(house.filled.own) as t:
        own = web_session.c.member_id == person.actor.member_id
        t.execute(t.update(web_session).where(own).values(confirmed="2020-01-01T00:00:00.000Z"))


def test_a_person_is_added_enrolled_and_signs_in(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    added = send(
        admin, "/people", "/people", name="New Person", email="New@Harbour.example.invalid", group=[house.quay]
    )
    page = added.headers["location"].partition("?")[0]
    assert "enrolment code below" in admin.get(added.headers["location"]).text
    made = send(admin, page, f"{page}/enrolment")
    code = re.search(r'<code class="secret" dir="ltr">([0-9A-Z-]+)</code>', made.text)
    assert code is not None
    assert made.headers["cache-control"] == "no-store"
    assert code[1] not in admin.get(page).text
    person = open_browser(None)
    done = send(person, "/enrol", "/enrol", code=code[1], password="words of theirs", again="words of theirs")
    assert done.headers["location"] == "/me"
    assert "New Person" in person.get("/me").text


def test_what_is_wrong_is_said_above_the_filled_form(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    taken = send(admin, "/people", "/people", name="Somebody", email=house.ana.email)
    assert taken.status_code == 409
    assert "already has the e-mail" in taken.text
    assert 'value="Somebody"' in taken.text
    zone = send(admin, "/locations", "/locations", name="Depot", zone="Middle/Earth")
    assert zone.status_code == 400
    assert "is not a time zone" in zone.text
    assert 'value="Depot"' in zone.text


def test_deactivating_ends_every_sign_in(house: House, open_browser: Callable[..., Browser]) -> None:
    admin, ana = open_browser(house.admin), open_browser(house.ana)
    page = f"/people/{house.ana.actor.member_id}"
    assert send(admin, page, f"{page}/active", active="no").status_code == 303
    assert ana.get("/me").status_code == 303
    assert sign_in(open_browser(None), house.ana.email, PASSWORD).status_code == 403
    assert send(admin, page, f"{page}/active", active="yes").status_code == 303
    assert sign_in(open_browser(None), house.ana.email, PASSWORD).status_code == 303


def test_the_last_admin_stays(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    page = f"/people/{house.admin.actor.member_id}"
    assert send(admin, page, f"{page}/active", active="no").status_code == 409
    answer = send(admin, page, f"{page}/role", role="worker")
    assert answer.status_code == 409
    assert "only active admin" in answer.text


def test_groups_are_exactly_the_ticked_ones(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    page = f"/people/{house.jonas.actor.member_id}"
    assert send(admin, page, f"{page}/groups", group=[house.quay]).status_code == 303
    with house.filled.database.read(house.filled.own) as t:
        assert members.find(t, house.admin.actor, house.jonas.actor.member_id).groups == ("Quay",)


def test_roles_and_care_want_the_password_again(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    _sign_in_long_ago(house, house.admin)
    page = f"/people/{house.ana.actor.member_id}"
    assert 'name="current"' in admin.get(page).text
    refused = send(admin, page, f"{page}/role", role="manager", current="not it")
    assert refused.status_code == 403
    assert "not your password" in refused.text
    assert _role(house.filled.database, house) == "worker"
    assert send(admin, page, f"{page}/role", role="manager", current=PASSWORD).status_code == 303
    assert _role(house.filled.database, house) == "manager"


def _role(database: Database, house: House) -> str:
    with database.read(house.filled.own) as t:
        return members.find(t, house.admin.actor, house.ana.actor.member_id).role


def test_guessing_the_password_again_is_braked(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    _sign_in_long_ago(house, house.admin)
    page = f"/people/{house.ana.actor.member_id}"
    answers = [send(admin, page, f"{page}/role", role="admin", current=f"guess {n}") for n in range(6)]
    assert answers[-1].status_code == 429
    assert _role(house.filled.database, house) == "worker"


def test_care_is_given_and_taken_and_ends_with_the_role(house: House, open_browser: Callable[..., Browser]) -> None:
    admin = open_browser(house.admin)
    house.filled.report(house.jonas, "From the yard")
    page = f"/people/{house.manager.actor.member_id}"
    manager = open_browser(house.manager)
    assert "From the yard" not in manager.get("/reports").text
    assert send(admin, page, f"{page}/grants", what="everything:").status_code == 303
    assert "From the yard" in manager.get("/reports").text
    taken = re.findall(r"/grants/([0-9a-f-]{36})/end", admin.get(page).text)
    for grant_id in taken:
        assert send(admin, page, f"{page}/grants/{grant_id}/end").status_code == 303
    assert "From the yard" not in manager.get("/reports").text
    assert send(admin, page, f"{page}/grants", what="everything:").status_code == 303
    assert send(admin, page, f"{page}/role", role="worker").status_code == 303
    assert manager.get("/reports").status_code == 303
    assert send(admin, page, f"{page}/role", role="manager").status_code == 303
    again = open_browser(house.manager)
    assert "From the yard" not in again.get("/reports").text


def test_a_location_is_added_changed_closed_and_offered_again(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    admin = open_browser(house.admin)
    assert send(admin, "/locations", "/locations", name="Depot", zone="Asia/Kathmandu", address="").status_code == 303
    with house.filled.database.read(house.filled.own) as t:
        depot = next(one for one in places.list_all(t) if one.name == "Depot")
    its_own = f"/locations/{depot.location_id}"
    changed = {"name": "Depot 2", "zone": "Asia/Tokyo", "address": "Kai 4"}
    assert send(admin, "/locations", its_own, **changed).status_code == 303
    with house.filled.database.read(house.filled.own) as t:
        [depot] = [one for one in places.list_all(t) if one.location_id == depot.location_id]
    assert (depot.name, depot.zone, depot.address) == ("Depot 2", "Asia/Tokyo", "Kai 4")
    assert send(admin, "/locations", f"/locations/{depot.location_id}/active", active="no").status_code == 303
    assert "Depot 2" in admin.get("/locations").text
    assert "Closed" in admin.get("/locations").text
    assert send(admin, "/locations", f"/locations/{depot.location_id}/active", active="yes").status_code == 303
    assert "Closed" not in admin.get("/locations").text
    taken = send(admin, "/locations", its_own, name="gate 2", zone="Asia/Seoul", address="Kai 5")
    assert taken.status_code == 409
    assert all(f'value="{typed}"' in taken.text for typed in ("gate 2", "Asia/Seoul", "Kai 5"))
    assert taken.text.count('aria-invalid="true"') == 1
    nowhere = send(admin, "/locations", its_own, name="Depot 2", zone="Middle/Earth", address="")
    assert (nowhere.status_code, "Middle/Earth" in nowhere.text) == (400, True)


def test_times_are_those_of_the_place(house: House, open_browser: Callable[..., Browser]) -> None:
    kathmandu = house.filled.location("Far depot", "Asia/Kathmandu")
    instance_id, _ = house.filled.report(house.ana, "From afar", location=kathmandu, ago=timedelta(hours=1))
    assert "(UTC+05:45)" in open_browser(house.manager).get(f"/reports/{instance_id}").text
