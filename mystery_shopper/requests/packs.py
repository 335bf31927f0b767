"""What goes into a pack, and the pack itself: a ZIP of CSV, text and copies of files, the same for the same content.

Lists of columns are fixed for each audience. No identity, no words of a report and no exact day of one stand in a pack
for anybody but the reporter themselves.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from mystery_shopper.cases.events import OutcomeRecorded
from mystery_shopper.cases.models import Case, Direction, Report
from mystery_shopper.cases.queries import find_identity, list_events, list_flags, list_messages
from mystery_shopper.cases.series import series_reference
from mystery_shopper.cases.states import state_label
from mystery_shopper.cases.walls import events_known_to, facts_said_by, is_for
from mystery_shopper.core.csvsafe import csv_text
from mystery_shopper.core.db import day_of
from mystery_shopper.requests.policy import exemptions
from mystery_shopper.rules.results import Outcome

FILES_FOLDER = "evidence/"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
NOT_REGISTERED = "Not in the register of authorities"
CASE_COLUMNS = (
    "Public reference",
    "File reference",
    "Authority",
    "Month received",
    "Month closed",
    "State",
    "Rules raised",
    "Outcome",
    "Upheld",
    "Positive",
)
EXEMPTION_COLUMNS = ("What was considered", "Test")
HELD_COLUMNS = ("What", "Answer")
MESSAGE_COLUMNS = ("From", "Day", "Words")
EVENT_COLUMNS = ("Day", "What happened")
MEMBER_HELD = "We hold the names of the firm you report for. No member of staff is shown them, so they are not here"
NAMED_PERSON = (
    ("Why data are processed", "To look into concerns about public procurement and to advise the authority"),
    ("Legal ground", "UK GDPR article 6(1)(e): a task carried out in the public interest"),
    ("How long", "By the retention schedule: three years after a case closes"),
    ("Who receives them", "Staff of the service. The authority concerned, where it was asked about a requirement"),
    ("Where they came from", "Withheld: Data Protection Act 2018 Schedule 2 paragraph 16, the rights of others"),
    ("Your rights", "To have data put right, erased or restricted, to object, and to complain to the regulator"),
)
"""What somebody named in a case is told of every case in the same words, so that nothing of one case shows."""


@dataclass(frozen=True)
class Part:
    """One file of a pack, and how many rows it has (0 for a text)."""

    name: str
    data: bytes
    rows: int

    @property
    def is_file(self) -> bool:
        """Tell whether it is a copy of a file somebody sent; such a copy was looked through by itself."""
        return self.name.startswith(FILES_FOLDER)

    @property
    def sha256(self) -> str:
        """Return the digest of the file."""
        return sha256(self.data).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return what the register keeps of it."""
        return {"name": self.name, "rows": self.rows, "sha256": self.sha256}


def table(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Part:
    """Return a table as a CSV file that no spreadsheet takes for formulas."""
    return Part(name, csv_text(columns, rows).encode(), len(rows))


def answer_text(text: str) -> Part:
    """Return what staff wrote to the requester."""
    return Part("answer.txt", f"{text}\n".encode(), 0)


def exemption_table(ids: Sequence[str]) -> Part:
    """Return the exemptions that were considered."""
    known = exemptions()
    return table("exemptions.csv", EXEMPTION_COLUMNS, [(known[one].title, known[one].test) for one in ids])


def foi_table(cases: Sequence[Case]) -> Part:
    """Return what anybody may know of cases: months and not days, the authority by its registered name, no words."""
    return table("cases.csv", CASE_COLUMNS, [_case_row(case) for case in cases])


def _case_row(case: Case) -> list[str]:
    found = _outcome(case)
    raised = [flag.rule_id for flag in list_flags(case) if flag.outcome == Outcome.RAISED.value]
    return [
        case.public_reference,
        series_reference(case.reference, case.received_on),
        case.authority.name if case.authority else NOT_REGISTERED,
        _month(case.received_on),
        _month(case.closed_on),
        state_label(case.state),
        " ".join(raised),
        found.code if found else "",
        found.upheld if found else "",
        {True: "yes", False: "no"}[found.positive] if found else "",
    ]


def _outcome(case: Case) -> OutcomeRecorded | None:
    events = (row.to_event(case.data_key) for row in list_events(case) if row.tag == OutcomeRecorded.tag)
    return next((event for event in reversed(list(events)) if isinstance(event, OutcomeRecorded)), None)


def _month(day: date | None) -> str:
    return day.strftime("%Y-%m") if day else ""


def named_person_table() -> Part:
    """Return what somebody who may be named in a case is told besides the answer: the same of every case."""
    return table("what-is-held.csv", HELD_COLUMNS, NAMED_PERSON)


def reporter_parts(report: Report, case: Case) -> list[Part]:
    """Return what is held of a reporter, for that reporter: what they sent, wrote and were told."""
    return [
        table("your-report.csv", HELD_COLUMNS, _named(report.content.to_json())),
        table("about-you.csv", HELD_COLUMNS, _about(report)),
        table("messages.csv", MESSAGE_COLUMNS, _messages(report, case)),
        table("facts.csv", HELD_COLUMNS, _named(facts_said_by(report))),
        table("what-happened.csv", EVENT_COLUMNS, _events(report)),
    ]


def _about(report: Report) -> list[tuple[str, str]]:
    found = [("How you chose to be known", report.identity_choice.value), ("Who you are", report.reporter_kind.value)]
    identity = find_identity(report)
    if identity is None:
        return found
    found += _named({**vars(identity), "member": ""})
    return found + ([("Member", MEMBER_HELD)] if identity.member else [])


def _named(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name.replace("_", " ").capitalize(), _plain(value)) for name, value in values.items() if value]


def _plain(value: Any) -> str:
    return "; ".join(_plain(one) for one in value) if isinstance(value, list | tuple) else str(value)


def _messages(report: Report, case: Case) -> list[tuple[str, str, str]]:
    return [
        (
            "you" if message.direction is Direction.FROM_REPORTER else "us",
            day_of(message.sent_at).isoformat(),
            message.body(case.data_key),
        )
        for message in list_messages(report)
    ]


def _events(report: Report) -> list[tuple[str, str]]:
    rows = []
    for known in events_known_to(report):
        event = known.row.to_event(known.case.data_key)
        sentence = event.reporter_sentence()
        if sentence is not None and is_for(report, event):
            rows.append((day_of(known.row.happened_at).isoformat(), sentence))
    return rows


def make_zip(parts: Sequence[Part]) -> bytes:
    """Return the pack: the files and a manifest with their digests, without times, so that it can be made again."""
    rows = [(one.name, str(one.rows), one.sha256) for one in parts]
    manifest = table("manifest.csv", ("File", "Rows", "SHA-256"), rows)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in (*parts, manifest):
            archive.writestr(zipfile.ZipInfo(part.name, FIXED_TIME), part.data)
    return buffer.getvalue()
