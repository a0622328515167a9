"""Above what is written: that it changes a report which was sent, and what a manager wants different in it."""

from agent.api import Attached, Draft
from rules.review import TEXT_MARK, media_mark
from ui.labels import TextLabel
from ui.theme.scale import Type


class ChangeNote(TextLabel):
    """Absent above a new report."""

    def __init__(self) -> None:
        super().__init__(step=Type.SMALL, ink="warn")
        self.hide()

    def show_draft(self, draft: Draft | None, files: tuple[Attached, ...] = ()) -> None:
        """Say what this draft is, and what is marked of its text and of `files`; None for an empty card."""
        if draft is None or draft.edits is None:
            self.show_text("")
            return
        names = {TEXT_MARK: self.tr("Text")} | {media_mark(one.media_id): one.name for one in files}
        lines = [self.tr("You are changing a report that was sent. Send puts this version in its place.")]
        for one in draft.marks:
            if one.path in names:
                words = one.words or self.tr("To be corrected")
                lines.append(self.tr("▲ {place}: {words}").format(place=names[one.path], words=words))
        self.show_text("\n".join(lines))
