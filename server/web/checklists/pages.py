"""The routes of the editor. Each change posts the number of the draft that was seen, and leads back to the page."""

from collections.abc import Callable
from typing import Any, cast, get_args
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from protocol.templates import Field, Template
from rules.templates.checking import faults
from rules.templates.kinds import CHOICES
from server.accounts.rights import required_text
from server.problems import ProblemError, problem
from server.storage.database import Transaction
from server.templates import drafts, outline
from server.templates.comparing import changes
from server.templates.importing import MAX_FILE, read_template
from server.templates.publishing import set_active
from server.templates.reading import list_all, version_of
from server.web.checklists.conditions import rearranged
from server.web.checklists.editor import Adding, Asked, earlier_fields, show_editor
from server.web.checklists.field_form import field_of, typed
from server.web.checklists.names import kind_names, property_names
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words

MOST_FORM_BYTES = 4 * MAX_FILE
"""A file that is pasted, as a form encodes it."""


@get("/checklists", sync_to_thread=True)
def checklists_page(visit: NamedDependency[Visit], done: FromQuery[str] = "") -> Response[Any]:
    """Every checklist, and the forms for a new one."""
    visit.require_admin()
    return _list(visit, good=done_sentences(visit.words).get(done, ""))


@post("/checklists", sync_to_thread=True)
def begin_checklist(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Begin a new one by its name."""
    visit.require_admin()
    title = signed_form.one("title")
    try:
        wanted = Template(template_id="", version=0, title=required_text(title, "name"))
        template_id = _begin(visit, wanted)
    except ProblemError as refusal:
        return _list(visit, refusal=refusal, title=title)
    return _back(template_id)


@post("/checklists/import", sync_to_thread=True, request_max_body_size=MOST_FORM_BYTES)
def import_checklist(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Begin a new one from what was exported, here or elsewhere."""
    visit.require_admin()
    content = signed_form.one("content")
    try:
        template_id = _begin(visit, read_template(content.encode()))
    except ProblemError as refusal:
        return _list(visit, refusal=refusal, content=content)
    return _back(template_id, done="imported")


@get("/checklists/{template_id:str}", sync_to_thread=True)
def editor_page(
    visit: NamedDependency[Visit],
    template_id: FromPath[str],
    *,
    opened: FromQuery[int | None] = None,
    add: FromQuery[str] = "",
    done: FromQuery[str] = "",
) -> Response[Any]:
    """One draft."""
    visit.require_admin()
    asked = Asked(opened=opened, adding=Adding(where=add))
    return show_editor(visit, template_id, asked, good=done_sentences(visit.words).get(done, ""))


@post("/checklists/{template_id:str}", sync_to_thread=True)
def name_checklist(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], template_id: FromPath[str]
) -> Response[Any]:
    """Give it another name or description."""
    title, description = signed_form.one("title"), signed_form.one("description").replace("\r\n", "\n").strip()
    asked = Asked(title=title, description=description)

    def rename(template: Template) -> Template:
        return msgspec.structs.replace(template, title=required_text(title, "name"), description=description)

    return _changed(
        visit, template_id, signed_form, rename, asked=asked, onwards=lambda: _back(template_id, done="named")
    )


@post("/checklists/{template_id:str}/fields", sync_to_thread=True)
def add_field(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], template_id: FromPath[str]
) -> Response[Any]:
    """Add a field. The next one is asked for below it, or it opens where it wants more said."""
    adding = Adding(
        label=signed_form.one("label").strip(),
        kind=signed_form.one("kind"),
        choices=signed_form.one("choices"),
        required=bool(signed_form.one("required")),
        where=signed_form.one("where"),
    )
    added: list[int] = []

    def add(template: Template) -> Template:
        field = _new_field(visit.words, adding, template)
        fields = _put(template.fields, field, adding.where)
        added.append(next(one.place for one in outline.column(fields) if one.field is field))
        return msgspec.structs.replace(template, fields=fields)

    def onwards() -> Redirect:
        wants_choices = adding.kind in CHOICES and not adding.choices.strip()
        return _back(template_id, opened=added[0], at="open") if wants_choices else _back(template_id, at="add")

    return _changed(visit, template_id, signed_form, add, asked=Asked(adding=adding), onwards=onwards)


