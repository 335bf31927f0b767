"""Names, classes and sectors: tables and properties, no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.authorities.policy import (
    AuthorityClass,
    AuthorityType,
    Classes,
    KnownName,
    LikeNames,
    MatchKind,
    NameIndex,
    Nation,
    Scope,
    Sector,
    calendar_division,
    default_scope,
    derive_classes,
    fold_name,
    make_slug,
    search_text,
    sector_of,
    words_of,
)

CENTRAL, SUB_CENTRAL = AuthorityClass.CENTRAL, AuthorityClass.SUB_CENTRAL

NAME_WORDS = st.sampled_from(
    (
        "the",
        "London",
        "Royal",
        "Borough",
        "of",
        "City",
        "county",
        "district",
        "council",
        "Camden",
        "York",
        "Saint",
        "St.",
        "&",
        "and",
        "MBC",
        "Ltd",
        "plc",
        "FT",
        "NHS",
        "ICB",
        "her",
        "his",
        "Majesty's",
        "Majestys",
        "United",
        "Kingdom",
        "national",
        "health",
        "service",
        "mayoral",
        "combined",
        "authority",
        "Môn",
        "\uff23ity",
    )
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("London Borough of Camden", "Camden Council"),
        ("Royal Borough of Greenwich", "GREENWICH LONDON BOROUGH COUNCIL"),
        ("City of York Council", "York City Council"),
        ("Wigan MBC", "Wigan Metropolitan Borough Council"),
        ("St. Helens Council", "Saint Helens Metropolitan Borough Council"),
        ("Tonbridge & Malling Borough Council", "Tonbridge and Malling Council"),
        ("King\u2019s Lynn and West Norfolk Council", "Borough Council of King's Lynn & West Norfolk"),
        ("His Majesty's Revenue and Customs", "HM Revenue & Customs"),
        ("Sellafield Ltd", "Sellafield Limited"),
        ("Barnsley Hospital NHS FT", "Barnsley Hospital National Health Service Foundation Trust"),
        ("The Environment Agency", "environment  agency"),
        ("Isle of Anglesey Cyngor Ynys Môn", "Isle of Anglesey Cyngor Ynys Mon"),
    ],
)
def test_two_ways_to_write_one_body_fold_alike(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Derby City Council", "Derbyshire County Council"),
        ("Newcastle City Council", "Newcastle-under-Lyme Borough Council"),
        ("University of Essex", "Essex County Council"),
        ("Barnsley Hospital NHS Foundation Trust", "Barnsley Metropolitan Borough Council"),
        ("Essex Police", "Essex County Council"),
        ("Leeds Teaching Hospitals NHS Trust", "Leeds Community Healthcare NHS Trust"),
        ("University of London", "City of London Corporation"),
    ],
)
def test_different_bodies_fold_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(st.one_of(st.text(max_size=60), st.lists(NAME_WORDS, max_size=10).map(" ".join)))
def test_folding_a_fold_changes_nothing(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


@given(st.lists(NAME_WORDS, min_size=1, max_size=8).map(" ".join))
def test_case_and_outer_spaces_never_matter(text: str) -> None:
    assert fold_name(f"  {text.upper()} ") == fold_name(text)


@given(st.text(max_size=80))
def test_an_address_is_plain_ascii_and_never_empty(text: str) -> None:
    slug = make_slug(text)
    assert slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")


@given(st.lists(st.text(max_size=30), max_size=5))
def test_search_text_holds_the_words_of_each_name_between_bars(names: list[str]) -> None:
    text = search_text(names)
    assert all(f"| {' '.join(words_of(name))} |" in text for name in names)


@pytest.mark.parametrize(
    ("type_", "subtype", "pcr", "portal", "pa23"),
    [
        (AuthorityType.CENTRAL_GOVERNMENT, "ministerial-department", CENTRAL, CENTRAL, CENTRAL),
        (AuthorityType.CENTRAL_GOVERNMENT, "public-corporation", SUB_CENTRAL, SUB_CENTRAL, SUB_CENTRAL),
        (AuthorityType.LOCAL_AUTHORITY, "county", SUB_CENTRAL, SUB_CENTRAL, SUB_CENTRAL),
        (AuthorityType.NHS, "nhs-trust", CENTRAL, SUB_CENTRAL, CENTRAL),
        (AuthorityType.NHS, "nhs-foundation-trust", SUB_CENTRAL, SUB_CENTRAL, CENTRAL),
        (AuthorityType.UNIVERSITY, "university", SUB_CENTRAL, SUB_CENTRAL, SUB_CENTRAL),
    ],
)
def test_classes_follow_from_the_kind_of_body_in_each_regime(
    type_: AuthorityType, subtype: str, pcr: AuthorityClass, portal: AuthorityClass, pa23: AuthorityClass
) -> None:
    assert derive_classes(type_, subtype) == Classes(pcr, portal, pa23)


@pytest.mark.parametrize("type_", AuthorityType)
def test_only_central_government_has_the_shorter_target(type_: AuthorityType) -> None:
    expected = Sector.CENTRAL if type_ is AuthorityType.CENTRAL_GOVERNMENT else Sector.WIDER
    assert sector_of(type_, "") is expected


@pytest.mark.parametrize(
    ("type_", "nation", "scope"),
    [
        (AuthorityType.SCHOOL, Nation.ENGLAND, Scope.OUT_SCHOOL),
        (AuthorityType.LOCAL_AUTHORITY, Nation.SCOTLAND, Scope.OUT_DEVOLVED),
        (AuthorityType.NHS, Nation.WALES, Scope.OUT_DEVOLVED),
        (AuthorityType.CENTRAL_GOVERNMENT, Nation.NORTHERN_IRELAND, Scope.CHECK),
        (AuthorityType.CENTRAL_GOVERNMENT, Nation.SEVERAL, Scope.IN),
        (AuthorityType.POLICE, Nation.ENGLAND, Scope.IN),
    ],
)
def test_scope_follows_from_the_kind_of_body_and_its_nation(type_: AuthorityType, nation: Nation, scope: Scope) -> None:
    assert default_scope(type_, nation) is scope


@pytest.mark.parametrize("nation", Nation)
def test_every_nation_has_a_bank_holiday_calendar(nation: Nation) -> None:
    expected = {Nation.SCOTLAND: "scotland", Nation.NORTHERN_IRELAND: "northern-ireland"}
    assert calendar_division(nation) == expected.get(nation, "england-and-wales")


NAMES = (
    KnownName("dorset", "Dorset Council"),
    KnownName("old-dorset", "Dorset County Council", is_live=False),
    KnownName("hmrc", "HM Revenue and Customs"),
    KnownName("hmrc", "HMRC", is_alias=True),
    KnownName("one", "Patent Office", is_alias=True),
    KnownName("two", "Patent Office", is_alias=True),
    KnownName("barnsley", "Barnsley Hospital NHS Foundation Trust"),
)


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("dorset county council", MatchKind.NAME, "old-dorset"),
        ("Council of Dorset", MatchKind.FOLDED, "dorset"),
        ("hmrc", MatchKind.ALIAS, "hmrc"),
        ("Her Majesty's Revenue & Customs", MatchKind.FOLDED, "hmrc"),
    ],
)
def test_a_name_is_recognised_as_surely_as_it_is_written(text: str, kind: MatchKind, key: str) -> None:
    match = NameIndex(NAMES).match(text)
    assert (match.kind, match.key) == (kind, key)


def test_a_name_of_two_bodies_is_never_guessed() -> None:
    match = NameIndex(NAMES).match("Patent Office")
    assert match.key is None
    assert match.candidates == ("one", "two")


def test_a_slip_of_the_pen_gives_candidates() -> None:
    match = NameIndex(NAMES).match("Barnsly Hospitl Trust")
    assert match.kind is MatchKind.CANDIDATES
    assert match.candidates[0] == "barnsley"


@pytest.mark.parametrize("text", ["", "   ", "the of and", "zzzz qqqq"])
def test_what_is_like_nothing_matches_nothing(text: str) -> None:
    assert NameIndex(NAMES).match(text).kind is MatchKind.NONE


@given(st.text(max_size=40))
def test_ranked_keys_are_known_and_come_once(text: str) -> None:
    ranked = LikeNames(NAMES).rank(text)
    assert len(ranked) == len(set(ranked))
    assert set(ranked) <= {known.key for known in NAMES}
