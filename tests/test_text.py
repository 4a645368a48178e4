"""JSON and YAML are read alike, and strictly; whatever is no document is refused and nothing else happens."""

import json
import math
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import InvalidDocument, parse, read_document
from calculator.document.text import MAX_DEPTH, MAX_DIGITS, MAX_LENGTH
from calculator.document.yaml_text import MAX_VALUES

EXAMPLES = 200


def refusal(text, form):
    with pytest.raises(InvalidDocument) as refused:
        read_document(text, format=form)
    (fault,) = refused.value.faults
    assert fault.pointer == ""
    fault.detail.encode()
    assert len(fault.detail) < 300
    return fault.detail


def test_both_formats_read_alike():
    written = {
        "name": "orders",
        "region": "us-east-1",
        "as_of": "2026-09-01",
        "month_hours": 730,
        "account": {"free_tier": "none", "already_used": {"lambda_function.requests": 250000}},
        "components": [{"name": "jobs", "type": "sqs_queue", "messages": 3e7, "fifo": False, "processing_s": None}],
    }
    assert read_document(json.dumps(written)) == written
    assert read_document(yaml.safe_dump(written), format="yaml") == written
    assert read_document(json.dumps(written), format="yaml") == written
    flow = """
        name: orders
        region: us-east-1
        as_of: 2026-09-01   # a day, not a time
        month_hours: 730
        account: {free_tier: none, already_used: {lambda_function.requests: 250_000}}
        components:
          - {name: jobs, type: sqs_queue, messages: 3e7, fifo: false, processing_s: ~}
        """
    assert read_document(flow, format="yaml") == written
    assert parse(read_document(flow, format="yaml")) == parse(written)


@pytest.mark.parametrize("number", ["30000000", "3e7", '"30_000_000"', "3E+7", "300000000e-1"])
@pytest.mark.parametrize("form", ["json", "yaml"])
def test_numbers_in_both_formats(number, form):
    head = '{"region": "us-east-1", "components": [{"name": "q", "type": "sqs_queue", "messages": '
    assert parse(read_document(f"{head}{number}}}]}}", format=form)).components[0].inputs["messages"] == 30_000_000


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1", 1), ("-1", -1), ("+1", 1), ("0", 0), ("007", 7), ("30_000_000", 30_000_000), ("1.5", 1.5), ("1.", 1.0),
        (".5", 0.5), ("3e7", 3e7), ("3E-7", 3e-7), ("1_000.5", 1000.5), ("-.5e1", -5.0), ("true", True),
        ("FALSE", False),
        ("null", None), ("~", None), ("", None), ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("1_", "1_"), ("_1", "_1"), ("1__0", "1__0"), ("0x10", "0x10"), ("0o7", "0o7"), ("1:30", "1:30"),
        ("190:20:30", "190:20:30"), ("2026-09-01", "2026-09-01"), ("2026-09-01 10:00:00", "2026-09-01 10:00:00"),
        ("us-east-1", "us-east-1"), ("'5'", "5"), ('"true"', "true"), ("1.2.3", "1.2.3"), ("e7", "e7"), ("nan", "nan"),
        ("=", "="), ("<<", "<<"), ("tRUE", "tRUE"), ("nULL", "nULL"), ("1e", "1e"), ("Infinity", "Infinity"),
    ],
)  # fmt: skip
def test_words_and_numbers_of_yaml(written, read):
    value = read_document(f"a: {written}", format="yaml")["a"]
    assert value == read
    assert type(value) is type(read)


def test_a_merge_key_is_a_key_like_any_other():
    assert read_document("a: {<<: {b: 1}}", format="yaml") == {"a": {"<<": {"b": 1}}}


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"b": {"a": 1, "c": 2, "a": 1}}', '[{"a": 1, "a": 1}]', '{"": 1, "": 2}']
)
def test_a_key_stands_once(text, form):
    assert "stands twice" in refusal(text, form)


def test_a_key_stands_once_however_it_is_written():
    assert "'a' stands twice" in refusal("a: 1\n'a': 2", "yaml")
    assert "'a' stands twice" in refusal(r'{"a": 1, "\u0061": 2}', "json")
    assert "line 3 column 1" in refusal("a: 1\nb: 2\na: 3", "yaml")
    assert len(refusal(json.dumps({"k" * 10**6: 1})[:-1] + f', "{"k" * 10**6}": 1}}', "json")) < 200


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", '{"a": NaN}', "[1, Infinity]", "1e999", '{"a": -1e400}']
)
def test_json_has_no_such_number(text):
    assert "number" in refusal(text, "json")


