"""What the pages of a reporter are called in a browser's history: words that do not say what they are about."""

from flask import request

BY_ENDPOINT = {
    "intake.start": "Before you start",
    "intake.report_briefly": "On one page",
    "intake.choose_authority": "Search",
    "intake.scope_result": "What the checks say",
    "intake.tasks": "All the steps",
    "intake.view": "What we make of it",
    "intake.check": "Check your answers",
    "intake.done": "Thank you",
    "intake.slip": "Slip to keep",
    "intake.show_paper_form": "On paper",
    "intake.save_for_later": "Come back later",
    "intake.left": "Closed on this computer",
    "intake.return_to_draft": "Go on from where you were",
    "receipt.open_receipt": "Enter your code",
    "receipt.show_case": "Overview",
    "receipt.send_message": "Overview",
    "receipt.confirm_findings": "Check what we read",
    "receipt.answer_questions": "A few questions",
    "receipt.give_details": "More details",
    "receipt.follow_up": "A last question",
    "receipt.show_letter": "A letter",
    "receipt.show_proof": "A signed paper",
    "receipt.show_slip": "Slip to keep",
    "receipt.show_held": "What is kept",
    "receipt.withdraw": "Take it back",
    "receipt.object_to_publication": "Ask for something",
    "receipt.lost_code": "If a code is lost",
}
BY_SLUG = {
    "scope-body": "Which organisation",
    "scope-checks": "A few checks",
    "who-you-are": "About you",
    "how-to-be-known": "Your choice",
    "member": "For a member",
    "contact": "Contact details",
    "procurement": "What is bought",
    "dates": "Dates",
    "barriers": "Topics",
    "what-happened": "In your words",
    "found": "Check what we read",
    "raised": "One more question",
    "more-questions": "A few more questions",
}
CODE_WANTED = "Enter your code"


def history_title() -> dict[str, str]:
    """Return the title of the page for the window and its history; pages made from data keep their own."""
    slug = (request.view_args or {}).get("slug", "")
    title = BY_SLUG.get(slug, "") if slug else BY_ENDPOINT.get(request.endpoint or "", "")
    return {"history_title": title}
