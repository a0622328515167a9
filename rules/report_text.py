"""One box becomes a title and a text."""

MAX_TITLE = 200
MAX_TEXT_BYTES = 1_000_000


def split_title(written: str) -> tuple[str, str]:
    """(title, text) of what was typed in one box: the first line that has anything on it, and the rest.

    A first line over MAX_TITLE characters is cut at a word and kept whole in the text, so that nothing is lost.
    """
    first, _, rest = written.strip().partition("\n")
    first = first.strip()
    if len(first) <= MAX_TITLE:
        return first, rest.strip("\n").rstrip()
    return first[: MAX_TITLE - 1].rsplit(" ", 1)[0] + "…", written.strip()


def join_title(title: str, text: str) -> str:
    """What was typed in one box, from what `split_title` made of it."""
    if title.endswith("…") and text.startswith(title[:-1]):
        return text
    return f"{title}\n{text}" if text else title
