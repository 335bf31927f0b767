"""Parts of Excel workbooks. What nobody sees (hidden sheets, rows, columns, cells) is not sent out unseen."""

from mystery_shopper.evidence.formats import xml
from mystery_shopper.evidence.formats.errors import CannotCleanError

REMOVED = frozenset(
    {
        *("absPath", "fileSharing", "workbookProtection", "customWorkbookViews", "customSheetViews", "legacyDrawing"),
        *(
            "legacyDrawingHF",
            "externalReferences",
            "fileRecoveryPr",
            "revisionPtr",
            "smartTags",
            "webPublishItems",
        ),
        *("customProperties", "protectedRanges", "controls", "oleObjects", "extLst"),
    }
)
HIDDEN_SHEET = "The workbook has a hidden sheet"
HIDDEN_CELLS = "The workbook has hidden rows or columns"
ON = frozenset({"1", "true", "on"})
DESCRIBED = ("descr", "title", "uid", "rsid", "userName", "comment", "statusBar", "help", "author")


def clean_part(_name: str, root: xml.Element) -> None:
    """Clean a part of a workbook.

    Raises:
        CannotCleanError: something in it is hidden.
    """
    for element in xml.elements(root):
        name = xml.local(element.tag)
        if name == "sheet" and element.get("state", "visible") != "visible":
            raise CannotCleanError(HIDDEN_SHEET)
        if name in ("row", "col") and element.get("hidden", "0") in ON:
            raise CannotCleanError(HIDDEN_CELLS)
        if name in REMOVED:
            xml.remove(element)
        else:
            xml.drop_attributes(element, DESCRIBED)
            if name == "pageSetup":
                xml.drop_attributes(element, ("id",))
            if name == "cNvPr":
                element.set("name", "Picture")
    _drop_empty_choices(root)


def _drop_empty_choices(root: xml.Element) -> None:
    """Drop alternatives whose content was taken out: an empty one is an error to Excel."""
    for element in xml.elements(root):
        if xml.local(element.tag) == "AlternateContent" and all(not len(choice) for choice in element):
            xml.remove(element)
