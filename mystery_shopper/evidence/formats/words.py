"""Parts of Word and PowerPoint documents: changes are taken as made, and what names people, paths or times goes."""

import re

from mystery_shopper.evidence.formats import xml
from mystery_shopper.evidence.formats.errors import CannotCleanError

REMOVED = frozenset(
    {
        *("commentRangeStart", "commentRangeEnd", "commentReference", "annotationRef", "del", "delText", "moveFrom"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "rPrChange", "pPrChange"),
        *("sectPrChange", "tblPrChange", "tblGridChange", "trPrChange", "tcPrChange", "numberingChange", "cellDel"),
        *("cellIns", "cellMerge", "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart"),
        *(
            "customXmlDelRangeEnd",
            "proofErr",
            "rsids",
            "attachedTemplate",
            "mailMerge",
            "docVars",
            "documentProtection",
        ),
        *(
            "writeProtection",
            "saveThroughXslt",
            "dataBinding",
            "docPart",
            "trackRevisions",
            "custDataLst",
            "legacyDrawing",
        ),
    }
)
UNWRAPPED = frozenset({"ins", "moveTo", "customXml", "smartTag"})
TIMES_AND_PEOPLE = (
    "author", "date", "initials", "dateUtc", "userId", "providerId", "rsid", "rsidR", "rsidRPr", "rsidRDefault",
    "rsidP", "rsidDel", "rsidSect", "rsidTr", "paraId", "textId", "descr", "title", "lastEdited", "lastIdx",
)  # fmt: skip
DRAWN = frozenset({"docPr", "cNvPr", "shape"})
NAMED = "name"
PICTURE = "Picture"
QUOTED = re.compile(r'"[^"]*"')
REMOVED_FROM_SLIDES = frozenset(
    {"custDataLst", "custShowLst", "extLst", "handoutMasterIdLst", "legacyDrawing", "modifyVerifier"}
)
RUN = "r"
HIDDEN = frozenset({"vanish", "webHidden", "specVanish"})
OFF = frozenset({"0", "false", "off"})
MARKS_OF_PARAGRAPHS = frozenset({"pPr", "rPr", "trPr"})


def clean_part(_name: str, root: xml.Element) -> None:
    """Clean a part of a Word document: insertions become text, deletions and hidden text go."""
    for element in xml.elements(root):
        name = xml.local(element.tag)
        if name in HIDDEN and _is_on(element):
            _remove_hidden(element)
        elif name in REMOVED:
            xml.remove(element)
        elif name in UNWRAPPED:
            xml.remove(element) if _is_mark(element) else xml.unwrap(element)
        else:
            _clean_element(name, element)


def _is_mark(element: xml.Element) -> bool:
    """Tell whether an insertion is only the mark of an inserted paragraph or row."""
    parent = element.getparent()
    return parent is not None and xml.local(parent.tag) in MARKS_OF_PARAGRAPHS


def _is_on(element: xml.Element) -> bool:
    value = next((value for name, value in element.attrib.items() if xml.local(name) == "val"), "true")
    return value.lower() not in OFF


def _remove_hidden(element: xml.Element) -> None:
    run = next((above for above in element.iterancestors() if xml.local(above.tag) == RUN), None)
    if run is not None:
        xml.remove(run)
    else:
        xml.remove(element)


def _clean_element(name: str, element: xml.Element) -> None:
    xml.drop_attributes(element, TIMES_AND_PEOPLE)
    if name in DRAWN and NAMED in element.attrib:
        element.set(NAMED, PICTURE)
    if name == "instrText" and element.text:
        element.text = QUOTED.sub('""', element.text)


def clean_slide_part(name: str, root: xml.Element) -> None:
    """Clean a part of a presentation.

    Raises:
        CannotCleanError: a slide is hidden.
    """
    if name.startswith("ppt/slides/") and root.get("show", "1") in OFF:
        raise CannotCleanError("The presentation has a hidden slide")
    for element in xml.elements(root):
        local = xml.local(element.tag)
        if local in REMOVED_FROM_SLIDES:
            xml.remove(element)
        else:
            _clean_element(local, element)
