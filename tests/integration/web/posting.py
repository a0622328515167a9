"""What a browser would send of a page's form, read from the page itself."""

from html.parser import HTMLParser


class _Controls(HTMLParser):
    """The successful controls of one form, as HTML has it, without scripts: so what stands in noscript counts."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._form_id = form_id
        self._inside = False
        self._text: str | None = None
        self._select = ""
        self._chosen: list[str] = []
        self._first: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = have.get("id") == self._form_id
        if not self._inside:
            return
        if tag == "input" and have.get("type") not in {"file", "submit"}:
            if have.get("type") not in {"radio", "checkbox"} or "checked" in have:
                self._add(have.get("name", ""), have.get("value", ""))
        elif tag == "textarea":
            self._text, self._select = "", have.get("name", "")
        elif tag == "select":
            self._select, self._chosen, self._first = have.get("name", ""), [], None
        elif tag == "option":
            self._first = have.get("value", "") if self._first is None else self._first
            if "selected" in have:
                self._chosen.append(have.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea" and self._text is not None:
            self._add(self._select, self._text.removeprefix("\n"))
            self._text = None
        elif tag == "select" and self._inside:
            self._add(self._select, self._chosen[-1] if self._chosen else self._first or "")

    def _add(self, name: str, value: str) -> None:
        if name:
            self.fields.setdefault(name, []).append(value)


def form_fields(page: str, form_id: str = "filing") -> dict[str, list[str]]:
    """The fields of a form that is sent as it stands."""
    parser = _Controls(form_id)
    parser.feed(page)
    return parser.fields
