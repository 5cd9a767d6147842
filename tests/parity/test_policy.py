from tests.parity.generate_policy import TARGET, fixtures


def test_the_browser_compares_its_policy_with_what_python_says_today():
    """The committed verdicts, which the browser's tests read, are Python's own.

    After a change of the policy: `make gen`.
    """
    assert fixtures() == TARGET.read_text("utf-8")
