"""Search over the pages: ranked, marked, by stems, and the same whatever is typed around a word."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.guidance.loading import library
from mystery_shopper.guidance.searching import index, mark, search, stems_of

FIRST = [
    ("bond", "bonds-and-guarantees"),
    ("BONDS", "bonds-and-guarantees"),
    ("late payment", "late-payment"),
    ("my invoice was paid late", "late-payment"),
    ("audited accounts", "accounts"),
    ("how long do I have to go to court", "time-limits-for-court"),
    ("spin out", "spinning-out"),
    ("FIN-PCG", "bonds-and-guarantees"),
    ("anonymous", "keeping-your-name-private"),
    ("feedback", "feedback"),
    ("standing orders", "standing-orders-and-templates"),
]


@pytest.mark.parametrize(("query", "slug"), FIRST)
def test_the_page_about_it_comes_first(query: str, slug: str) -> None:
    hits = search(query)
    assert slug in [hit.page.slug for hit in hits[:2]], [hit.page.slug for hit in hits]


def test_pages_with_more_of_the_words_come_before_those_with_fewer() -> None:
    query = "audited accounts bank letter"
    counts = []
    for hit in search(query):
        held = set(stems_of(f"{hit.page.title} {hit.page.summary} {hit.page.text}"))
        counts.append(len(held & set(stems_of(query))))
    assert counts == sorted(counts, reverse=True)
    assert counts


def test_words_that_were_looked_for_are_marked_in_title_and_excerpt() -> None:
    hit = search("guarantees")[0]
    assert "guarantees" in [piece.text for piece in hit.title if piece.is_match]
    assert "".join(piece.text for piece in hit.title) == hit.page.title
    deep = next(hit for hit in search("surety") or search("midnight"))
    assert any(piece.is_match for piece in deep.excerpt)


@pytest.mark.parametrize("query", ["zeppelin", "", "   ", "!!!", "\u200b", "\x00"])
def test_nothing_is_found_for_what_no_page_holds(query: str) -> None:
    assert search(query) == []


@given(st.text(max_size=300))
def test_any_query_is_answered_with_pages_in_order_of_weight(query: str) -> None:
    hits = search(query)
    assert len({hit.page.slug for hit in hits}) == len(hits)
    for hit in hits:
        assert "".join(piece.text for piece in hit.title) == hit.page.title


@given(st.text(max_size=200), st.text(max_size=20))
def test_marking_changes_no_letter(text: str, query: str) -> None:
    assert "".join(piece.text for piece in mark(text, frozenset(stems_of(query)))) == text


def test_the_index_knows_every_page_and_a_search_is_fast() -> None:
    assert len(index().pages) == len(library().pages)
    search("bond")
    began = time.thread_time()
    for _ in range(20):
        search("proportionate turnover accounts bank letter insurance court time limits")
    assert (time.thread_time() - began) / 20 < 0.05
