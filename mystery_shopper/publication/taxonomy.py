"""Subjects, sub issues and what a draft proposes: data/taxonomy.yaml. What is wrong in the file stops the start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from mystery_shopper.facts.documents import read_document

DATA_FILE = Path(__file__).parent / "data" / "taxonomy.yaml"
_WORDS = validate.Length(min=1, max=80)


@dataclass(frozen=True)
class Proposal:
    """What a draft proposes for a rule: subject and sub issue."""

    subject: str
    sub_issue: str


@dataclass(frozen=True)
class Taxonomy:
    """The words results are classed with.

    `proposals` maps the first part of a rule id (FIN of FIN-BOND), `outcomes` the code of an outcome to a sentence.
    """

    subjects: tuple[str, ...]
    sub_issues: tuple[str, ...]
    proposals: Mapping[str, Proposal]
    outcomes: Mapping[str, str]

    def propose(self, rule_ids: Iterable[str]) -> Proposal | None:
        """Return the proposal for the first rule that has one."""
        families = (rule_id.partition("-")[0] for rule_id in rule_ids)
        return next((self.proposals[family] for family in families if family in self.proposals), None)

    def known_subject(self, text: str) -> str:
        """Return a subject in the spelling of the list, or the text itself when it is not on it."""
        return _known(text, self.subjects)

    def known_sub_issue(self, text: str) -> str:
        """Return a sub issue in the spelling of the list, or the text itself when it is not on it."""
        return _known(text, self.sub_issues)


class ProposalSchema(Schema):
    """One proposal."""

    subject = fields.String(required=True, validate=_WORDS)
    sub_issue = fields.String(required=True, validate=_WORDS)


class TaxonomySchema(Schema):
    """The whole file; unknown keys are refused."""

    subjects = fields.List(fields.String(validate=_WORDS), required=True, validate=validate.Length(min=1))
    sub_issues = fields.List(fields.String(validate=_WORDS), required=True, validate=validate.Length(min=1))
    proposals = fields.Dict(fields.String(), fields.Nested(ProposalSchema), required=True)
    outcomes = fields.Dict(fields.String(), fields.String(validate=validate.Length(min=1, max=300)), required=True)


@cache
def taxonomy() -> Taxonomy:
    """Return the taxonomy of the running service, read once."""
    return load_taxonomy(DATA_FILE)


def load_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy file.

    Raises:
        DocumentError: the first thing wrong in it, with file and line.
    """
    document = read_document(path)
    raw: dict[str, Any] = document.load(TaxonomySchema(), document.data)
    found = Taxonomy(
        subjects=tuple(raw["subjects"]),
        sub_issues=tuple(raw["sub_issues"]),
        proposals={family: Proposal(**proposal) for family, proposal in raw["proposals"].items()},
        outcomes=raw["outcomes"],
    )
    for family, proposal in found.proposals.items():
        if proposal.subject not in found.subjects:
            raise document.error(f"'{proposal.subject}' is not a subject", ("proposals", family))
        if proposal.sub_issue not in found.sub_issues:
            raise document.error(f"'{proposal.sub_issue}' is not a sub issue", ("proposals", family))
    return found


def _known(text: str, words: tuple[str, ...]) -> str:
    folded = text.casefold()
    return next((word for word in words if word.casefold() == folded), text)
