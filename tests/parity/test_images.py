from tests.parity.generate_images import TARGET, fixtures


def test_the_browser_compares_its_images_with_what_python_makes_today():
    """The committed hashes of score images, which the browser's tests read, are Python's own.

    After a change of a sound or a parameter: `make gen`.
    """
    assert fixtures() == TARGET.read_text("utf-8")
