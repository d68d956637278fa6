"""The site's own style sheet: what it may say, what it may not, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.themes import CSS_LIMIT, cleaned_css

SPARED = ":where(:not(.preview-bar,.preview-bar *))"


@pytest.mark.parametrize(
    ("given", "served"),
    [
        ("a{color:red}", f"a{SPARED}{{color:red;}}\n"),
        (
            "p::before , a:hover{content:'x'}",
            f'p{SPARED}::before,a:hover{SPARED}{{content:"x";}}\n',
        ),
        ("@media print{a{color:red}}", f"@media print{{a{SPARED}{{color:red;}}}}\n"),
        ("a{background:url(/media/1/a.webp)}", f"a{SPARED}{{background:url(/media/1/a.webp);}}\n"),
        (
            ".a{color:red;&:hover{color:blue}@media print{color:black}}",
            f".a{SPARED}{{color:red;&:hover{SPARED}{{color:blue;}}@media print{{color:black;}}}}\n",
        ),
        ("@keyframes k{from{opacity:0}50%{opacity:1}}", "@keyframes k{from{opacity:0;}50%{opacity:1;}}\n"),
        ("/* only words */", ""),
    ],
)
def test_what_is_plain_is_served(given: str, served: str) -> None:
    clean = cleaned_css(given)
    assert clean.faults == ()
    assert clean.css == served


@pytest.mark.parametrize(
    "given",
    [
        "@import 'https://evil.example/x.css';",
        "@charset 'utf-8'; @namespace url(http://evil.example);",
        "a{background:url(https://evil.example/x)}",
        "a{background:u\\72l(//evil.example/x)}",
        "a{background:url('data:image/svg+xml,x')}",
        "a{background:image-set('https://evil.example/x' 1x)}",
        "a{--x:url(https://evil.example/x)}",
        "@font-face{font-family:x;src:url(https://evil.example/x.woff2)}",
        "a[href^=x]{background:url(/\\\\evil.example)}",
        "a{width:expression(alert(1))}",
        "a{behavior:url(/x.htc)}",
        "a{-moz-binding:url(/x.xml)}",
        "a{content:attr(data-secret)}",
        "a{z-index:2147483647}",
        "a{z-index:calc(1000*1000)}",
        "@media print{@import '/x.css';}",
        "@document url(http://x){a{color:red}}",
    ],
)
def test_what_tells_others_runs_or_covers_is_refused(given: str) -> None:
    clean = cleaned_css(given)
    assert clean.faults
    assert "evil" not in clean.css and "expression" not in clean.css and "@import" not in clean.css


def test_faults_are_named_by_line_and_the_rest_is_served() -> None:
    clean = cleaned_css("a{color:red}\n\nb{\n  background:url(http://x)\n}\n@import 'x';\n")
    assert [fault.line for fault in clean.faults] == [4, 6]
    assert clean.css.startswith(f"a{SPARED}")


def test_no_selector_reaches_the_bar_of_previews() -> None:
    nested = "body{.preview-bar{display:none}& .preview-bar *{display:none}}"
    assert cleaned_css(nested).css.count(SPARED) == 3


def test_a_style_sheet_has_an_end() -> None:
    assert cleaned_css("a{color:red}" * CSS_LIMIT).faults
    assert cleaned_css("a{" * 5000).faults or cleaned_css("a{" * 5000).css == ""


@given(st.text(alphabet="aurl@import(){}[]:;,.\\/*\"'#&> \n-0httpsevil", max_size=120))
def test_whatever_is_written_no_other_host_is_named_as_an_address(text: str) -> None:
    """Cleaned once more, what is served has nothing left to complain of."""
    again = cleaned_css(cleaned_css(text).css)
    assert again.faults == ()
