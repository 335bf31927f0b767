"""Importing files and loading the register, on the database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from mystery_shopper.audit.models import AuditEntry
from mystery_shopper.authorities import queries
from mystery_shopper.authorities.models import Authority
from mystery_shopper.authorities.policy import AuthorityClass, Sector
from mystery_shopper.authorities.rows import read_rows
from mystery_shopper.authorities.services import (
    ImportReport,
    add_demonstration_authorities,
    import_authorities,
    load_register,
)
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import ConfigurationError

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FILE = (
    "name,type,subtype,aliases,ends_on,successor,source_id\n"
    "Eastmarch Council,local-authority,unitary-authority,Eastmarch,,,\n"
    "Westmarch District Council,local-authority,non-metropolitan-district,,2020-04-01,Eastmarch Council,\n"
)

pytestmark = pytest.mark.usefixtures("app_context")


def bring(text: str, source: str = "import") -> ImportReport:
    report = import_authorities(read_rows(text), actor="system", now=NOW, source=source)
    db.session.commit()
    return report


def named(name: str) -> Authority:
    return next(one for one in queries.list_with_aliases() if one.name == name)


class TestImport:
    def test_new_bodies_are_added_with_successors_and_one_audit_entry(self) -> None:
        report = bring(FILE)

        assert (report.added, report.matched, report.problems) == (2, 0, [])
        assert [one.name for one in named("Westmarch District Council").successors] == ["Eastmarch Council"]
        actions = db.session.scalars(select(AuditEntry.action)).all()
        assert actions.count("authorities:imported") == 1

    def test_the_same_file_again_changes_nothing(self) -> None:
        bring(FILE)
        report = bring(FILE)
        assert (report.added, report.matched, report.changed) == (0, 2, 0)

    def test_another_writing_of_a_known_body_becomes_an_alias(self) -> None:
        bring(FILE)
        report = bring("name,type,source_id\nEastmarch Borough Council,local-authority,E06\n")

        assert (report.added, report.matched, report.changed) == (0, 1, 1)
        authority = named("Eastmarch Council")
        assert {alias.name for alias in authority.aliases} == {"Eastmarch", "Eastmarch Borough Council"}
        assert authority.source_id == "E06"

    def test_a_file_never_overwrites_what_the_register_says_but_reports_it(self) -> None:
        bring(FILE)
        report = bring("name,type,pa23_class\nEastmarch Council,local-authority,central\n")

        assert named("Eastmarch Council").pa23_class is AuthorityClass.SUB_CENTRAL
        assert [(one.line, one.column) for one in report.differences] == [(2, "pa23_class")]

    def test_with_one_bad_cell_nothing_is_written(self) -> None:
        report = bring(FILE + "Northmarch Council,parish,,,,,\n")
        assert [(one.line, one.column) for one in report.problems] == [(4, "type")]
        assert queries.count_authorities() == 0

    def test_a_successor_nobody_knows_is_a_problem(self) -> None:
        report = bring("name,type,successor\nEastmarch Council,local-authority,Nowhere Council\n")
        assert [(one.line, one.column) for one in report.problems] == [(2, "successor")]
        assert queries.count_authorities() == 0

    def test_two_bodies_with_one_address_get_two(self) -> None:
        bring("name,type\nEastmarch - Trust,nhs\n")
        bring("name,type\nEastmarch's Trust,nhs\nEastmarch Trust!,police\n")
        assert len({one.slug for one in queries.list_authorities()}) == queries.count_authorities()

    def test_the_longest_name_can_be_folded_and_stored(self) -> None:
        report = bring("name,type\n" + ("ft " * 66).strip() + ",nhs\n")
        assert report.added == 1


class TestLoadRegister:
    def test_the_register_is_loaded_once_and_the_second_time_is_free(self) -> None:
        first = load_register(actor="system", now=NOW)
        db.session.commit()

        assert first is not None
        assert first.added == queries.count_authorities() > 1500
        assert load_register(actor="system", now=NOW) is None

    def test_a_changed_register_updates_its_own_bodies_only(self) -> None:
        bring("name,type\nEastmarch Council,local-authority\n", source="register")
        bring("name,type\nWestmarch Council,local-authority\n")
        report = bring(
            "name,type,ends_on\nEastmarch Council,local-authority,2026-04-01\nWestmarch Council,police,\n",
            source="register",
        )
        assert report.changed == 1
        assert named("Eastmarch Council").is_closed
        assert named("Westmarch Council").type == "local-authority"


class TestDemonstration:
    BODIES = (
        {"name": "Harrowmoor Hospitals NHS Foundation Trust", "type": "nhs", "subtype": "foundation_trust"},
        {"name": "Almanac Office", "type": "central", "nation": "UK"},
    )

    def test_fictional_bodies_are_marked_and_added_once(self) -> None:
        add_demonstration_authorities(self.BODIES, actor="system", now=NOW)
        found = add_demonstration_authorities(self.BODIES, actor="system", now=NOW)

        assert queries.count_authorities() == 2
        assert all(one.is_demonstration for one in found.values())
        assert found["Almanac Office"].sector is Sector.CENTRAL
        assert queries.list_authorities(with_demonstration=False) == []

    def test_a_real_body_never_becomes_a_demonstration(self) -> None:
        bring("name,type\nAlmanac Office,central-government\n")
        with pytest.raises(ConfigurationError):
            add_demonstration_authorities(self.BODIES, actor="system", now=NOW)