@post("/checklists/{template_id:str}/fields/{place:int}", sync_to_thread=True)
def change_field(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], template_id: FromPath[str], place: FromPath[int]
) -> Response[Any]:
    """Save what was typed about a field, or show it with a part of its condition more or less."""
    form = typed(signed_form)
    opened = _still_at(visit, template_id, place, signed_form.one("was"))
    verb, _, step = signed_form.one("then").partition(":")
    if verb == "when":
        condition, focus = rearranged(form.condition, step)
        form = msgspec.structs.replace(form, condition=condition)
        return _shown(visit, template_id, signed_form, Asked(opened=opened, typed=form, focus=focus))

    def change(template: Template) -> Template:
        placed = _known(outline.column(template.fields), place)
        before = placed[place].field
        earlier = earlier_fields(placed, place)
        after = field_of(visit.words, form, before, earlier)
        fields = outline.replaced(template.fields, place, after)
        if after.field != before.field:
            fields = outline.renamed(fields, before.field, after.field)
        return msgspec.structs.replace(template, fields=fields)

    def onwards() -> Redirect:
        stays = signed_form.one("then") == "stay"
        return _back(template_id, opened=place if stays else None, done="saved", at="open" if stays else f"f{place}")

    asked = Asked(opened=opened, typed=form)
    return _changed(visit, template_id, signed_form, change, asked=asked, onwards=onwards)


@post("/checklists/{template_id:str}/order", sync_to_thread=True)
def order_fields(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], template_id: FromPath[str]
) -> Response[Any]:
    """Move a field up or down, copy or remove it: `do` is a verb and a place, or several steps at once (`up:7:3`); or
    put it `before`, `after` or `inside` another one (`after:7:3`)."""
    verb, _, rest = signed_form.one("do").partition(":")
    place_text, _, more_text = rest.partition(":")
    if not place_text.isdecimal() or len(place_text) > _DIGITS or (more_text and not more_text.isdecimal()):
        raise _no_such_field()
    place, more = int(place_text), int(more_text[:_DIGITS] or 1)
    reached = [place]

    def order(template: Template) -> Template:
        placed = _known(outline.column(template.fields), place)
        fields = template.fields
        if verb in {"up", "down"}:
            for _ in range(min(more, _MOST_STEPS)):
                fields, reached[0] = outline.moved(fields, reached[0], down=verb == "down")
        elif verb in get_args(outline.Where):
            _known(placed, more)
            fields, reached[0] = outline.put(fields, place, cast("outline.Where", verb), more)
        elif verb == "remove":
            fields = outline.removed(fields, place)
        elif verb == "copy":
            fields = outline.inserted_after(fields, place, outline.copied(_at(fields, place), fields))
        else:
            raise _no_such_field()
        return msgspec.structs.replace(template, fields=fields)

    def onwards() -> Redirect:
        done = {"remove": "removed", "copy": "copied"}.get(verb, "")
        return _back(template_id, done=done, at=f"f{reached[0]}")

    return _changed(visit, template_id, signed_form, order, asked=Asked(), onwards=onwards)


@post("/checklists/{template_id:str}/undo", sync_to_thread=True)
def undo_change(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], template_id: FromPath[str]
) -> Response[Any]:
    """Take the last change back."""
    return _done(visit, template_id, signed_form, drafts.undo, onwards=lambda: _back(template_id, done="undone"))


@post("/checklists/{template_id:str}/discard", sync_to_thread=True)
def discard_draft(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], template_id: FromPath[str]
) -> Response[Any]:
    """Give the draft up."""
    return _done(visit, template_id, signed_form, drafts.discard, onwards=lambda: _to_list("discarded"))


@post("/checklists/{template_id:str}/copy", sync_to_thread=True)
def copy_checklist(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],  # noqa: ARG001 (asking for it is the check of its token)
    template_id: FromPath[str],
) -> Response[Any]:
    """Begin a new one like it."""
    visit.require_admin()
    with visit.write() as t:
        original = drafts.draft_of(t, visit.actor, template_id).template
        title = visit.words("%(title)s (copy)", title=original.title[:180])
        copy_id = drafts.begin(t, visit.actor, msgspec.structs.replace(original, title=title))
    return _back(copy_id, done="begun")


@get("/checklists/{template_id:str}/export", sync_to_thread=True)
def export_checklist(visit: NamedDependency[Visit], template_id: FromPath[str]) -> Response[bytes]:
    """It as a file that `import` and `miratag-server template add` take."""
    visit.require_admin()
    with visit.read() as t:
        template = drafts.draft_of(t, visit.actor, template_id).template
    content = msgspec.json.format(msgspec.json.encode(template), indent=2)
    name = outline.new_id(template.title, ())
    return Response(
        content,
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}.json"'},
    )


