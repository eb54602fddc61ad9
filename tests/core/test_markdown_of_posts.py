"""What people write becomes harmless HTML, quickly, whatever they write."""

import time

import pytest

from core import markdown
from core.markdown import DEEPEST, is_too_deep, post_to_html

LONG = 20_000
SLOW = 5.0
"""Seconds, on a loaded machine; with the links of the parser itself it took minutes."""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *soft*", "<strong>bold</strong> and <em>soft</em>"),
        ("one\ntwo", "one<br>\ntwo"),
        ("text\n- a\n- b", '<li dir="auto">a</li>'),
        ("> said", '<blockquote dir="auto">'),
        ("# no heading", "# no heading"),
        ("    no code", '<p dir="auto">no code</p>'),
        ("<b>x</b> 1 < 2", "&lt;b&gt;x&lt;/b&gt; 1 &lt; 2"),
        ("[words](https://a.example)", '<a href="https://a.example" rel="noopener noreferrer nofollow">words</a>'),
        ("see https://a.example/b_c_d.", 'rel="noopener noreferrer nofollow">https://a.example/b_c_d</a>.'),
        ("(https://a.example/x_(y))", ">https://a.example/x_(y)</a>)"),
        ("[ours](/posts/7/)", '<a href="/posts/7/"'),
    ],
)
def test_what_is_typed_is_shown_as_meant(text: str, html: str) -> None:
    assert html in post_to_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<svg onload=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/x.png)",
        "![x][1]\n\n[1]: https://evil.example/x.png",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](//evil.example)",
        "[x](/\\evil.example)",
        "<p style='position:fixed'>x</p>",
        '[x](https://a.example"onclick="alert(1))',
    ],
)
def test_nothing_harmful_comes_out(text: str) -> None:
    html = post_to_html(text)
    for tag in ("<script", "<svg", "<img", "<style"):
        assert tag not in html
    assert "style=" not in html.replace("&lt;p style=", "")
    for bad in ('href="javascript', 'href="data', 'href="//', 'href="/\\', ' onclick="'):
        assert bad not in html


def test_every_paragraph_has_its_own_direction() -> None:
    html = post_to_html("שלום *עולם*\n\nIn English")
    assert html.count('<p dir="auto">') == 2


def test_only_the_names_that_were_recognised_are_marked() -> None:
    html = post_to_html("@Rasa Žukauskienė and @Somebody Else", ("Rasa Žukauskienė",))
    assert '<span class="mention">@Rasa Žukauskienė</span> and @Somebody Else' in html


@pytest.mark.parametrize(
    "piece",
    ["[", "[a](", "*a", "**a ", "_", "`", "<", "(", "&amp;", "\\", "https://", "a\n\n", "- a\n", ">>>>>> a\n", "*_"],
)
def test_no_text_takes_long(piece: str) -> None:
    text = (piece * LONG)[:LONG]
    began = time.monotonic()
    assert is_too_deep(text) or post_to_html(text)
    assert time.monotonic() - began < SLOW


def test_quotes_and_lists_within_each_other_are_bounded() -> None:
    assert not is_too_deep(">" * DEEPEST + " said\n\n- a\n    - b\n        - c")
    assert is_too_deep("> " * (DEEPEST + 1) + "said")
    assert is_too_deep("\n".join("  " * level + "- a" for level in range(60)))
    assert is_too_deep("- " * 60)


@pytest.mark.parametrize("mark", ["-  ", "*   ", "1.  ", "1234567890. ", "> -  ", "-\t"])
def test_wide_marks_count_like_narrow_ones(mark: str) -> None:
    assert is_too_deep(mark * 300 + "x")


def test_what_the_parser_cannot_follow_is_shown_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A post that was let in must not close the page of its topic for everybody."""
    monkeypatch.setattr("core.markdown._kept", lambda _text, _names: (_ for _ in ()).throw(RecursionError))
    assert post_to_html("- <b>a") == "<p>- &lt;b&gt;a</p>"


def test_long_texts_are_not_kept() -> None:
    before = markdown._kept.cache_info().currsize
    post_to_html("many words " * 300)
    assert markdown._kept.cache_info().currsize == before
