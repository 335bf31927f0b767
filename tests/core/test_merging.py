"""Three texts of a form: nothing one person typed is dropped without somebody being shown both."""

from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.merging import Entry, Settled, merge_entries

WORDS = st.sampled_from(["", "a", "b", "c"])
FORMS = st.fixed_dictionaries({"x": WORDS, "y": WORDS})


def entries(form: dict[str, str]) -> dict[str, Entry]:
    return {name: Entry(value, value) for name, value in form.items()}


@given(before=FORMS, mine=FORMS, theirs=FORMS)
def test_a_change_is_kept_or_shown_and_never_dropped(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    for field in merge_entries(entries(before), entries(mine), entries(theirs)):
        i_changed = mine[field.name] != before[field.name]
        they_changed = theirs[field.name] != before[field.name]
        if field.settled is Settled.THEIRS:
            assert they_changed
            assert not i_changed
        elif field.settled is Settled.MINE:
            assert i_changed
            assert not they_changed
        elif field.settled is Settled.CLASH:
            assert i_changed
            assert they_changed
            assert mine[field.name] != theirs[field.name]
        else:
            assert mine[field.name] == theirs[field.name]


@given(mine=FORMS, theirs=FORMS)
def test_without_an_ancestor_every_difference_is_a_clash(mine: dict[str, str], theirs: dict[str, str]) -> None:
    for field in merge_entries(None, entries(mine), entries(theirs)):
        same = mine[field.name] == theirs[field.name]
        assert field.settled is (Settled.SAME if same else Settled.CLASH)
        assert field.ancestor is None