@get("/checklists/{template_id:str}/publish", sync_to_thread=True)
def publish_page(visit: NamedDependency[Visit], template_id: FromPath[str]) -> Response[Any]:
    """What will change for everybody."""
    visit.require_admin()
    return _publish_page(visit, template_id)


@post("/checklists/{template_id:str}/publish", sync_to_thread=True)
def publish_checklist(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], template_id: FromPath[str]
) -> Response[Any]:
    """Publish the draft as it was shown, after the admin's own password."""
    visit.require_admin()
    after = signed_form.one("after")
    try:
        _confirm(visit, signed_form)
        with visit.write() as t:
            seen = _seen(drafts.draft_of(t, visit.actor, template_id), signed_form)
            drafts.publish_draft(t, visit.actor, seen, int(after) if after.isdecimal() and len(after) < 10 else -1)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _publish_page(visit, template_id, refusal=refusal)
    return _to_list("published")


@post("/checklists/{template_id:str}/active", sync_to_thread=True)
def retire_checklist(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], template_id: FromPath[str]
) -> Response[Any]:
    """Retire it, or bring it back, after the admin's own password."""
    visit.require_admin()
    active = signed_form.one("active") == "yes"
    try:
        _confirm(visit, signed_form)
        with visit.write() as t:
            set_active(t, visit.actor, template_id, active=active)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _list(visit, refusal=refusal, about=template_id)
    return _to_list("brought_back" if active else "retired")


_MOST_STEPS = 600
_DIGITS = 6


def _list(visit: Visit, *, refusal: ProblemError | None = None, good: str = "", **more: str) -> Response[Any]:
    with visit.read() as t:
        rows = list_all(t)
        begun = drafts.list_drafts(t)
        now = t.now
    by_id = {one.template_id: one for one in begun}
    published = {one.template_id for one in rows}
    return visit.page(
        "checklists.html",
        refusal=refusal,
        good=good,
        now=now,
        offered=[one for one in rows if one.active],
        retired=[one for one in rows if not one.active],
        drafts=by_id,
        begun=[one for one in begun if one.template_id not in published],
        **{"title": "", "content": "", "about": "", **more},
    )


def _publish_page(visit: Visit, template_id: str, *, refusal: ProblemError | None = None) -> Response[Any]:
    words = visit.words
    with visit.read() as t:
        draft = drafts.draft_of(t, visit.actor, template_id)
        newest = version_of(t, template_id)
        now = t.now
    names = property_names(words)
    found = faults(draft.template)
    labels = {one.field.field: one.field.label for one in outline.column(draft.template.fields)}
    return visit.page(
        "checklist_publish.html",
        refusal=refusal,
        now=now,
        draft=draft,
        checklist=draft.template,
        newest=newest,
        changes=[
            (one, words(", ").join(names[name] for name in one.properties)) for one in changes(newest, draft.template)
        ],
        faults=[(labels.get(one.field, one.field), words(one.sentence)) for one in found],
    )


def _begin(visit: Visit, wanted: Template) -> str:
    with visit.write() as t:
        return drafts.begin(t, visit.actor, wanted)


def _changed(
    visit: Visit,
    template_id: str,
    form: Form,
    change: Callable[[Template], Template],
    *,
    asked: Asked,
    onwards: Callable[[], Redirect],
) -> Response[Any]:
    """Change the draft that the form was made from. After a refusal the page shows what stands and what was typed."""

    def save(t: Transaction, actor: Any, seen: drafts.Draft) -> None:
        drafts.save(t, actor, seen, change(seen.template))

    return _done(visit, template_id, form, save, onwards=onwards, asked=asked)


def _done(
    visit: Visit,
    template_id: str,
    form: Form,
    do: Callable[[Transaction, Any, drafts.Draft], None],
    *,
    onwards: Callable[[], Redirect],
    asked: Asked = Asked(),  # noqa: B008 - frozen
) -> Response[Any]:
    visit.require_admin()
    try:
        with visit.write() as t:
            do(t, visit.actor, _seen(drafts.draft_of(t, visit.actor, template_id), form))
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return show_editor(visit, template_id, asked, refusal=refusal)
    return onwards()


