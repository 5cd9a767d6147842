"""Bytes are kept packed, and come back as they were."""

from hypothesis import given
from hypothesis import strategies as st

from cellissimo_server.store.packing import packed, unpacked


@given(st.binary(max_size=400) | st.binary(max_size=8).map(lambda part: part * 200))
def test_packed_bytes_come_back_and_grow_by_one_at_most(content):
    """Whatever the bytes are, and however they begin."""
    assert content == unpacked(packed(content))
    assert len(packed(content)) <= len(content) + 1
