"""Several imports of the same notices at once: each is kept once, and none of them fails."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from mystery_shopper.core.db import db, transaction
from mystery_shopper.notices.models import Notice, NoticeReceipt, NoticeVersion
from tests.factories.notices import TENDER, UPDATE, keep

IMPORTERS = 4


def test_imports_at_once_keep_each_notice_once(app: Flask) -> None:
    def run(_number: int) -> None:
        with app.app_context():
            with transaction():
                keep(TENDER, UPDATE)
            db.session.remove()

    with ThreadPoolExecutor(IMPORTERS) as pool:
        list(pool.map(run, range(IMPORTERS)))
    with app.app_context():
        counts = [
            db.session.scalar(select(func.count()).select_from(kind)) for kind in (Notice, NoticeVersion, NoticeReceipt)
        ]
    assert counts == [1, 2, 2]