@pytest.mark.parametrize("text", [".nan", ".NaN", ".inf", "-.INF", "a: .inf", "[.nan]", "1e999", "a: -1e400"])
def test_yaml_has_no_such_number(text):
    assert "number" in refusal(text, "yaml")


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_huge_numbers(form):
    assert "a number of 5000 digits" in refusal('{"a": ' + "9" * 5000 + "}", form)
    assert refusal('{"a": -' + "9" * 5000 + "}", form)
    assert refusal('{"a": ' + "9" * 5000 + ".5}", form)
    assert read_document('{"a": ' + "9" * MAX_DIGITS + "}", format=form) == {"a": 10**MAX_DIGITS - 1}
    assert math.isclose(read_document('{"a": 0.' + "3" * 300 + "}", format=form)["a"], 1 / 3)


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 500, 20_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": ', "}")])
def test_deep_nesting(form, depth, opening, closing):
    assert refusal(opening * depth + "1" + closing * depth, form) == "nested too deeply; at most 64 levels"
    assert refusal(opening * depth, form)


@pytest.mark.parametrize("text", ["- " * 20_000 + "1", "\n".join(" " * depth + "a:" for depth in range(300))])
def test_deep_nesting_of_blocks(text):
    assert refusal(text, "yaml") == "nested too deeply; at most 64 levels"


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_what_is_longer_than_a_document_is_not_read(form):
    longest = '{"a": "' + "x" * (MAX_LENGTH[form] - 9) + '"}'
    assert len(read_document(longest, format=form)["a"]) == MAX_LENGTH[form] - 9
    told = f"expected at most {MAX_LENGTH[form]:,} characters of {form.upper()}"
    assert refusal(longest + " ", form) == refusal(longest.encode() + b" ", form) == told


def test_yaml_of_too_many_values_is_not_read_on():
    assert len(read_document("- 1\n" * (MAX_VALUES - 1), format="yaml")) == MAX_VALUES - 1
    told = refusal("- 1\n" * MAX_VALUES + "- [\n" * 9, "yaml")
    assert told.startswith(f"not YAML: more than {MAX_VALUES:,} values; as JSON a document may have more: line ")


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_nesting_that_is_deep_enough(form):
    text = "[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH
    assert json.dumps(read_document(text, format=form)) == text


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize(
    "text", [r'{"a": "\ud800"}', r'{"\udc00": 1}', r'["\ud83d"]', r'{"a": "\u0000"}', r'{"\u0000": 1}', r'"x\u0000"']
)
def test_half_characters_and_nul(text, form):
    assert refusal(text, form)


def test_whole_characters():
    assert read_document(r'["\ud83d\ude80", "é", "\u00e9"]') == ["🚀", "é", "é"]
    assert read_document('["é", "🚀"]'.encode()) == ["é", "🚀"]
    assert read_document("- é\n- 🚀", format="yaml") == ["é", "🚀"]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_bytes(form):
    assert read_document(b'{"a": 1}', format=form) == {"a": 1}
    assert read_document(b'\xef\xbb\xbf{"a": 1}', format=form) == {"a": 1}
    assert read_document('\ufeff{"a": 1}', format=form) == {"a": 1}
    assert refusal(b'{"a": "\xff"}', form) == "expected text in UTF-8"
    assert refusal('{"a": 1}'.encode("utf-16"), form) == "expected text in UTF-8"
    assert refusal(b'{"a": "\xed\xa0\x80"}', form) == "expected text in UTF-8"


@pytest.mark.parametrize(
    "text", ["", " ", "{", "[1,]", "{'a': 1}", '{"a" 1}', "{} {}", "a: 1", "undefined", "// x\n{}", "01"]
)
def test_what_is_not_json(text):
    assert refusal(text, "json").startswith("not JSON: ")


