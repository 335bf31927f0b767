"""What the pages of a reporter are called in a browser's history: words that do not say what they are about."""

from flask import request

from mystery_shopper.core.languages import _

BY_ENDPOINT = {
    "intake.start": _("Before you start"),
    "intake.report_briefly": _("On one page"),
    "intake.choose_authority": _("Search"),
    "intake.scope_result": _("What the checks say"),
    "intake.tasks": _("All the steps"),
    "intake.view": _("What we make of it"),
    "intake.check": _("Check your answers"),
    "intake.done": _("Thank you"),
    "intake.slip": _("Slip to keep"),
    "intake.show_paper_form": _("On paper"),
    "intake.save_for_later": _("Come back later"),
    "intake.left": _("Closed on this computer"),
    "intake.return_to_draft": _("Go on from where you were"),
    "receipt.open_receipt": _("Enter your code"),
    "receipt.show_case": _("Overview"),
    "receipt.send_message": _("Overview"),
    "receipt.confirm_findings": _("Check what we read"),
    "receipt.answer_questions": _("A few questions"),
    "receipt.give_details": _("More details"),
    "receipt.follow_up": _("A last question"),
    "receipt.show_letter": _("A letter"),
    "receipt.show_proof": _("A signed paper"),
    "receipt.show_slip": _("Slip to keep"),
    "receipt.show_held": _("What is kept"),
    "receipt.withdraw": _("Take it back"),
    "receipt.object_to_publication": _("Ask for something"),
    "receipt.lost_code": _("If a code is lost"),
}
BY_SLUG = {
    "scope-body": _("Which organisation"),
    "scope-checks": _("A few checks"),
    "who-you-are": _("About you"),
    "how-to-be-known": _("Your choice"),
    "member": _("For a member"),
    "contact": _("Contact details"),
    "procurement": _("What is bought"),
    "dates": _("Dates"),
    "barriers": _("Topics"),
    "what-happened": _("In your words"),
    "found": _("Check what we read"),
    "raised": _("One more question"),
    "more-questions": _("A few more questions"),
}


def history_title() -> dict[str, str]:
    """Return the title of the page for the window and its history; pages made from data keep their own."""
    slug = (request.view_args or {}).get("slug", "")
    title = BY_SLUG.get(slug, "") if slug else BY_ENDPOINT.get(request.endpoint or "", "")
    return {"history_title": title}
