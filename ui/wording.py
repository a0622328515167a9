"""The words for times, sizes, states and people, translated and in the person's own formats. No widget in here."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from unicodedata import bidirectional

from PySide6.QtCore import QCoreApplication, QDate, QLocale, Qt, QTime
from PySide6.QtGui import QGuiApplication

from agent.api import (
    AccountView,
    ActivityItem,
    Category,
    CommentItem,
    ItemState,
    LinkState,
    MediaItem,
    News,
    OpenSession,
    ReviewNote,
    Said,
    Snapshot,
)
from rules.sentence import Sentence

translate = QCoreApplication.translate


def told(text: str) -> str:
    """A sentence of the agent or of the server in the person's language where that is known: by what it was made of, or
    line by line."""
    if isinstance(text, Sentence) and text.values:
        return _filled(text.template, text.values.items())
    return "\n".join(translate("Agent", line) if line else "" for line in text.split("\n"))


def said(sentence: Said) -> str:
    """The same of one that came in a message."""
    return _filled(sentence.template, sentence.values)


def _filled(template: str, values: Iterable[tuple[str, object]]) -> str:
    found = {name: _value(value) for name, value in values}
    translated = translate("Agent", template)
    return translated % found if found else translated


def _value(value: object) -> str:
    if isinstance(value, Said):
        return said(value)
    if isinstance(value, Sentence):
        return told(value)
    return number(value) if isinstance(value, int) else apart(str(value))


def number(of: int) -> str:
    """A whole number in the digits of this place."""
    return QLocale().toString(of)


def apart(text: str) -> str:
    """The text with marks that keep its direction to itself, where the words around it may run the other way."""
    if not _runs_back() and not any(bidirectional(character) in ("R", "AL") for character in text):
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def joined(*parts: str) -> str:
    """Those of the parts that say something, side by side in one line."""
    line = " · ".join(apart(part) for part in parts if part)
    return f"\N{RIGHT-TO-LEFT MARK}{line}" if _runs_back() and line else line


def _runs_back() -> bool:
    return QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft


def moment(rfc3339: str) -> datetime:
    """An instant of the agent as an aware time in this computer's zone."""
    return datetime.fromisoformat(rfc3339).astimezone()


def clock(when: datetime) -> str:
    """Hours and minutes as this system writes them."""
    told = QLocale().toString(QTime(when.hour, when.minute), clock_pattern())
    return told.replace(" ", "\N{NO-BREAK SPACE}")  # before and after noon stay with their hour


def clock_pattern() -> str:
    """How this system writes hours and minutes."""
    pattern = QLocale().timeFormat(QLocale.FormatType.ShortFormat)
    for seconds in (":ss", ".ss"):
        pattern = pattern.replace(seconds, "")
    return pattern.strip()


def clock_at(rfc3339: str) -> str:
    """Hours and minutes of an instant of the agent."""
    return clock(moment(rfc3339))


def day(of: date, today: date) -> str:
    """Today, Yesterday, or the day's name and date."""
    distance = (today - of).days
    if distance == 0:
        return translate("Time", "Today")
    if distance == 1:
        return translate("Time", "Yesterday")
    pattern = "dddd d MMMM" if of.year == today.year else "dddd d MMMM yyyy"
    return QLocale().toString(QDate(of.year, of.month, of.day), pattern)


def date_of(rfc3339: str) -> str:
    """The day of an instant with its year, for the middle of a sentence."""
    then = moment(rfc3339)
    return QLocale().toString(QDate(then.year, then.month, then.day), "d MMMM yyyy")


def when(rfc3339: str) -> str:
    """The time if it was today, else day and time."""
    then = moment(rfc3339)
    if then.date() == datetime.now().astimezone().date():
        return clock(then)
    return translate("Time", "{day}, {time}").format(
        day=day(then.date(), datetime.now().astimezone().date()), time=clock(then)
    )


