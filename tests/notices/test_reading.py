"""From files to releases: shapes, named problems with their place, and no other error for any JSON. No database."""

import json
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.notices.comparing import describe
from mystery_shopper.notices.jsontext import NoticeError, Problem
from mystery_shopper.notices.policy import Dialect
from mystery_shopper.notices.reading import compiled_view, read_releases, releases_of, view_of
from mystery_shopper.notices.stating import facts_of
from tests.factories.notices import FILES, UPDATE, package, read, release
from tests.notices.test_jsontext import VALUES


def problems_of(value: Any) -> list[str]:
    with pytest.raises(NoticeError) as caught:
        read_releases(json.dumps(value))
    return [str(problem) for problem in caught.value.problems]


class TestShapes:
    def test_each_of_our_files_is_read(self) -> None:
        assert len(FILES) == 5
        seen = {read_releases(file.read_bytes())[0].view.dialect for file in FILES}
        assert seen == set(Dialect) - {Dialect.OTHER}

    def test_a_bare_release_a_package_and_a_list_give_the_same_bytes(self) -> None:
        bare = release()
        shapes: list[Any] = [
            bare,
            {"releases": [bare]},
            [bare],
            {"records": [{"ocid": bare["ocid"], "releases": [bare]}]},
        ]
        assert len({read_releases(json.dumps(shape))[0].sha256 for shape in shapes}) == 1

    def test_a_record_without_releases_gives_its_compiled_release(self) -> None:
        compiled = {**release(), "tag": ["compiled"]}
        links = [{"url": "https://notices.example.org/1"}]
        record = {"records": [{"ocid": "x", "releases": links, "compiledRelease": compiled}]}
        assert read_releases(json.dumps(record))[0].view.tags == ("compiled",)

    @pytest.mark.parametrize(
        ("value", "problem"),
        [
            ([], "There is no release in it"),
            ("text", "must be an object: a release, or a package of releases or records"),
            (None, "must be an object: a release, or a package of releases or records"),
            ({}, "has none of the keys releases, records and ocid, so it is no notice"),
            ([{}], "[0]: has none of the keys releases, records and ocid, so it is no notice"),
            ({"releases": {}}, "releases: must be a list"),
            ({"releases": []}, "There is no release in it"),
            ({"releases": ["x"]}, "releases[0]: must be an object"),
            ({"records": [1]}, "records[0]: must be an object"),
            ({"records": [{"releases": [{"url": "x"}]}]}, "records[0]: holds no release, only links to some"),
            ({"records": [{"releases": 1}]}, "records[0].releases: must be a list"),
            ([[release()]], "[0]: must be an object: a release, or a package of releases or records"),
        ],
    )
    def test_other_shapes_are_refused(self, value: Any, problem: str) -> None:
        assert problems_of(value) == [problem]


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    whole = package()
    change(whole["releases"][0])
    return whole


def at(*path: str | int, value: Any) -> Callable[[dict[str, Any]], object]:
    def change(found: Any) -> None:
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = value

    return change


NO_MOMENT = "must be a date and time with a zone, like 2026-04-10T10:50:13+01:00"
NO_CURRENCY = "must be a currency of three letters, like GBP"
NOT_WHOLE = "must be a whole number"
WRONG = [
    (at("date", value="2026-03-02T09:15:00"), "date", NO_MOMENT),
    (at("date", value="2026-03-02"), "date", NO_MOMENT),
    (at("date", value="2026-02-30T10:00:00Z"), "date", "must be a real date and time"),
    (at("date", value="2026-02-03T24:00:00Z"), "date", "must be a real date and time"),
    (at("date", value="2026-12-31T23:59:60Z"), "date", "must be a real date and time"),
    (at("date", value="10000-01-01T00:00:00Z"), "date", NO_MOMENT),
    (at("date", value="1900-01-01T00:00:00Z"), "date", "must be between 1970 and 2200"),
    (at("date", value=20260302), "date", "must be a date and time as text"),
    (at("date", value=None), "date", "Field may not be null"),
    (at("ocid", value="12345"), "ocid", "must be an OCID"),
    (at("ocid", value=["a"]), "ocid", "must be text"),
    (at("tag", value="tender"), "tag", "Not a valid list"),
    (at("tag", value=[]), "tag", "Length must be between 1 and 30"),
    (at("tag", value=[1]), "tag[0]", "must be text"),
    (at("buyer", value=["a"]), "buyer", "Invalid input type"),
    (at("tender", value="x"), "tender", "Invalid input type"),
    (at("tender", "title", value=[1]), "tender.title", "must be text"),
    (at("tender", "title", value="a" * 1001), "tender.title", "must be 1,000 characters or less"),
    (at("tender", "value", "amount", value="240000"), "tender.value.amount", "must be a number"),
    (at("tender", "value", "amount", value=True), "tender.value.amount", "must be a number"),
    (at("tender", "value", "amount", value=-1), "tender.value.amount", "must be between 0 and 1,000,000,000,000"),
    (at("tender", "value", "amount", value=10**13), "tender.value.amount", "must be between 0 and 1,000,000,000,000"),
    (at("tender", "value", "currency", value="£"), "tender.value.currency", NO_CURRENCY),
    (at("tender", "value", "currency", value=826), "tender.value.currency", "must be text"),
    (at("tender", "lots", value={}), "tender.lots", "Not a valid list"),
    (at("tender", "lots", 1, value=7), "tender.lots[1]", "Invalid input type"),
    (at("tender", "lots", 1, "value", "amount", value=[]), "tender.lots[1].value.amount", "must be a number"),
    (at("tender", "suitability", "sme", value="yes"), "tender.suitability.sme", "must be true or false"),
    (at("tender", "tenderPeriod", "durationInDays", value=1.5), "tender.tenderPeriod.durationInDays", NOT_WHOLE),
]  # fmt: skip


