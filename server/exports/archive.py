"""The ZIP: a folder for each report with report.json, receipt.json and its files, stored as they are; before them
tables of all, where there are any.

What is in it is written down first, within the transaction, to a temporary file; the files themselves may take hours to
send, and no transaction is held open for that.
"""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO

import msgspec

from server.exports.facts import PAGE, ReportFacts
from server.exports.names import Taken, safe_name
from server.exports.pieces import Pieces
from server.media.content import Content, contents_of
from server.receipts.issuing import receipts_of
from server.storage.database import Transaction
from server.storage.objects import Objects

_MISSING = "not-included.txt"
_OWN = ("report.json", "receipt.json", _MISSING)


class _Folder(msgspec.Struct, frozen=True):
    """One report as it lies in the temporary file."""

    report: ReportFacts
    receipt: str | None
    contents: tuple[Content, ...]


class Inventory:
    """What goes into the archive. Close it."""

    def __init__(self) -> None:
        self._lines: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close

    def close(self) -> None:
        """Remove the temporary file."""
        self._lines.close()

    def take(self, t: Transaction, reports: Iterable[ReportFacts]) -> None:
        """Write down every report and where its files lie."""
        for _ in self.taking(t, reports):
            pass

    def taking(self, t: Transaction, reports: Iterable[ReportFacts]) -> Iterator[ReportFacts]:
        """The same, while somebody else looks at each report too."""
        coming = iter(reports)
        while page := list(islice(coming, PAGE)):
            receipts = receipts_of(t, [one.revision_id for one in page])
            held = [file.media_id for one in page for file in one.files if file.held]
            contents = {content.media_id: content for content in contents_of(t, held)}
            for one in page:
                own = tuple(contents[file.media_id] for file in one.files if file.media_id in contents)
                self._lines.write(msgspec.json.encode(_Folder(one, receipts.get(one.revision_id), own)) + b"\n")
                yield one

    def folders(self) -> Iterator[_Folder]:
        """What was written down."""
        self._lines.seek(0)
        decoder = msgspec.json.Decoder(_Folder)
        for line in self._lines:
            yield decoder.decode(line)


def write_zip(
    inventory: Inventory,
    objects: Objects,
    missing_note: str,
    tables: Iterable[tuple[str, Iterable[bytes]]] = (),
) -> Iterator[bytes]:
    """The file in pieces of about 1 MiB. `missing_note` begins the list of a report's files that are not in it: still
    on their way, or lost from the store. `tables` are CSV files by what they are to be called."""
    pieces = Pieces()
    names = Taken()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_STORED, allowZip64=True) as package:
        for name, content in tables:
            with package.open(names.unique(f"{safe_name(name, 'table')}.csv"), "w", force_zip64=True) as written:
                for piece in content:
                    written.write(piece)
                    yield pieces.take()
        for folder in inventory.folders():
            for _ in _write_folder(package, folder, objects, missing_note):
                yield pieces.take()
    yield pieces.take()


def _write_folder(package: zipfile.ZipFile, folder: _Folder, objects: Objects, missing_note: str) -> Iterator[None]:
    one = folder.report
    day = one.received[:10]
    path = f"{day} {safe_name(one.title, 'report')[:60].rstrip('. ')} {one.instance_id}"
    package.writestr(f"{path}/report.json", msgspec.json.format(msgspec.json.encode(one), indent=2))
    if folder.receipt is not None:
        package.writestr(f"{path}/receipt.json", folder.receipt)
    taken = Taken(*_OWN)
    contents = {content.media_id: content for content in folder.contents}
    missing = []
    for file in one.files:
        stream = contents[file.media_id].stream(objects) if file.media_id in contents else iter(())
        try:
            first = next(stream, b"")
        except FileNotFoundError:
            first = b""
        if not first:
            missing.append(file.name)
            continue
        entry = zipfile.ZipInfo(f"{path}/{taken.unique(safe_name(file.name, 'file'))}")
        entry.file_size = file.size  # so that an entry beyond 4 GiB gets the fields it needs
        with package.open(entry, "w") as written:
            written.write(first)
            yield
            for piece in stream:
                written.write(piece)
                yield
    if missing:
        package.writestr(f"{path}/{_MISSING}", "\n".join([missing_note, "", *missing, ""]))
    yield
