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
    title: {en: Start, cy: Dechrau}
    summary: {en: Where to start, cy: Ble i ddechrau}
"""
WELSH = """---
title: "Bondiau"
summary: "Tudalen fer am fondiau."
language: cy
translation: needs-professional-check
translated_from: 2026-11-25
english: ["Cyber Essentials"]
---

Rhaid i fond weddu i'r contract a Cyber Essentials, o dan [adran 22](source:pa22).

## Beth i'w ŵneud

Gofynnwch [i'r prynwr](/guidance/other) pam.
"""


def write_welsh(folder: Path, page: str = WELSH, name: str = "bonds") -> Path:
    """Write the Welsh of a page into a folder."""
    (folder / "pages" / "cy").mkdir(parents=True, exist_ok=True)
    (folder / "pages" / "cy" / f"{name}.md").write_text(page, encoding="utf-8")
    return folder


def write_folder(folder: Path, page: str = PAGE, name: str = "bonds", sections: str = SECTIONS) -> Path:
    """Write a folder with two pages; `page` is the text of the first."""
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "sections.yaml").write_text(sections, encoding="utf-8")
    (folder / "pages" / f"{name}.md").write_text(page, encoding="utf-8")
    (folder / "pages" / "other.md").write_text(OTHER, encoding="utf-8")
    return folder
