from tests.parity.generate_times import TARGET, fixtures


def test_the_browser_compares_its_times_with_what_python_says_today():
    """The committed times and keys, which the browser's tests read, are Python's own.

    After a change of a tempo map, a meter map or a key: `make gen`.
    """
    assert fixtures() == TARGET.read_text("utf-8")
