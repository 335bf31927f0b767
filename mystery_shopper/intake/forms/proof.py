"""Checking a proof of submission: pasted or as a file."""

from typing import Any

from wtforms import ValidationError

from mystery_shopper.core.forms import FileField, GovForm, SubmitField, TextAreaField
from mystery_shopper.core.languages import _
from mystery_shopper.intake.proofs import CONTENT_MAX, PROOF_MAX


class ProofForm(GovForm):
    """The proof, and the content file for whoever has it."""

    proof = TextAreaField(
        _("Paste the proof"), error_name=_("The proof"), label_size="s", max_length=PROOF_MAX, rows=6, spellcheck=False
    )
    proof_file = FileField(_("Or upload the file of the proof"), accept=".json,application/json", label_size="s")
    content = TextAreaField(
        _("Paste the content file"),
        hint=_("Only if you also want to know whether a text is the one that was sent."),
        error_name=_("The content file"),
        label_size="s",
        max_length=CONTENT_MAX,
        rows=4,
        spellcheck=False,
    )
    content_file = FileField(_("Or upload the content file"), accept=".json,application/json", label_size="s")
    check = SubmitField(_("Check the proof"))

    def validate_proof(self, field: TextAreaField) -> None:
        """Ask for a proof in one of the two ways.

        Raises:
            ValidationError: with the message for the person.
        """
        if not field.data and not self.proof_file.data:
            raise ValidationError(_("Paste the proof, or select its file"))

    def texts(self) -> tuple[str, str]:
        """Return the proof and the content (empty: none); a file comes before what was pasted."""
        return self._one("proof"), self._one("content")

    def _one(self, name: str) -> str:
        files: list[Any] = self[f"{name}_file"].data
        if not files:
            return str(self[name].data or "")
        longest = 4 * CONTENT_MAX
        return str(files[0].stream.read(longest + 1).decode("utf-8-sig", "replace"))
