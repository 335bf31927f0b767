"""XML of office documents: read without entities, without the network and without a document type."""

from collections.abc import Iterable
from typing import Any

from lxml import etree

from mystery_shopper.evidence.formats.errors import RefusedError
from mystery_shopper.evidence.policy import Reason

UNSEEN = frozenset({"instrText", "delText"})
"""Elements whose text no reader sees: the commands of fields, what was deleted."""

Element = Any
"""An element of lxml, which carries no types."""


def parse(data: bytes) -> Element:
    """Return the root of a document.

    Raises:
        RefusedError: not well formed, or it declares a document type (no office document does; entities live there).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError(Reason.BROKEN) from error
    if root.getroottree().docinfo.doctype:
        raise RefusedError(Reason.BROKEN)
    return root


def written(root: Element) -> bytes:
    """Return a document as bytes."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def local(name: Any) -> str:
    """Return a name without its namespace, empty for what is no element."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def elements(root: Element) -> list[Element]:
    """Return every element, in order, as a list that stays whole while elements are taken out."""
    return [element for element in root.iter() if isinstance(element.tag, str)]


def remove(element: Element) -> None:
    """Take an element out; what follows it in its parent stays."""
    parent = element.getparent()
    if parent is None:
        return
    _keep_tail(element, parent)
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(place, child)
    _keep_tail(element, parent)
    parent.remove(element)


def _keep_tail(element: Element, parent: Element) -> None:
    if not element.tail:
        return
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + element.tail
    else:
        before.tail = (before.tail or "") + element.tail
    element.tail = None


def drop_attributes(element: Element, names: Iterable[str]) -> None:
    """Drop attributes by their names without namespaces."""
    unwanted = set(names)
    for name in [name for name in element.attrib if local(name) in unwanted]:
        del element.attrib[name]


def words(root: Element, breaks: Iterable[str]) -> str:
    """Return the text of a document; after the elements named in `breaks` a line ends."""
    ends = set(breaks)
    parts: list[str] = []
    for action, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if action == "start":
            parts.append("" if local(element.tag) in UNSEEN else element.text or "")
            continue
        if local(element.tag) in ends:
            parts.append("\n")
        if element is not root:
            parts.append(element.tail or "")
    return "".join(parts)
