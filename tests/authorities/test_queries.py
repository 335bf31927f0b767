"""Finding authorities, on the database, in the register that comes with the program."""

from datetime import UTC, datetime
from time import process_time
from uuid import uuid4

import pytest
from flask import Flask

from mystery_shopper.authorities import queries
from mystery_shopper.authorities.policy import AuthorityClass, AuthorityType, MatchKind
from mystery_shopper.authorities.services import add_demonstration_authorities, load_register
from mystery_shopper.core.db import db
from mystery_shopper.core.errors import NotFoundError
from tests.support.standing import Standing

SEARCH_SECONDS_MAX = 0.25


def load(app: Flask) -> None:
    with app.app_context():
        load_register(actor="system", now=datetime(2026, 3, 2, tzinfo=UTC))
        db.session.commit()
        db.session.remove()


@pytest.fixture
def register(app_context: Flask, standing: Standing) -> None:
    standing.get(app_context, "register", load)


pytestmark = pytest.mark.usefixtures("register")


NEW = "Brackwater Borough Council"
LIKELIEST = {
    "hmrc": "HM Revenue and Customs",
    "camden": "London Borough of Camden",
    "camden cou": "London Borough of Camden",
    "london borough of cam": "London Borough of Camden",
    "public health eng": "Public Health England",
    "dept of health": "Department of Health and Social Care",
    "ministry def": "Ministry of Defence",
    "cumbria county": "Cumbria County Council",
    "kings college hosp": "King's College Hospital NHS Foundation Trust",
    "Barnsly Hospitl": "Barnsley Hospital NHS Foundation Trust",
}


def test_the_picker_puts_the_likeliest_body_first() -> None:
    assert {text: queries.search_authorities(text)[0].name for text in LIKELIEST} == LIKELIEST


def test_a_closed_body_is_found_with_those_who_took_over() -> None:
    found = queries.search_authorities("cumbria county council")[0]
    assert found.is_closed
    assert [one.name for one in found.successors] == ["Cumberland Council", "Westmorland and Furness Council"]


def test_a_live_body_goes_before_a_closed_one_of_like_name() -> None:
    names = [one.name for one in queries.search_authorities("dorset council")]
    assert names[0] == "Dorset Council"


def test_a_body_that_came_since_is_found_by_a_slip_too() -> None:
    slip = "Brackwatter Boro Councl"
    before = [one.name for one in queries.search_authorities(slip)]
    bodies = [{"name": NEW, "type": "local-authority", "subtype": "unitary", "nation": "england"}]
    add_demonstration_authorities(bodies, actor="system", now=datetime(2026, 3, 3, tzinfo=UTC))
    db.session.flush()
    assert NEW not in before
    assert queries.search_authorities(slip)[0].name == NEW


def test_any_text_can_be_searched() -> None:
    for text in ("", "  ", "%", "_", "the", "\\", "' OR 1=1 --", "x" * 5000, "%%%% council"):
        assert len(queries.search_authorities(text, limit=3)) <= 3


def test_a_percent_sign_is_not_a_wildcard() -> None:
    assert queries.search_authorities("%") == []


def test_the_limit_is_kept() -> None:
    assert len(queries.search_authorities("council", limit=7)) == 7


def test_searching_is_fast_enough_to_type_against() -> None:
    queries.search_authorities("leeds")
    for text in ("nhs trust", "zzqx vwkj"):
        assert min(_seconds(text) for _ in range(3)) < SEARCH_SECONDS_MAX


def _seconds(text: str) -> float:
    started = process_time()
    queries.search_authorities(text)
    return process_time() - started


RECOGNISED = {
    "Leeds City Council": (MatchKind.NAME, "Leeds City Council"),
    "NICE": (MatchKind.ALIAS, "National Institute for Health and Care Excellence"),
    "the borough of  CAMDEN": (MatchKind.FOLDED, "London Borough of Camden"),
    "Rotherham General Hospital": (MatchKind.ALIAS, "The Rotherham NHS Foundation Trust"),
}


def test_a_typed_name_is_recognised() -> None:
    for text, (kind, name) in RECOGNISED.items():
        match = queries.match_name(text)
        assert match.kind is kind
        assert match.key is not None
        assert queries.get_authority(match.key).name == name


def test_a_misspelt_name_gives_candidates_and_nonsense_nothing() -> None:
    match = queries.match_name("Leads Citty Councl")
    assert match.kind is MatchKind.CANDIDATES
    assert "Leeds City Council" in {queries.get_authority(key).name for key in match.candidates}
    assert queries.match_name("zzqx vwkj").kind is MatchKind.NONE
    assert queries.match_name("").kind is MatchKind.NONE


def test_a_body_knows_its_class_in_each_regime() -> None:
    (trust,) = (one for one in queries.list_authorities() if one.slug == "barnsley-hospital-nhs-foundation-trust")
    assert trust.pcr_threshold_class is AuthorityClass.SUB_CENTRAL
    assert trust.pa23_class is AuthorityClass.CENTRAL


def test_an_id_of_nobody_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        queries.get_authority(uuid4())


def test_the_list_to_choose_from_can_leave_out_closed_bodies_and_other_kinds() -> None:
    everyone = queries.list_authorities()
    live = queries.list_authorities(type_=AuthorityType.POLICE, with_closed=False)
    assert [one.name for one in everyone] == sorted((one.name for one in everyone), key=str.lower)
    assert {one.type for one in live} == {AuthorityType.POLICE}
    assert not any(one.is_closed for one in live)
