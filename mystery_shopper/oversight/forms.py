"""The filter of the log."""

from datetime import datetime, time, timedelta
from typing import Any

from mystery_shopper.audit.queries import EntryFilter
from mystery_shopper.core.clock import LONDON
from mystery_shopper.core.errors import NotFoundError
from mystery_shopper.core.forms import DateField, GovForm, Option, SelectField, TextField
from mystery_shopper.oversight.policy import actions_of, kinds
from mystery_shopper.oversight.queries import find_actors, subjects_of_case

TEXT_MAX = 80
DAY = timedelta(days=1)


class LogFilterForm(GovForm):
    """Say which entries are wanted."""

    class Meta(GovForm.Meta):
        """A form that reads carries no token."""

        csrf = False

    case = TextField("Case", hint="Its reference, for example MS-2026-00417", max_length=TEXT_MAX)
    actor = TextField("Person", hint="Name, email address, or as it stands in the list", max_length=TEXT_MAX)
    action = SelectField(
        "What was done", empty="Everything", choices=tuple(Option(value, words) for value, words in kinds())
    )
    since = DateField("From", error_name="The first day")
    until = DateField("To", error_name="The last day")

    def to_filter(self) -> EntryFilter:
        """Return what is wanted; a wrong date counts as none, a case that is not there has no entries."""
        subjects = None
        if self.case.data:
            try:
                subjects = subjects_of_case(self.case.data.upper())
            except NotFoundError as error:
                self.add_error(error, "case")
                subjects = ()
        return EntryFilter(
            actor=find_actors(self.actor.data) if self.actor.data else "",
            actions=actions_of(self.action.data or ""),
            subject_ids=subjects,
            since=_midnight(self.since.data),
            before=_midnight(self.until.data, DAY),
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was asked for."""
        return not any(field.data for field in self)


def _midnight(day: Any, later: timedelta = timedelta(0)) -> datetime | None:
    """Return the beginning of a day in London, or of a later one."""
    return datetime.combine(day + later, time(0), LONDON) if day else None
