"""Migration 0004 with data in the tables: down to 0003 and up again."""

from collections.abc import Callable

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from mystery_shopper.cases.models import ReporterKind
from mystery_shopper.core.db import db
from mystery_shopper.guidance.queries import list_stages
from tests.factories.reports import Filed


def kinds() -> list[str]:
    found = [row[0] for row in db.session.execute(text("SELECT reporter_kind FROM reports ORDER BY reporter_kind"))]
    db.session.remove()
    return found


def test_down_and_up_with_reports_and_the_register(app_context: Flask, file_report: Callable[..., Filed]) -> None:
    file_report(reporter_kind=ReporterKind.PATHFINDER_MUTUAL)
    file_report(reporter_kind=ReporterKind.SMALL_BUSINESS)
    db.session.remove()
    downgrade(revision="0003")
    assert kinds() == ["mutual", "small-business"]
    assert not {"referrals", "provide_stages"} & set(inspect(db.engine).get_table_names())
    upgrade()
    assert kinds() == ["mutual", "small-business"]
    assert len(list_stages()) == 8
