from tests.tools.limits_page import PAGE, page


def test_the_page_says_what_the_catalogue_says():
    assert PAGE.read_text("utf-8") == page(), "write it again: python -m tests.tools.limits_page"