def _shown(visit: Visit, template_id: str, form: Form, asked: Asked) -> Response[Any]:
    """The page with what was typed, of which nothing is saved yet."""
    refusal = None
    try:
        with visit.read() as t:
            _seen(drafts.draft_of(t, visit.actor, template_id), form)
    except ProblemError as error:
        refusal = error
    return show_editor(visit, template_id, asked, refusal=refusal)


def _seen(draft: drafts.Draft, form: Form) -> drafts.Draft:
    """The draft, if it is the one that the form was made from. Raises ProblemError when it was changed since."""
    if form.one("number") != str(draft.number):
        raise drafts.overtaken(draft)
    return draft


def _confirm(visit: Visit, form: Form) -> None:
    if not visit.session.confirmed:
        visit.require_password(form.one("current"))


def _new_field(words: Words, adding: Adding, template: Template) -> Field:
    kind = adding.kind if adding.kind in kind_names(words) else ""
    if not kind:
        detail = "Choose how it is answered, then add it again."
        raise problem("no-kind", 422, "Something is missing", detail, field="kind")
    label = required_text(adding.label, "question", 2000)
    choices = outline.choices_of(adding.choices, ()) if kind in CHOICES else ()
    return Field(
        field=outline.new_id(label, template.fields),
        kind=kind,
        label=label,
        required=adding.required,
        choices=choices,
    )


def _put(fields: tuple[Field, ...], field: Field, where: str) -> tuple[Field, ...]:
    verb, _, place_text = where.partition(":")
    placed = outline.column(fields)
    if verb in {"in", "after"} and place_text.isdecimal() and len(place_text) <= _DIGITS:
        place = int(place_text)
        if place < len(placed):
            if verb == "after":
                return outline.inserted_after(fields, place, field)
            if outline.may_hold(placed[place].field, field):
                return outline.appended(fields, field, inside=place)
    return outline.appended(fields, field)


def _known(placed: list[outline.Placed], place: int) -> list[outline.Placed]:
    if not 0 <= place < len(placed):
        raise _no_such_field()
    return placed


def _at(fields: tuple[Field, ...], place: int) -> Field:
    return outline.column(fields)[place].field


def _no_such_field() -> ProblemError:
    detail = "This field is not there any more. Look at the checklist as it is now, and do it again."
    return problem("no-such-field", 409, "No such field", detail)


def _still_at(visit: Visit, template_id: str, place: int, was: str) -> int | None:
    """Where the field stands now that was at `place` when its form was made; None when it is gone."""
    visit.require_admin()
    with visit.read() as t:
        placed = outline.column(drafts.draft_of(t, visit.actor, template_id).template.fields)
    if place < len(placed) and placed[place].field.field == was:
        return place
    return next((one.place for one in placed if one.field.field == was), None)


def _back(template_id: str, *, opened: int | None = None, done: str = "", at: str = "") -> Redirect:
    query = {name: str(value) for name, value in (("opened", opened), ("done", done)) if value not in {None, ""}}
    address = f"/checklists/{template_id}" + (f"?{urlencode(query)}" if query else "") + (f"#{at}" if at else "")
    return Redirect(address, status_code=303)


def _to_list(done: str) -> Redirect:
    return Redirect(f"/checklists?done={done}", status_code=303)


def done_sentences(words: Words) -> dict[str, str]:
    """What was just done, by the name that the address carries."""
    _ = words
    return {
        "imported": _("The checklist is here as a draft. Look through it, then publish it."),
        "begun": _("The copy is here as a draft. Give it a name, change it, then publish it."),
        "named": _("The name is saved in the draft."),
        "saved": _("The field is saved in the draft."),
        "removed": _("The field was removed from the draft. Undo brings it back."),
        "copied": _("The field stands twice now; change the second one."),
        "undone": _("The last change was taken back."),
        "discarded": _("The draft is gone. What was published stands."),
        "published": _("Published. The app offers it from the next time it connects."),
        "retired": _("Retired. It is no longer offered; reports that were filled with it keep it."),
        "brought_back": _("The checklist is offered again."),
    }


routes = [
    checklists_page,
    begin_checklist,
    import_checklist,
    editor_page,
    name_checklist,
    add_field,
    change_field,
    order_fields,
    undo_change,
    discard_draft,
    copy_checklist,
    export_checklist,
    publish_page,
    publish_checklist,
    retire_checklist,
]
