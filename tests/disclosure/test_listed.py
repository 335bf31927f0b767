"""What may stand on the list of a case, and by which names a file gives its sender away."""

import pytest

from mystery_shopper.disclosure.file_names import spellings
from mystery_shopper.disclosure.folding import fold_words
from mystery_shopper.disclosure.listed import refusal_of, spelling_of
from mystery_shopper.disclosure.policy import scan
from mystery_shopper.disclosure.terms import IdentityDetails, build_terms, count_details
from mystery_shopper.disclosure.words import document_words

PUBLIC = "Barchester City Council\nMeals for schools in Barchester"
REFUSED = {
    "ab": "at least 3 letters",
    ". – .": "at least 3 letters",  # noqa: RUF001 - as people type it
    "the contract": "almost every letter",
    "Tender Price": "almost every letter",
    "Ltd": "almost every letter",
    "Barchester": "name of the authority or in the title",
    "meals for schools": "name of the authority or in the title",
    "Kestrelway; Brightwater": "one word, phrase or amount at a time",
    "Kestrelway, Brightwater": "one word, phrase or amount at a time",
    "£850": "£1,000 or more",
}
TAKEN = (
    "Kestrelway",
    "Project Phoenix",
    "Green Care",
    "£412,350",
    "412350",
    "£1.2m",
    "£5,000,000",
    "CQ7",
    "Meals on Wheels",
)
ORDINARY = (
    "scan001.pdf",
    "IMG_2034.jpg",
    "IMG20260114.jpg",
    "ITT volume 2.pdf",
    "tender documents final v2.docx",
    "TenderDocumentsFinal.docx",
    "finaltender.pdf",
    "Barchester City Council ITT.pdf",
    "School meals_pricing schedule (1).xlsx",
    "Letter from council 3 June 2025.pdf",
    "Screenshot 2026-01-14 at 10.22.31.png",
    "WhatsApp Image 2026-01-14.jpeg",
    "Appendix B - Terms and Conditions.docx",
    "clarification questions and answers.csv",
    "unfair turnover requirement.docx",
    "email re bond.eml",
    "PAS91 PQQ.docx",
    "Copy of Document (2) (signed).pdf",
    "insurance certificate 2026.pdf",
    "12345678.pdf",
    "DN123456 ITT.pdf",
)
TELLING = (
    "Fernhollow menus.docx",
    "Tamarisk.pdf",
    "bid-zephyrine-final.docx",
    "mbrt_response_v2.pdf",
    "menusfernhollow.txt",
)


@pytest.mark.parametrize(("word", "why"), REFUSED.items())
def test_a_word_that_would_stop_every_letter_is_refused(word: str, why: str) -> None:
    assert why in refusal_of(word, public=PUBLIC)


def test_every_other_word_is_taken_and_known_again_however_it_is_written() -> None:
    assert {word: why for word in TAKEN if (why := refusal_of(word, public=PUBLIC))} == {}
    assert spelling_of("Project  TAMARISK") == spelling_of("project-tamarisk")
    assert spelling_of("£1.2m") == spelling_of("1,200,000")
    assert spelling_of("1200") != spelling_of("£1,200")


def known() -> frozenset[str]:
    return document_words() | frozenset(fold_words(PUBLIC)) | frozenset(fold_words("school"))


def test_a_name_of_ordinary_words_counts_with_its_ending_alone() -> None:
    texts = (ORDINARY, TELLING)
    bare = [["".join(fold_words(name.rpartition(".")[0])) for name in names] for names in texts]
    found = [[list(spellings(name, known())) for name in names] for names in texts]
    assert [name for name, parts, one in zip(ORDINARY, found[0], bare[0], strict=True) if one in parts] == []
    assert [name for name, parts, one in zip(TELLING, found[1], bare[1], strict=True) if one not in parts] == []
    assert all(parts for parts in found[0]), "with its ending it is looked for"
    assert list(spellings("bid.pdf", known())) == [], "too short for that"


def test_a_letter_may_name_the_papers_of_the_authority() -> None:
    details = [IdentityDetails(file_names=(*ORDINARY, *TELLING))]
    terms = build_terms(details, public_words=PUBLIC, public_titles="School meals")
    letter = (
        "Please see volume 2 of the ITT, appendix B (terms and conditions), the pricing schedule and the final tender. "
        "Your letter of 3 June 2025, the clarification questions and answers and the unfair turnover requirement, "
        "the insurance certificate 2026 and PAS91 (PQQ) say so. Menus, Zephyrine, Fernhollow."
    )
    assert scan(letter, terms) == ()
    assert scan("In bid zephyrine final you say", terms)


def test_who_reporters_are_is_counted_and_not_told() -> None:
    people = (
        IdentityDetails(names=("Ada Lovelace",), organisations=("Acme Ltd; Beta", ""), emails=("ada@acme.example",)),
        IdentityDetails(names=("Bo Li",), organisations=("Acme Ltd",), company_numbers=("00123456",)),
    )
    assert count_details(people) == (
        "2 names of people",
        "2 names of organisations",
        "1 email address",
        "1 company number",
    )
