"""The desk, the list, the search and the case page as one would write them by hand in SQL, each along its index.

`bench_desk` runs them beside the pages. They fetch the rows the pages show, who may see them included, and do nothing
with them. All of it is constant text. Parameters: `me` (id of the person, as SQLite holds it), `today`, `soon`,
`reference`, and the words searched for.
"""

# ruff: noqa: S608
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rows = list[tuple[Any, ...]]
Reader = Callable[[sqlite3.Connection, Mapping[str, str]], Rows]

OPEN = "c.state NOT IN ('closed', 'closed-no-reply', 'joined')"
NOT_RECUSED = (
    "c.erased_on IS NULL AND NOT EXISTS (SELECT 1 FROM case_recusals r WHERE r.user_id = :me AND r.case_id = c.id)"
)
AWAY = "SELECT user_id FROM absences WHERE deputy_id = :me AND :today BETWEEN starts_on AND ends_on"
WHOSE = ("c.owner_id = :me", "c.owner_id IS NULL", f"c.owner_id IN ({AWAY})")
"""The parts of what a caseworker sees, each read along the index over owners until the page is full."""
OWN_OR_FREE = f"(+c.owner_id = :me OR +c.owner_id IS NULL OR +c.owner_id IN ({AWAY}))"
"""All of it at once, in a form no index has: for a list that is read along something else."""
SERIAL, DUE_ON = 2, 5
"""Places in ROW."""
ROW = """SELECT c.reference, c.id, c.serial, c.state, c.priority, c.due_on, c.due_kind, c.title_sealed,
    c.authority_text_sealed, k.id, k.wrapping_key_id, k.wrapped, a.name, u.name
    FROM cases c JOIN data_keys k ON k.id = c.data_key_id LEFT JOIN authorities a ON a.id = c.authority_id
    LEFT JOIN users u ON u.id = c.owner_id"""
COUNTS = f"""SELECT c.waiting, c.due_on < :today, c.tender_closes_on BETWEEN :today AND :soon, count(*) FROM cases c
    WHERE c.owner_id = :me AND {OPEN} AND {NOT_RECUSED} GROUP BY 1, 2, 3"""
FREE = f"""SELECT count(*) FROM (SELECT 1 FROM cases c WHERE c.owner_id IS NULL AND {OPEN} AND {NOT_RECUSED}
    LIMIT 1000)"""
UNREAD = """EXISTS (SELECT 1 FROM messages m WHERE m.case_id = c.id AND m.direction = 'from-reporter'
    AND m.read_at IS NULL)"""
TASKS = """SELECT t.id, t.title_sealed, t.due_on, c.reference, k.wrapped FROM case_tasks t
    JOIN cases c ON c.id = t.case_id JOIN data_keys k ON k.id = c.data_key_id
    WHERE t.assignee_id = :me AND t.state = 'open' ORDER BY t.due_on LIMIT 20"""
MENTIONS = """SELECT c.reference, u.name, m.mentioned_at FROM note_mentions m JOIN notes n ON n.id = m.note_id
    JOIN cases c ON c.id = m.case_id JOIN users u ON u.id = n.author_id
    WHERE m.user_id = :me AND m.read_at IS NULL ORDER BY m.mentioned_at DESC LIMIT 20"""
WATCHED = """SELECT c.reference, c.title_sealed, k.wrapped, count(*) FROM case_watches w
    JOIN case_events e ON e.case_id = w.case_id AND e.sequence > w.seen_sequence
    JOIN cases c ON c.id = w.case_id JOIN data_keys k ON k.id = c.data_key_id
    WHERE w.user_id = :me GROUP BY c.id ORDER BY max(e.sequence) DESC LIMIT 20"""
ANSWERS = """SELECT c.reference, q.kind, q.made_at FROM inquiry_requests q JOIN cases c ON c.id = q.case_id
    WHERE c.owner_id = :me AND q.decision IS NULL ORDER BY q.made_at LIMIT 20"""
TEAM = f"""SELECT u.id, u.name, n.cases, n.urgent, n.overdue FROM (SELECT c.owner_id, count(*) AS cases,
    sum(c.priority = 'urgent') AS urgent, sum(coalesce(c.due_on < :today, 0)) AS overdue FROM cases c
    WHERE c.owner_id IS NOT NULL AND {OPEN} GROUP BY c.owner_id) n JOIN users u ON u.id = n.owner_id
    ORDER BY n.overdue DESC, n.cases DESC LIMIT 12"""
