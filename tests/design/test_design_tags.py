"""Tags and filters of every page."""

from stoppress.design.templatetags.design_tags import unbroken


def test_a_score_stays_on_one_line_and_nothing_else_changes() -> None:
    assert unbroken("Rovers 3–2 Anders <Town>; 1939-1945 &c.") == (
        'Rovers <span class="unbroken">3–2</span> Anders &lt;Town&gt;; <span class="unbroken">1939-1945</span> &amp;c.'
    )
    assert unbroken("A well-kept wall – at last") == "A well-kept wall – at last"
    assert unbroken("12345-1") == "12345-1"  # no score, and it may have to break
