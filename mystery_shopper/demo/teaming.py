"""The demonstration of working together: labels, tasks, a note, a checklist begun, a watched case, guarded words."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from mystery_shopper.accounts.policy import StaffMember
from mystery_shopper.allocation.queries import list_owned
from mystery_shopper.cases.models import Case
from mystery_shopper.cases.services import add_note, guard_word
from mystery_shopper.demo.telling import Cast
from mystery_shopper.teamwork.checklists import checklists_for
from mystery_shopper.teamwork.services.labels import add_label, keep_label
from mystery_shopper.teamwork.services.mentions import mention
from mystery_shopper.teamwork.services.tasks import NewTask, make_task, settle_task
from mystery_shopper.teamwork.services.ticks import tick
from mystery_shopper.teamwork.services.watching import watch
from mystery_shopper.teamwork.states import Colour, TaskState

LABELS = (
    ("Press interest", Colour.RED),
    ("Good example", Colour.GREEN),
    ("Policy question", Colour.PURPLE),
    ("Needs a lawyer", Colour.ORANGE),
)
TASKS = (
    ("Ring the procurement team and ask who wrote the requirement", -2),
    ("Compare the clarification answers with the notice", 1),
    ("Ask the policy team whether the guidance covers lots", 6),
)
"""What is to be done, and how many days from today."""
WORDS = ("Larkspur Lane", "£386,400")
"""What must not leave the first case: the place where the reporter works, and a price they named on the telephone."""
WEEK = timedelta(days=7)


def work_together(cast: Cast, today: date, now: datetime) -> None:
    """Put labels, tasks, a note and a watch on cases of the first caseworker, as many as there are."""
    worker = cast.caseworkers[0].to_staff_member()
    owned = list_owned(worker.id, cast.senior)
    labels = [
        keep_label(None, name=name, colour=colour, version=0, actor=cast.senior.actor, now=now)
        for name, colour in LABELS
    ]
    for case, label in zip(owned, labels, strict=False):
        add_label(case, label, by=cast.senior, now=now)
    for case, (title, days) in zip(owned, TASKS, strict=False):
        _give(case, title, today + timedelta(days=days), to=worker.id, by=cast.senior, now=now - WEEK)
    for case in owned[:1]:
        _talk_about(case, worker, cast.senior, today, now)


def _give(case: Case, title: str, due_on: date, *, to: UUID, by: StaffMember, now: datetime) -> None:
    make_task(case, NewTask(title=title, due_on=due_on, assignee_id=to, submission_id=uuid4()), maker=by, now=now)


def _talk_about(case: Case, worker: StaffMember, senior: StaffMember, today: date, now: datetime) -> None:
    new = NewTask(title="Find the tender documents", due_on=today, assignee_id=worker.id, submission_id=uuid4())
    task = make_task(case, new, maker=worker, now=now)
    settle_task(
        case,
        task,
        case.data_key,
        TaskState.DONE,
        reason="They are on the portal",
        version=task.version,
        by=worker,
        now=now,
    )
    checklist = checklists_for(case.queue)[0]
    tick(case, checklist, chosen=[checklist.items[0].id], seen=[], by=worker, now=now)
    watch(case, worker, now=now)
    for word in WORDS:
        guard_word(case, word, by=worker, now=now)
    words = f"@{worker.name} the authority rang: they may lower the figure. Ask them to put it in writing."
    note = add_note(case, words, submission_id=uuid4(), author=senior, now=now)
    mention(case, note, [worker.id], author=senior, now=now)
