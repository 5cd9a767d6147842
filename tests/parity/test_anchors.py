from tests.parity.generate_anchors import TARGET, fixtures


def test_the_browser_finds_comments_where_python_finds_them_today():
    """The committed places, which the browser's tests read, are Python's own.

    After a change of what anchors are: `make gen`.
    """
    assert fixtures() == TARGET.read_text("utf-8")
