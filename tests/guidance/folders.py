"""Folders of guidance for tests: one good page, which a test then spoils."""

from pathlib import Path

PAGE = """---
title: "Bonds"
summary: "A short page about bonds."
audience: [supplier]
section: start
order: 10
rules: [FIN-BOND]
related: [other]
reviewed_on: 2026-11-25
language: en
sources:
  - id: pa22
    title: "Procurement Act 2023"
    section: "section 22"
    address: "https://www.legislation.gov.uk/ukpga/2023/54/section/22"
---

A bond must fit the contract, under [section 22](source:pa22).

## What to ask

Ask [the buyer](/guidance/other) why.
"""
OTHER = PAGE.replace("Bonds", "Other").replace("related: [other]", "related: [bonds]").replace("/guidance/other", "/")
SECTIONS = """sections:
  - id: start
    title: Start
    summary: Where to start
"""


def write_folder(folder: Path, page: str = PAGE, name: str = "bonds", sections: str = SECTIONS) -> Path:
    """Write a folder with two pages; `page` is the text of the first."""
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "sections.yaml").write_text(sections, encoding="utf-8")
    (folder / "pages" / f"{name}.md").write_text(page, encoding="utf-8")
    (folder / "pages" / "other.md").write_text(OTHER, encoding="utf-8")
    return folder
