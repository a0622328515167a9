"""What people do with a report in the browser: decide about one or several, and comment."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from protocol.operations import REPORT_COMMENT, ReportComment
from protocol.sync import Operation
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.reports.reading import read_report
from server.reports.reviewing import Verdict, chosen_verdict, decide, words_missing
from server.storage.members import lock_member
from server.sync.operations import keep
from server.web.marking import posted_marks
from server.web.report_list import read_query, show_list
from server.web.reports import MOST_CHOSEN, done_in_list, given, show_report
from server.web.session import Form
from server.web.visit import Visit


@post("/reports/{instance_id:str}/review", sync_to_thread=True)
def review_report(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], instance_id: FromPath[str]
) -> Response[Any]:
    """Approve, return or reject what was on the page."""
    decision, words = signed_form.one("decision"), signed_form.one("words")
    marks = posted_marks(signed_form)
    verdict = Verdict(
        instance_id=instance_id,
        revision_id=signed_form.one("revision"),
        seen=signed_form.one("seen"),
        decision=decision,
        words=words,
        marks=marks,
    )
    try:
        with visit.write() as t:
            decide(t, visit.actor, verdict)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return show_report(visit, instance_id, refusal=refusal, words=words, marks=marks)
    return Redirect(f"/reports/{instance_id}?done={decision}", status_code=303)


@post("/reports/decisions", sync_to_thread=True)
def review_reports(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Approve or return those chosen in the list; each stands for itself, and what is refused says why."""
    visit.require_manager()
    decision, words = signed_form.one("decision"), signed_form.one("words")
    chosen, where = read_query(signed_form.one("query"))
    ticked = signed_form.all("chosen")[:MOST_CHOSEN]
    if ticked and decision == "returned" and not words.strip():
        return show_list(visit, chosen, where, refusal=words_missing(decision), ticked=ticked)
    sentences = [_decide_one(visit, chosen_verdict(choice, decision, words)) for choice in ticked]
    refused = [sentence for sentence in sentences if sentence]
    done = len(sentences) - len(refused)
    if refused or not sentences:
        good = done_in_list(visit.words, decision, done)
        refusal = _refusal(sentences)
        return show_list(visit, chosen, where, refusal=refusal, good=good, refused=refused, words=words, ticked=ticked)
    back = {**given(chosen), **where.query(), "done": decision, "changed": str(done)}
    return Redirect(f"/reports?{urlencode(back)}", status_code=303)


@post("/reports/{instance_id:str}/comments", sync_to_thread=True)
def comment_on_report(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],
    keys: NamedDependency[SigningKeys],
    instance_id: FromPath[str],
) -> Response[Any]:
    """Say something about it: the same operation as from the app, with the id that the form brought, so that pressing
    twice says it once."""
    text = signed_form.one("text").replace("\r\n", "\n")
    comment_id = signed_form.one("comment_id")
    body = msgspec.json.encode(ReportComment(comment_id=comment_id, instance_id=instance_id, text=text))
    operation = Operation(id=comment_id, kind=REPORT_COMMENT, entity=comment_id, body=msgspec.Raw(body))
    with visit.write() as t:
        lock_member(t, visit.actor.member_id)
        result = keep(t, keys, visit.actor, operation)
    if result.problem is not None:
        return show_report(visit, instance_id, refusal=ProblemError(result.problem), comment=text)
    return Redirect(f"/reports/{instance_id}?done=commented#comments", status_code=303)


def _decide_one(visit: Visit, verdict: Verdict) -> str:
    """Why it was refused, naming the report where the reader may know it; empty when it was kept. In a transaction of
    its own: two managers who choose the same reports in another order must not wait for each other."""
    try:
        with visit.write() as t:
            decide(t, visit.actor, verdict)
    except ProblemError as refusal:
        sentence = visit.words(refusal.sentence)
        with visit.read() as t:
            found = read_report(t, visit.actor, verdict.instance_id)
        return f"{found.summary.title}: {sentence}" if found is not None else sentence
    return ""


def _refusal(sentences: list[str]) -> ProblemError:
    if not sentences:
        detail = "No report is chosen. Tick the boxes before the reports, then press again."
        return problem("none-chosen", 400, "No report is chosen", detail)
    return problem("overtaken", 409, "Left as they were", "These reports were left as they were:")


routes = [review_report, review_reports, comment_on_report]
