"""`miratag:` links: what anybody may write on a page or a sheet opens a window, and never does anything by itself.

A link is hostile until it is read: what is not of exactly the known shape is left out, and what remains stands before
the person, who presses or does not.
"""

import re
import unicodedata
from typing import get_args
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from agent.api import OpenWindow, WindowPage

MOST_LETTERS = 40_000
MOST_TEXT = 10_000
_MOST_FIELDS = 8
_CODE = re.compile(r"[0-9]{6,8}")


def window_of_link(link: str) -> OpenWindow:
    """The page that a link names, with what it may fill there: a report its `text`, a check-in its `location` and
    `code`. Anything else is the window as it is."""
    if len(link) > MOST_LETTERS:
        return OpenWindow()
    try:
        parts = urlsplit(link)
        fields = parse_qs(parts.query, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        return OpenWindow()
    wished = (parts.netloc or parts.path.strip("/")).lower()
    page: WindowPage = next((page for page in get_args(WindowPage) if page.replace("_", "-") == wished), "main")
    only = {name: values[0] for name, values in fields.items() if len(values) == 1}
    if page == "report":
        return OpenWindow(page=page, text=_readable(only.get("text", ""))[:MOST_TEXT])
    if page == "check_in":
        location_id = _known_shape(only.get("location", ""))
        code = only.get("code", "")
        return OpenWindow(
            page=page, location_id=location_id, code=code if location_id and _CODE.fullmatch(code) else ""
        )
    return OpenWindow(page=page)


def _known_shape(location_id: str) -> str:
    """An id as the server writes it, or nothing."""
    try:
        return location_id if str(UUID(location_id)) == location_id else ""
    except ValueError:
        return ""


def _readable(text: str) -> str:
    """Without what no keyboard writes: control characters, and marks that turn the direction of what follows."""
    return "".join(
        one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs", "Cf", "Co", "Cn")
    )
