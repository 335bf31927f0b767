from pathlib import Path

import pytest

from mystery_shopper.facts.documents import DocumentError
from mystery_shopper.interventions.policy import OutcomeCode
from mystery_shopper.publication.taxonomy import DATA_FILE, load_taxonomy, taxonomy
from mystery_shopper.rules.loading import catalogue


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("subject: Payment,", "subject: Bananas,", "'Bananas' is not a subject"),
        ("sub_issue: Award}", "sub_issue: Bananas}", "'Bananas' is not a sub issue"),
        ("outcomes:", "outcome:", "outcome"),
        ("  - Payment\n", "  - ''\n", "subjects"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, message: str):
    file = tmp_path / "taxonomy.yaml"
    file.write_text(DATA_FILE.read_text().replace(old, new, 1))
    with pytest.raises(DocumentError, match=message) as caught:
        load_taxonomy(file)
    assert caught.value.line > 0


def test_every_rule_of_the_catalogue_has_a_proposal():
    assert [rule.id for rule in catalogue().rules if taxonomy().propose([rule.id]) is None] == []


def test_every_outcome_code_has_a_sentence():
    assert set(taxonomy().outcomes) == {code.value for code in OutcomeCode}
