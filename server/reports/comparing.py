"""What changed from one revision of a report to another."""

import msgspec

from rules.differences import Piece, differences
from server.reports.reading import FileRow, RevisionRow


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """From the earlier to the later one; `location` is set when the place changed, with its name then and now."""

    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    location: tuple[str, str] | None
    files_added: tuple[FileRow, ...]
    files_removed: tuple[FileRow, ...]

    @property
    def title_changed(self) -> bool:
        """Whether the titles differ."""
        return any(piece.change != "same" for piece in self.title)

    @property
    def text_changed(self) -> bool:
        """Whether the texts differ."""
        return any(piece.change != "same" for piece in self.text)

    @property
    def nothing(self) -> bool:
        """Whether both say the same."""
        files = self.files_added or self.files_removed
        return not (self.title_changed or self.text_changed or self.location or files)


def compare(earlier: RevisionRow, later: RevisionRow) -> Difference:
    """The differences, as far as anybody reads them."""
    before, after = ({one.media_id: one for one in row.files} for row in (earlier, later))
    places = earlier.location_name or "", later.location_name or ""
    return Difference(
        title=differences(earlier.title, later.title),
        text=differences(earlier.text, later.text),
        location=places if places[0] != places[1] else None,
        files_added=tuple(one for media_id, one in after.items() if media_id not in before),
        files_removed=tuple(one for media_id, one in before.items() if media_id not in after),
    )