ESCALATED = f"""SELECT count(*) FROM (SELECT 1 FROM cases c WHERE {OPEN} AND c.due_on < :today AND EXISTS
    (SELECT 1 FROM case_escalations s WHERE s.case_id = c.id AND s.due_kind = c.due_kind AND s.due_on = c.due_on)
    LIMIT 101)"""
STUCK = f"{ROW} WHERE {OPEN} AND c.due_on < :today AND {NOT_RECUSED} ORDER BY c.due_on, c.serial LIMIT 6"
FLAGS = """SELECT case_id, rule_id FROM flags WHERE case_id IN ({marks}) AND is_current = 1 AND outcome = 'raised'
    AND decision <> 'overruled' ORDER BY severity DESC, rule_id"""
OF_CASE = (
    "SELECT * FROM reports WHERE case_id = :case ORDER BY received_on, id",
    "SELECT * FROM flags WHERE case_id = :case AND is_current = 1",
    "SELECT * FROM case_facts WHERE case_id = :case AND is_current = 1",
    "SELECT * FROM messages WHERE case_id = :case",
    "SELECT * FROM case_events WHERE case_id = :case ORDER BY sequence DESC LIMIT 10",
    "SELECT * FROM case_tasks WHERE case_id = :case AND state = 'open'",
    "SELECT l.name, l.colour FROM case_labels x JOIN labels l ON l.id = x.label_id WHERE x.case_id = :case",
    "SELECT * FROM interventions WHERE case_id = :case",
    "SELECT * FROM case_joins WHERE (kept_id = :case OR joined_id = :case) AND undone_at IS NULL",
    "SELECT * FROM legal_holds WHERE subject_id = :case AND lifted_at IS NULL",
)


@dataclass(frozen=True)
class Wanted:
    """What a list asks of its cases, in SQL, and whether it is that of somebody who sees every case."""

    where: str
    sees_all: bool
    is_whole: bool = False

    @property
    def parts(self) -> list[str]:
        """Return the conditions with who may see a case, one for each part of the list."""
        seen = [""] if self.sees_all else [OWN_OR_FREE] if self.is_whole else WHOSE
        return [" AND ".join(filter(None, (self.where, NOT_RECUSED, one))) for one in seen]


def read_list(wanted: Wanted, count: int = 25) -> Reader:
    """Return what reads one page of a list and the flags of its cases."""

    def read(connection: sqlite3.Connection, values: Mapping[str, str]) -> Rows:
        found = [row for part in wanted.parts for row in _first_due(connection, part, values, count + 1)]
        rows = sorted(found, key=lambda row: (row[DUE_ON] is None, row[DUE_ON] or "", row[SERIAL]))[: count + 1]
        _read_flags(connection, rows)
        return rows[:count]

    return read


def read_desk(*, sees_all: bool) -> Reader:
    """Return what reads the desk: of a senior with the team's load, what is stuck and what is before a senior."""
    counts = (COUNTS, FREE, TASKS, MENTIONS, WATCHED, ANSWERS, *((TEAM, ESCALATED) if sees_all else ()))
    mine = f"{OPEN} AND c.owner_id = :me AND {NOT_RECUSED}"

    def read(connection: sqlite3.Connection, values: Mapping[str, str]) -> Rows:
        for statement in counts:
            connection.execute(statement, values).fetchall()
        piles = [mine, f"{mine} AND {UNREAD}", f"{OPEN} AND c.owner_id IS NULL AND {NOT_RECUSED}"]
        rows = [row for pile in piles for row in _first_due(connection, pile, values, 10)]
        return rows + (connection.execute(STUCK, values).fetchall() if sees_all else [])

    return read


def read_case(connection: sqlite3.Connection, values: Mapping[str, str]) -> Rows:
    """Read what the overview of a case is made of."""
    rows = connection.execute(f"{ROW} WHERE c.reference = :reference", values).fetchall()
    for statement in OF_CASE:
        connection.execute(statement, {"case": rows[0][1]}).fetchall()
    return rows


def _first_due(connection: sqlite3.Connection, where: str, values: Mapping[str, str], count: int) -> Rows:
    """Read dated cases by date, then those without a date, each along its index."""
    dated = f"{ROW} WHERE {where} AND c.due_on IS NOT NULL ORDER BY c.due_on, c.serial LIMIT {count}"
    rows = connection.execute(dated, values).fetchall()
    if len(rows) < count:
        rest = f"{ROW} WHERE {where} AND c.due_on IS NULL ORDER BY c.serial LIMIT {count - len(rows)}"
        rows += connection.execute(rest, values).fetchall()
    return rows


def _read_flags(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" for _ in rows)
    connection.execute(FLAGS.format(marks=marks), [row[1] for row in rows]).fetchall()
