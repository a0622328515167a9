"""Words in tables that spreadsheets open, which are never to be reckoned with.

https://owasp.org/www-community/attacks/CSV_Injection
"""

import re

_FORMULA = re.compile(r"\A(?=[-=+@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?=[=+@＝＋－＠]|-(?![ -]))")
"""Before a formula: where a cell begins, and where one would for a program that takes a semicolon or a tab for what
parts cells, and then a line end within a cell for that of a row. A dash and a blank begin a line of a list."""


def as_words(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula."""
    return _FORMULA.sub("'", text)
