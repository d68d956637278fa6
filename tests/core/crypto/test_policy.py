"""Which new passwords are refused, and that the reason is told in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.crypto import check_password_policy
from core.i18n import use_language

CONTEXT = ("Clínica Vida Nova", "clinicavida.example", "ana.souza@correio.example", "anasouza")


def _codes(password: str, **options: object) -> list[str]:
    return [problem.code for problem in check_password_policy(password, **options)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "password",
    [
        "sete gatos dormem na varanda",
        "k9#Vq2$Lm8!zRt4",
        "tartaruga-violeta-caminha",
        "Amor é fogo que arde sem se ver, 1598",
        "senha muito mais comprida do que parece",
        "ligeiramente ana.souza torta",
        "四つ葉のクローバーを探しに行こう",
        "😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍",
        "qX7-bN2-wT5-hK8",
    ],
)
def test_good_passwords(password: str) -> None:
    assert _codes(password, context_words=CONTEXT) == []


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("passwordpassword", "common"),
        ("P4ssw0rd!P4ssw0rd!", "common"),
        ("correct horse battery staple", "common"),
        ("Correct-Horse-Battery-Staple", "common"),
        ("deus é fiel sempre", "common"),
        ("Nossa Senhora Aparecida", "common"),
        ("flamengocampeao2019", "common"),
        ("Senha@2024!Senha@2024!", "date"),
        ("12/03/198712/03/1987", "date"),
        ("a" * 20, "repeated"),
        ("abcxyzabcxyzabcxyz", "repeated"),
        ("xK9$mQxK9$mQxK9$mQ", "repeated"),
        ("abcdefghijklmnop", "sequence"),
        ("123456789012345", "sequence"),
        ("zyxwvutsrqponmlk", "sequence"),
        ("qwertyuiopasdfgh", "keyboard"),
        ("1q2w3e4r5t6y7u8i", "keyboard"),
        ("!@#$%^&*()_+!@#$", "keyboard"),
        ("clinica vida 2024 ana", "context"),
        ("Ana.Souza@2024-2025", "context"),
        ("CLÍNICAVIDANOVA1", "context"),
        ("cl1n1c4v1d4n0v4x", "context"),
    ],
)
def test_guessable_passwords(password: str, code: str) -> None:
    found = check_password_policy(password, context_words=CONTEXT)
    assert code in [problem.code for problem in found]
    assert all(problem.message and password not in problem.message for problem in found)


def test_14_and_15_characters() -> None:
    assert _codes("k9#Vq2$Lm8!zRt") == ["too_short"]
    assert _codes("k9#Vq2$Lm8!zRt4") == []
    assert _codes("gT7#kq2z", minimum=8) == []
    assert _codes("gT7#kq2", minimum=8) == ["too_short"]


@pytest.mark.parametrize(
    "password", ["password", "senha123", "12345678", "qwertyui", "flamengo", "iloveyou", "Trustno1"]
)
def test_short_ones_of_every_list_are_refused_with_a_second_factor_too(password: str) -> None:
    assert _codes(password, minimum=8) != []


def test_length_counts_what_was_typed() -> None:
    assert "too_short" in _codes("ﷺﷺ"), "18 letters each once normalised, but two were typed"


@pytest.mark.parametrize("password", ["x" * 1025, "é" * 600, "y" * 2_000_000])
def test_too_long(password: str) -> None:
    assert _codes(password) == ["too_long"]


def test_128_characters_are_never_too_long() -> None:
    assert _codes("😀😃😄😁" * 32) == ["repeated"]


def test_text_that_can_not_be_stored() -> None:
    assert _codes("k9#Vq2$Lm8!zRt4\ud800") == ["characters"]


def test_kinds_of_characters_are_nobody_s_business() -> None:
    assert _codes("umbigo zarolho pinta telhas") == []


def test_context_words_are_only_refused_where_they_are_context() -> None:
    assert _codes("hortelã hortelã 9x") == []  # two parts, three characters beside them, nothing in a list
    assert "context" in _codes("hortelã hortelã 9x", context_words=["Chá de Hortelã"])
    assert _codes("ana e bia no mar azul", context_words=["Ana", "Bia"]) == [], "short names say nothing"


def test_reasons_come_in_the_language_of_the_person() -> None:
    with use_language("en"):
        english = check_password_policy("abc")[0].message
    with use_language("pt-BR"):
        portuguese = check_password_policy("abc")[0].message
    assert english == "Use at least 15 characters; these are 3. Several words make a good password."
    assert portuguese == "Use pelo menos 15 caracteres; aqui há 3. Várias palavras fazem uma boa senha."


@given(st.text(max_size=200), st.lists(st.text(max_size=30), max_size=5), st.sampled_from([8, 15]))
def test_any_text_gets_an_answer(password: str, words: list[str], minimum: int) -> None:
    for problem in check_password_policy(password, context_words=words, minimum=minimum):
        assert problem.message
