from tests.parity.generate_wire import TARGET, fixtures


def test_the_browser_reads_the_frames_that_python_writes_today():
    """The committed frames, which the browser's tests read, are Python's own.

    After a change of the wire: `make gen`.
    """
    assert fixtures() == TARGET.read_text("utf-8")