class TestProblems:
    @pytest.mark.parametrize(
        ("change", "path", "message"), WRONG, ids=[f"{path} {n}" for n, (_, path, _m) in enumerate(WRONG)]
    )
    def test_a_wrong_value_is_named_with_its_place(
        self, change: Callable[[dict[str, Any]], object], path: str, message: str
    ) -> None:
        assert problems_of(changed(change)) == [f"releases[0].{path}: {message}"]

    @pytest.mark.parametrize("key", ["ocid", "date", "tag"])
    def test_what_every_release_must_have(self, key: str) -> None:
        whole = changed(lambda one: one.pop(key))
        assert problems_of(whole) == [f"releases[0].{key}: Missing data for required field"]

    def test_all_problems_of_a_file_are_named(self) -> None:
        whole = package()
        whole["releases"] += [{**release(), "date": "x"}, {**release(), "ocid": 1, "tag": 2}]
        assert [problem.split(":")[0] for problem in problems_of(whole)] == [
            "releases[1].date",
            "releases[2].ocid",
            "releases[2].tag",
        ]

    def test_keys_nobody_knows_are_kept_and_not_read(self) -> None:
        odd = {"__proto__": {}, "constructor": 1, "__class__": [], **{f"k{number}": number for number in range(10_000)}}
        whole = changed(lambda one: one["tender"].update(odd))
        found = read_releases(json.dumps(whole))[0]
        assert found.view == read().view
        assert b'"__proto__":{}' in found.content

    def test_null_and_no_date_count_as_not_given(self) -> None:
        whole = changed(at("tender", "tenderPeriod", "endDate", value="0001-01-01T00:00:00Z"))
        whole["releases"][0]["tender"]["value"] = None
        view = read_releases(json.dumps(whole))[0].view
        assert (view.tender_deadline, view.value) == (None, None)

    def test_the_message_names_at_most_twenty(self) -> None:
        error = NoticeError(Problem(f"p{number}", "no") for number in range(30))
        assert error.message.endswith("; and 10 more")


@given(VALUES)
def test_any_value_is_a_release_or_the_named_error(value: object) -> None:
    with suppress(NoticeError):
        for path, raw in releases_of(value):
            view_of(raw, path)


@given(st.data())
def test_any_value_anywhere_in_a_release_is_read_or_named(data: st.DataObject) -> None:
    whole = release(data.draw(st.sampled_from(["find_a_tender", "public_contracts_scotland", "contracts_finder"])))
    place: Any = whole
    for _ in range(data.draw(st.integers(0, 4))):
        steps = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        step = data.draw(st.sampled_from(steps))
        if not isinstance(place[step], dict | list) or not place[step]:
            break
        place = place[step]
    steps = sorted(place) if isinstance(place, dict) else list(range(len(place)))
    place[data.draw(st.sampled_from(steps))] = data.draw(VALUES)
    with suppress(NoticeError):
        view = view_of(whole)
        describe(view)
        facts_of(view)


class TestMerging:
    def test_an_update_keeps_what_it_does_not_say(self) -> None:
        view = compiled_view([read().content, read(UPDATE, suitability=None).content])
        assert view.tags == ("tender", "tenderUpdate")
        assert view.number == "013999-2026"
        assert view.published_on == read().view.published_on
        assert view.tender_deadline == read(UPDATE).view.tender_deadline
        assert view.for_small is True

    def test_the_order_they_came_in_makes_no_difference(self) -> None:
        contents = [read().content, read(UPDATE).content]
        assert compiled_view(contents) == compiled_view(contents[::-1])

    def test_the_later_moment_wins_whatever_its_zone(self) -> None:
        early = {**release(title="Early"), "date": "2026-05-01T12:30:00+01:00"}
        late = {**release(title="Late"), "date": "2026-05-01T12:00:00Z", "id": "000002-2026"}
        contents = [read_releases(json.dumps(one))[0].content for one in (late, early)]
        assert compiled_view(contents).title == "Late"

    def test_releases_that_do_not_fit_leave_the_newest(self) -> None:
        odd = {**release(UPDATE), "unread": [{"id": 1}]}
        plain = {**release(), "unread": {"id": "x"}}
        contents = [read_releases(json.dumps(one))[0].content for one in (plain, odd)]
        assert compiled_view(contents).number == "013999-2026"

    def test_the_same_id_twice_is_no_reason_to_stop(self) -> None:
        lots = release()["tender"]["lots"]
        contents = [read(lots=[lots[0], lots[0]]).content, read(UPDATE).content]
        assert compiled_view(contents).number == "013999-2026"

    def test_nothing_cannot_be_put_together(self) -> None:
        with pytest.raises(NoticeError):
            compiled_view([])


def test_the_notices_of_the_demonstration_are_read_and_marked() -> None:
    content = files("mystery_shopper").joinpath("demo", "data", "notices.json").read_bytes()
    views = [one.view for one in read_releases(content)]
    assert len({view.ocid for view in views}) == 2
    assert all(view.title.endswith("(demonstration)") for view in views)
