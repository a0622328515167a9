"""What goes along with the requests of an account beyond what they are about: its wish for privacy, and its cookies."""

from collections.abc import Callable, Mapping, Sequence

from agent.transport.cookies import CookieJar
from agent.transport.egress import EgressRow


class Manners:
    """`third_party(account)`: whether the person, the organization and the environment allow that anything is passed on
    to a third party; where not, every request says so (https://www.w3.org/TR/gpc/). Before anybody signed in, too."""

    def __init__(self, jar: CookieJar, third_party: Callable[[str], bool]) -> None:
        self._jar = jar
        self._third_party = third_party

    def headers(self, account: str, row: EgressRow, url: str) -> Mapping[str, str]:
        """To be sent with a request; `account` is empty before there is one."""
        privacy = {} if account and self._third_party(account) else {"Sec-GPC": "1"}
        cookie = self._jar.header(account, row, url) if account else ""
        return {**privacy, "Cookie": cookie} if cookie else privacy

    def answered(self, account: str, row: EgressRow, url: str, set_cookies: Sequence[str]) -> None:
        """A reply came, with these Set-Cookie headers."""
        if account and set_cookies:
            self._jar.take(account, row, url, set_cookies)