@pytest.mark.parametrize(
    "text",
    [
        "{", "[1", "a: b: c", "a: 'x", "- a\nb: 1", "\ta: 1", "a: @x", "a: `x", "%x", "--- 1\n--- 2", "1: 2", "true: 1",
        "null: 1", "[1]: 2", "? {a: 1}\n: 2", "? [a]", "\x07", "a: \x1b",
    ],
)  # fmt: skip
def test_what_is_not_yaml(text):
    assert refusal(text, "yaml").startswith("not YAML: ")


def test_yaml_that_says_nothing_is_null():
    assert read_document("", format="yaml") is None
    assert read_document("# nothing", format="yaml") is None


@pytest.mark.parametrize(
    "value",
    [
        "!!python/object/apply:os.system [id]", "!!python/name:os.system", "!!timestamp 2026-99-99", "!!timestamp x",
        "!!int x", "!!float x", "!!float nan", "!!bool maybe", "!!null x", "!!binary '*'", "!!set {a, b}",
        "!!omap [a: 1]",
        "!!pairs [a: 1]", "!!map [a]", "!!seq {a: 1}", "!!str {a: 1}", "!!str 5", "!own x", "! x", "!<tag:x,2000:y> z",
    ],
)  # fmt: skip
def test_tags_are_not_read(value):
    assert "is not read" in refusal(f"a: {value}", "yaml")
    assert "is not read" in refusal(value, "yaml")


def test_aliases_are_not_read():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(20)
    )
    assert "aliases are not read" in refusal(bomb, "yaml")
    assert "aliases are not read" in refusal("a: &a {b: *a}", "yaml")
    assert "aliases are not read" in refusal("a: &a b\n*a : 1", "yaml")
    assert read_document("a: &a b", format="yaml") == {"a": "b"}


@pytest.mark.parametrize("scalar", ["1" * 50_000 + "x", "1_" * 25_000, "1." * 25_000, "-" * 50_000, ".1e" * 16_000])
def test_no_text_takes_long(scalar):
    started = time.perf_counter()
    assert read_document(f"a: {scalar}", format="yaml") == {"a": scalar}
    assert time.perf_counter() - started < 3


def read_or_refused(text, form):
    """What is read, or None if it is refused; nothing else may happen."""
    try:
        value = read_document(text, format=form)
    except InvalidDocument as error:
        refused = error.faults
    else:
        assert json.loads(json.dumps(value, allow_nan=False)) == value
        return value
    assert len(refused) == 1
    assert refused[0].pointer == ""
    return None


FORMS = st.sampled_from(["json", "yaml"])
PIECES = st.sampled_from(
    [
        "{", "}", "[", "]", ":", ": ", ",", "- ", "\n", "\n  ", "? ", "#", "&a ", "*a", "!!int ", "!x ", "|\n", ">",
        "'", '"',
        "\\", "%YAML 1.1\n", "---\n", "...\n", "a", "b", "1", "-", ".", "e", "_", "0", "true", "null", "~", ".nan",
        ".inf",
        "NaN", "1e999", "\t", " ", "\ufeff", "\x00", "\x85", "\u2028", "\ud800", "\\u0000", "\\ud800", "<<", "=", "@",
        "é",
    ]
)  # fmt: skip


@settings(max_examples=EXAMPLES)
@given(st.lists(PIECES, max_size=25).map("".join) | st.text(), FORMS)
def test_any_text_is_read_or_refused(text, form):
    read_or_refused(text, form)


@settings(max_examples=EXAMPLES)
@given(st.binary(), FORMS)
def test_any_bytes_are_read_or_refused(text, form):
    read_or_refused(text, form)


GOOD = """{"region": "us-east-1", "as_of": "2026-09-01", "account": {"free_tier": "none"},
 "components": [{"name": "q", "type": "sqs_queue", "messages": 3e7, "fifo": false}]}"""


@settings(max_examples=EXAMPLES)
@given(st.integers(0, len(GOOD)), st.integers(0, 3), st.lists(PIECES, max_size=3).map("".join), FORMS)
def test_a_changed_text_is_read_or_refused(at, gone, put, form):
    value = read_or_refused(GOOD[:at] + put + GOOD[at + gone :], form)
    try:
        parse(value)
    except InvalidDocument:
        return


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0")), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@settings(max_examples=EXAMPLES)
@given(VALUES)
def test_what_json_writes_is_read_again(value):
    assert read_document(json.dumps(value)) == value
    assert read_document(json.dumps(value, ensure_ascii=False).encode()) == value
