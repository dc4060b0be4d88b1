"""What an import is to bring, on disk: the same as a list, whatever is put where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from huntertui.exchange.spool import Ordered, Spool
from huntertui.store.encoded import decoded, encoded

docs = st.fixed_dictionaries(
    {"n": st.integers(0, 9), "text": st.text(st.characters(codec="ascii", exclude_characters="\0"))}
)


@given(st.lists(docs, max_size=8), st.lists(st.tuples(st.integers(0, 7), docs), max_size=4), st.data())
def test_it_is_a_list_of_documents(
    first: list[dict[str, object]], puts: list[tuple[int, dict[str, object]]], data: st.DataObject
) -> None:
    spool, expected = Spool(), list[dict[str, object]]()
    for doc in first:
        spool.append(encoded(doc, "it"))
        expected.append(doc)
    for place, doc in puts:
        if place < len(expected):
            spool.put(place, encoded(doc, "it"))
            expected[place] = doc
            assert spool.doc(place) == doc
        spool.append(encoded(doc, "it"))
        expected.append(doc)
    assert len(spool) == len(expected)
    start, stop = (data.draw(st.integers(0, len(expected))) for _ in range(2))
    assert [decoded(text) for text in spool[start:stop]] == expected[start:stop]
    assert [decoded(text) for text in spool[:]] == expected
    order = data.draw(st.permutations(range(len(expected))))
    assert [decoded(text) for text in Ordered(spool, order)[start:stop]] == [
        expected[n] for n in order[start:stop]
    ]