def since(rfc3339: str, now: datetime | None = None) -> str:
    """When a session began, for the middle of a line: the time, with its day before it once that is over."""
    then = moment(rfc3339)
    if then.date() == (now or datetime.now(UTC)).astimezone().date():
        return clock(then)
    began = QLocale().toString(QDate(then.year, then.month, then.day), "ddd d MMM")
    return translate("Time", "{day}, {time}").format(day=began, time=clock(then))


def elapsed(since: str, now: datetime | None = None) -> str:
    """Whole minutes since an instant of the agent: *12 min*, *3 h 12*."""
    seconds = ((now or datetime.now(UTC)) - moment(since)).total_seconds()
    hours, minutes = divmod(max(0, int(seconds // 60)), 60)
    if not hours:
        return translate("Time", "{minutes} min").format(minutes=number(minutes))
    return translate("Time", "{hours} h {minutes}").format(
        hours=number(hours), minutes=number(minutes).rjust(2, QLocale().zeroDigit())
    )


def days_or_hours(hours: int) -> str:
    """A length of time that the organization set: whole days from two on, else hours."""
    if hours >= 48 and hours % 24 == 0:
        return translate("Time", "%n day(s)", "", hours // 24)
    return translate("Time", "%n hour(s)", "", hours)


def media_state(item: MediaItem) -> str:
    """Where one file of a report is."""
    percent = 100 * item.sent_bytes // item.size if item.size else 0
    here = item.path is not None
    words = {
        "waiting": translate("File", "Waiting"),
        "sending": translate("File", "Sending {percent} %"),
        "held": translate("File", "Paused at {percent} %") if percent else translate("File", "Paused"),
        "sent": translate("File", "Sent; the copy here stays until the server has signed for it"),
        "received": translate("File", "Received; a copy is on this computer")
        if here
        else translate("File", "Received; not on this computer"),
        "elsewhere": translate("File", "Still on its way from another device"),
        "needs_you": translate("File", "Not sent"),
    }
    return words[item.state].format(percent=number(percent))


def size(of_bytes: int) -> str:
    """Bytes as people read them."""
    return QLocale().formattedDataSize(
        of_bytes, 1 if of_bytes >= 1_000_000 else 0, QLocale.DataSizeFormat.DataSizeSIFormat
    )


def state(item: ActivityItem) -> str:
    """What the worker reads about one item."""
    if item.cancelled:
        return translate("State", "Undone")
    if item.corrected:
        return translate("State", "Corrected")
    if item.state == "sending" and item.progress is not None:
        return translate("State", "Sending {percent} %").format(percent=number(int(item.progress * 100)))
    if item.state == "received" and item.received:
        return translate("State", "Received {time}").format(time=when(item.received))
    return state_names()[item.state]


def state_names() -> dict[ItemState, str]:
    """Every state by its plain name."""
    return {
        "saved": translate("State", "Saved here"),
        "waiting": translate("State", "Waiting"),
        "sending": translate("State", "Sending"),
        "received": translate("State", "Received"),
        "edited": translate("State", "Edited"),
        "returned": translate("State", "Returned"),
        "approved": translate("State", "Approved"),
        "rejected": translate("State", "Rejected"),
        "needs_you": translate("State", "Needs you"),
    }


def decided(review: ReviewNote) -> str:
    """Who decided what, and when."""
    pattern = {
        "returned": translate("Review", "Returned by {name}, {time}"),
        "approved": translate("Review", "Approved by {name}, {time}"),
        "rejected": translate("Review", "Rejected by {name}, {time}"),
    }[review.decision]
    return pattern.format(name=review.by, time=when(review.at))


def news(found: News) -> str:
    """What others did about reports, grouped, in one line without a word of any report."""
    kinds = dict.fromkeys((item.kind, item.instance_id) for item in found.items)
    counts: Counter[str] = Counter(kind for kind, _ in kinds)
    returned, rejected, conflicts, comments, approved = (
        counts[kind] for kind in ("returned", "rejected", "conflict", "comment", "approved")
    )
    words = (
        translate("News", "%n report(s) returned", "", returned) if returned else "",
        translate("News", "%n report(s) rejected", "", rejected) if rejected else "",
        translate("News", "%n report(s) in two versions", "", conflicts) if conflicts else "",
        translate("News", "%n report(s) commented", "", comments) if comments else "",
        translate("News", "%n report(s) approved", "", approved) if approved else "",
        *_reminders(found),
    )
    return joined(*words)


def _reminders(found: News) -> list[str]:
    """What is about no report."""
    patterns = {
        "shift_starts": translate("News", "Your shift starts: {what}"),
        "still_in": translate("News", "You are still checked in: {what}"),
        "report_due": translate("News", "Your report is due: {what}"),
    }
    said = [patterns[item.kind].format(what=apart(item.words)) for item in found.items if item.kind in patterns]
    decided = sum(item.kind == "correction" for item in found.items)
    if decided == 1:
        said.append(translate("News", "A correction of yours is decided"))
    elif decided:
        said.append(translate("News", "Corrections of yours are decided: {count}").format(count=number(decided)))
    return list(dict.fromkeys(said))


def news_next(found: News) -> str:
    """What to do about it."""
    kinds = {item.kind for item in found.items}
    if len(kinds) == 1:
        return {
            "shift_starts": translate("News", "Open Miratag to check in when you are there."),
            "still_in": translate("News", "Open Miratag to check out if you have left."),
            "report_due": translate("News", "Open Miratag to write it."),
        }.get(kinds.pop(), translate("News", "Open Miratag to read it."))
    return translate("News", "Open Miratag to read it.")


def conflict() -> str:
    """What is the matter with a report that stands in two versions."""
    return translate(
        "Review",
        "This report was changed in two places. Both versions are kept, and your organization sees both. Say which one "
        "stands, or write one from both.",
    )


def asked(item: ActivityItem) -> str:
    """What an item says beside its state: what is wrong, or what a manager wrote."""
    if item.sentence:
        return told(item.sentence)
    if item.conflict:
        return conflict()
    if item.review is None or not item.review.words:
        return ""
    return translate("Review", "{name}: {words}").format(name=item.review.by, words=item.review.words)


def comment_state(comment: CommentItem) -> str:
    """How far a comment that was written here has come."""
    return {
        "saved": translate("Comment", "Saved here"),
        "waiting": translate("Comment", "Waiting"),
        "sent": translate("Comment", "Sent"),
        "needs_you": translate("Comment", "Not taken"),
    }[comment.state]


def title(item: ActivityItem) -> str:
    """A report's title, or the kind of an attendance event."""
    if item.kind == "report":
        return item.title or translate("Item", "Report without a title")
    return {
        "check_in": translate("Item", "Checked in"),
        "check_out": translate("Item", "Checked out"),
        "break_start": translate("Item", "Break started"),
        "break_end": translate("Item", "Break ended"),
    }[item.kind]


def link(of: LinkState) -> str:
    """The connection in words."""
    return {
        "unknown": translate("Link", "Connecting…"),
        "online": translate("Link", "Online"),
        "offline": translate("Link", "Offline: kept here until you are back"),
        "server_trouble": translate("Link", "The server has trouble: kept here, trying again"),
        "sign_in_needed": translate("Link", "Sign-in needed"),
        "untrusted": translate("Link", "Server not trusted"),
        "signed_out": translate("Link", "Signed out"),
    }[of]


def category(of: Category) -> str:
    """A category of log data by its plain name."""
    return {
        "diagnostics": translate("Privacy", "Fault reports"),
        "usage": translate("Privacy", "Usage counts"),
        "third_party": translate("Privacy", "Outside analytics"),
    }[of]


def connection(of: str) -> str:
    """A row of the egress table by its plain name."""
    return {
        "sign_in": translate("Privacy", "Signing in"),
        "sync": translate("Privacy", "Reports and check-ins"),
        "media": translate("Privacy", "Photos and files"),
        "policy": translate("Privacy", "Settings and keys"),
        "log_data": translate("Privacy", "Log data"),
        "third_party": translate("Privacy", "Outside analytics"),
        "erasure": translate("Privacy", "Erasure of log data"),
        "updates": translate("Privacy", "Updates"),
    }.get(of, of)


def event(of: str) -> str:
    """What an event of log data tells, with the name it has in the catalog; a newer one has that alone."""
    words = {
        "app.started": translate("Privacy", "that Miratag was started, and how"),
        "report.sent": translate("Privacy", "that a report was sent, its rough size and number of files"),
        "attendance.recorded": translate("Privacy", "that you checked in or out or took a break, not where"),
        "sync.finished": translate("Privacy", "whether sending worked, and how long it took"),
        "error.reported": translate("Privacy", "what failed in the program, without anything you wrote"),
        "store.set_aside": translate("Privacy", "that a file of Miratag was found damaged"),
        "keyring.unavailable": translate("Privacy", "that the keyring was absent, locked or did not answer"),
        "analytics.app_started": translate("Privacy", "that Miratag was started, and how; for the outside service"),
        "analytics.report_sent": translate("Privacy", "that a report was sent; for the outside service"),
    }.get(of)
    return of if words is None else f"{words} ({apart(of)})"


def current_account(of: Snapshot) -> AccountView | None:
    """The account that is shown."""
    return next((account for account in of.accounts if account.account == of.current), None)


def first_name(of: Snapshot) -> str:
    """The name on the check-in button: the first name, or all of it where two people here share it."""
    account = current_account(of)
    if account is None:
        return ""
    first = account.name.split(" ")[0]
    shared = sum(other.name.split(" ")[0] == first for other in of.accounts) > 1
    return account.name if shared else first


def place(session: OpenSession) -> str:
    """Where a session is."""
    return session.location or translate("Item", "Elsewhere")


def status(of: Snapshot) -> str:
    """One line for the tray: *In at Gate 2 since 07:58 · 2 waiting*."""
    parts = [_presence(of)]
    if of.link in ("offline", "server_trouble", "sign_in_needed", "untrusted"):
        parts.append(
            {
                "offline": translate("Status", "offline"),
                "server_trouble": translate("Status", "server has trouble"),
                "sign_in_needed": translate("Status", "sign-in needed"),
                "untrusted": translate("Status", "server not trusted"),
            }[of.link]
        )
    waiting = of.waiting + of.sending
    if of.paused and waiting:
        parts.append(translate("Status", "%n paused", "", waiting))
    elif waiting:
        parts.append(translate("Status", "%n waiting", "", waiting))
    if of.needs_you:
        parts.append(translate("Status", "%n need you", "", of.needs_you))
    return joined(*parts)


def _presence(of: Snapshot) -> str:
    if of.current is None:
        return translate("Status", "Not signed in")
    if of.session is None:
        return translate("Status", "Not checked in")
    pattern = (
        translate("Status", "On break, in at {place} since {time}")
        if of.session.on_break
        else translate("Status", "In at {place} since {time}")
    )
    return pattern.format(place=place(of.session), time=since(of.session.since))


def sent_today(of: Snapshot) -> str:
    """The footer's sentence."""
    return translate("Footer", "Today this computer sent {reports}, {attendance}, {records}").format(
        reports=translate("Footer", "%n report(s)", "", of.sent_reports_today),
        attendance=translate("Footer", "%n check-in(s)", "", of.sent_attendance_today),
        records=log_records(of.sent_log_records_today),
    )


def log_records(of: int) -> str:
    """A number of records of log data."""
    return translate("Footer", "%n log record(s)", "", of)
