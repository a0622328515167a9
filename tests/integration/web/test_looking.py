"""A manager marks entries that need a look, in the browser; nobody else, and nothing of it is on the person's pages."""

from collections.abc import Callable
from datetime import timedelta

from tests.integration.web.conftest import Browser, House, send

Open = Callable[..., Browser]


def test_the_list_empties_is_undone_and_the_worker_sees_nothing(house: House, open_browser: Open) -> None:
    odd = house.filled.attend(house.ana, "check_in", ago=timedelta(hours=3))
    manager, ana = open_browser(house.manager), open_browser(house.ana)
    assert "1 entry of attendance needs a look" in manager.get("/today").text
    before = ana.get("/me").text
    assert "Needs a look" in before
    shown = "/attendance?look=yes"
    done = send(manager, shown, f"/attendance/events/{odd}/look", look="yes", words="Asked <her>.")
    assert done.headers["location"] == f"/attendance?look=yes&done={odd}"
    answer = manager.get(done.headers["location"]).text
    assert "Marked as looked at." in answer
    assert "Nothing recorded fits." in answer
    assert "needs a look" not in manager.get("/today").text
    everything = manager.get("/attendance").text
    assert f"{house.manager.name} looked at it" in everything
    assert "“Asked &lt;her&gt;.”" in everything
    mine = ana.get("/me").text
    assert "Needs a look" in mine
    assert "looked at it" not in mine
    assert "Asked" not in mine
    back = send(manager, "/attendance", f"/attendance/events/{odd}/look", do="back", look="yes")
    assert "It is in the list of what needs a look again." in manager.get(back.headers["location"]).text
    assert "1 entry of attendance needs a look" in manager.get("/today").text


def test_whoever_may_not_see_it_marks_nothing(house: House, open_browser: Open) -> None:
    his = house.filled.attend(house.jonas, "check_in")
    strangers = house.filled.attend(house.stranger, "check_in")
    manager = open_browser(house.manager)
    for event in (his, strangers, "nothing", "0195d2f0-0000-7000-8000-000000000002"):
        for do in ("", "back"):
            assert send(manager, "/attendance", f"/attendance/events/{event}/look", do=do).status_code == 404
    hers = house.filled.attend(house.ana, "check_in")
    assert send(open_browser(house.ana), "/me", f"/attendance/events/{hers}/look").status_code == 404
    assert manager.post(f"/attendance/events/{hers}/look", data={"words": "no token"}).status_code == 403
    long = send(manager, "/attendance", f"/attendance/events/{hers}/look", words="x" * 2001)
    assert long.status_code in {400, 422}
    own = house.filled.attend(house.manager, "check_in")
    assert send(manager, "/attendance", f"/attendance/events/{own}/look").status_code == 403
