"""One organization for each test, and browsers without JavaScript that open its pages."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from server.application import create_application, furnish
from tests.integration.web.chromium import Chromium, running_chromium
from tests.integration.web.organization import PASSWORD, Filled, Person
from tests.quick_hashes import quick_hashes
from tests.services.warm_programs import SERVER

Browser = TestClient[object]


class House(msgspec.Struct, frozen=True):
    """Two groups with a worker each, a manager of the first group, an admin, and a worker of another organization."""

    filled: Filled
    quay: str
    gate: str
    ana: Person
    jonas: Person
    manager: Person
    admin: Person
    stranger: Person


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_little() -> Iterator[None]:
    """Hundreds of people sign in here."""
    with quick_hashes():
        yield


@pytest.fixture(scope="session")
def first_house(tmp_path_factory: pytest.TempPathFactory, passwords_cost_little: None) -> House:
    """The organization that each test gets a copy of."""
    filled = Filled.found(tmp_path_factory.mktemp("house") / "server")
    quay, yard = filled.group("Quay"), filled.group("Yard")
    house = House(
        filled=filled,
        quay=quay,
        gate=filled.location("Gate 2"),
        ana=filled.person("Ana Ferreira", group=quay),
        jonas=filled.person("Jonas Pichler", group=yard),
        manager=filled.person("Tomas Berg", "manager", cares_for=quay),
        admin=filled.person("Rosa Almeida", "admin", cares_for="everything"),
        stranger=filled.person("Kim Lang", other=True),
    )
    filled.close()
    return house


@pytest.fixture
def house(first_house: House, tmp_path: Path) -> Iterator[House]:
    """The organization."""
    filled = first_house.filled.copy(tmp_path / "server")
    yield msgspec.structs.replace(first_house, filled=filled)
    filled.close()


@pytest.fixture(scope="session")
def application(first_house: House) -> Litestar:
    """Its routes take longer to make than most tests take."""
    return create_application(first_house.filled.settings)


@pytest.fixture
def open_browser(house: House, application: Litestar) -> Iterator[Callable[[Person | None], Browser]]:
    """A browser, signed in as somebody or as nobody. All are at one application; redirects are not followed."""
    furnish(application, house.filled.settings)
    opened: list[Browser] = []

    def open_as(person: Person | None) -> Browser:
        browser: Browser = TestClient(application)
        browser.follow_redirects = False
        if opened:
            browser.blocking_portal = opened[0].blocking_portal
        else:
            browser.__enter__()
        opened.append(browser)
        if person is not None:
            answer = sign_in(browser, person.email, PASSWORD)
            assert answer.status_code == 303, answer.text
        return browser

    yield open_as
    if opened:
        opened[0].__exit__(None, None, None)


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The server as a process."""
    data = str(house.filled.settings.data)
    with SERVER.start("serve", "--data", data, "--port", "0", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield next(line.split()[-1] for line in process.stdout if line.startswith("listening"))
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def kept_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """To start one takes longer than most of what is done in it."""
    with running_chromium(tmp_path_factory.mktemp("browser") / "profile") as window:
        yield window


@pytest.fixture
def browser(kept_browser: Chromium) -> Iterator[Chromium]:
    """A window with nobody signed in, which knows nothing of the test before."""
    yield kept_browser
    kept_browser.forget()


def sign_in_here(browser: Chromium, address: str, person: Person) -> None:
    """Sign in with the form, in a real browser."""
    browser.open(f"{address}/sign-in")
    browser.fill("#email", person.email)
    browser.fill("#password", PASSWORD)
    browser.press("Sign in")
    browser.wait_for(".who form")


def sign_in(browser: Browser, email: str, password: str, **more: str) -> Response:
    """Fill in the sign-in form and send it."""
    token = token_of(browser.get("/sign-in").text)
    return browser.post("/sign-in", data={"csrf": token, "email": email, "password": password, **more})


def token_of(page: str) -> str:
    """The token in a page's forms."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def send(browser: Browser, page: str, address: str, /, **fields: object) -> Response:
    """Open a page and post one of its forms."""
    token = token_of(browser.get(page).text)
    return browser.post(address, data={"csrf": token, **fields})
