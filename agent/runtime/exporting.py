"""What was filed, taken out again by the person: one report as a folder, everything stuck as a file."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from agent.api import AgentError, Exported, ExportReport, ExportStuck
from agent.runtime import checklists, versions
from agent.runtime.workplace import Workplace
from agent.store import reports, searching
from agent.store.media import ReportFile
from agent.store.reports import ActivityRow
from rules.clock import parse_utc
from rules.sentence import Sentence, plain
from rules.templates.filling import answers_of

MAX_STUCK = 10_000
_NAME_CHARACTERS = 60
_JSON = 2  # spaces of indentation: a person may read it


def export_report(workplace: Workplace, command: ExportReport) -> Exported:
    """A folder that is there in full or not at all. Raises AgentError not_found, cannot_store."""
    row = workplace.store.read(lambda c: reports.report(c, command.instance_id))
    files = workplace.store.read(lambda c: versions.report_files(c, row))
    receipt = workplace.store.read(lambda c: reports.verified_receipt(c, command.instance_id))
    found = {one.media_id: workplace.original(one) for one in files}
    here = {media_id: path for media_id, path in found.items() if path is not None}
    names = _names(files)
    with _new_folder(Path(command.folder), _folder_name(row)) as (part, target):
        _write_json(part / "report.json", {**_report(row, files, names, here), **_checklist(workplace, row)})
        if receipt is not None:
            (part / "receipt.json").write_text(receipt, encoding="utf-8")
        for media_id, path in here.items():
            shutil.copyfile(path, part / names[media_id])
        part.rename(target)
    return Exported(path=str(target), items=1, files=len(here), missing=len(files) - len(here))


def export_stuck(workplace: Workplace, command: ExportStuck) -> Exported:
    """Raises AgentError refused when nothing is stuck, cannot_store."""

    def look(connection: sqlite3.Connection) -> list[dict[str, Any]]:
        sought = searching.Sought(needs_you=True)
        rows = reports.activity(connection, sought, after=None, limit=MAX_STUCK)
        return [_stuck(connection, row) for row in rows]

    items = workplace.store.read(look)
    if not items:
        raise AgentError("refused", "Nothing needs you now, so there is nothing to save.")
    with new_file(Path(command.path)) as part:
        _write_json(part, {"items": items})
    return Exported(path=command.path, items=len(items))


@contextlib.contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """Where to write what is `target` once the block ends well. Raises AgentError cannot_store."""
    part = target.with_name(f".{target.name}.part")
    with _storing(target):
        try:
            yield part
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


def _checklist(workplace: Workplace, row: ActivityRow) -> dict[str, Any]:
    """What a report with a checklist has more; a stranger reads its answers by the labels in the template."""
    shown = workplace.store.read(lambda c: versions.base(c, row))
    template = workplace.store.read(lambda c: checklists.template_of(c, shown.revision if shown else None))
    if shown is None or template is None:
        return {}
    return {"answers": answers_of(shown.revision.answers), "checklist": msgspec.to_builtins(template)}


def _report(row: ActivityRow, files: list[ReportFile], names: dict[str, str], here: dict[str, Path]) -> dict[str, Any]:
    return {
        "instance_id": row.item_id,
        "title": row.title,
        "text": row.text,
        "location": row.location,
        "at": row.at,
        "received_at": row.done_at,
        "media": [
            {
                "media_id": one.media_id,
                "name": one.name,
                "file": names[one.media_id] if one.media_id in here else None,
                "content_type": one.content_type,
                "size": one.size,
                "sha256": one.sha256,
            }
            for one in files
        ],
    }


def _stuck(connection: sqlite3.Connection, row: ActivityRow) -> dict[str, Any]:
    """With the very bodies that would be sent."""
    operations = connection.execute(
        "SELECT kind, body FROM operation WHERE item_id = ? AND state <> 'kept' ORDER BY seq", (row.item_id,)
    )
    return {
        "item_id": row.item_id,
        "kind": row.kind,
        "title": row.title,
        "text": row.text,
        "location": row.location,
        "at": row.at,
        "why": row.trouble,
        "unsent": [{"kind": one["kind"], "body": msgspec.Raw(one["body"])} for one in operations],
    }


def _names(files: list[ReportFile]) -> dict[str, str]:
    """A file name for each, none twice, also where case does not count; they were made safe when attached."""
    taken = {"report.json", "receipt.json"}
    names: dict[str, str] = {}
    for one in files:
        plain = Path(one.name)
        name, number = plain.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain.stem} ({number}){plain.suffix}"
        taken.add(name.casefold())
        names[one.media_id] = name
    return names


def _folder_name(row: ActivityRow) -> str:
    at: datetime = parse_utc(row.at).astimezone()
    title = "".join(one if one.isalnum() or one in " -_," else " " for one in row.title)
    return f"{at:%Y-%m-%d %H-%M} {' '.join(title.split())[:_NAME_CHARACTERS]}".strip()


@contextlib.contextmanager
def _new_folder(within: Path, name: str) -> Iterator[tuple[Path, Path]]:
    """A folder to write in, and the name it shall have then: one that nothing has yet."""
    target, number = within / name, 1
    while target.exists():
        number += 1
        target = within / f"{name} ({number})"
    part = within / f".{target.name}.part-{os.getpid()}"
    with _storing(within):
        part.mkdir()
        try:
            yield part, target
        except BaseException:  # a half folder helps nobody
            shutil.rmtree(part, ignore_errors=True)
            raise


def _write_json(path: Path, content: object) -> None:
    path.write_bytes(msgspec.json.format(msgspec.json.encode(content, enc_hook=plain), indent=_JSON))


@contextlib.contextmanager
def _storing(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AgentError(
            "cannot_store",
            Sentence(
                "Nothing was saved to %(where)s: %(why)s. Choose another folder and try again.",
                where=where,
                why=error.strerror,
            ),
        ) from error
