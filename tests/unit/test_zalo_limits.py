"""What Zalo takes: telephone numbers, the length of texts and parameters, with properties that hold for anything."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from notifications.channels.contract import ChannelError, Fault
from notifications.channels.zalo.limits import chat_text, parameter, shortened, template_data, tracking_id
from notifications.channels.zalo.phones import zalo_phone

TEXT = st.text(st.characters(codec=None), max_size=400)
MOBILE = st.builds(
    lambda prefix, rest: prefix + rest,
    st.sampled_from(["32", "39", "70", "79", "81", "88", "90", "91", "96", "98"]),
    st.text("0123456789", min_size=7, max_size=7),
)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("0912345678", "84912345678"),
        ("0912 345 678", "84912345678"),
        ("0912.345.678", "84912345678"),
        (" 091-234-5678 ", "84912345678"),
        ("+84912345678", "84912345678"),
        ("+84 (0) 912 345 678", "84912345678"),
        ("(+84) 912 345 678", "84912345678"),
        ("84912345678", "84912345678"),
        ("84 912 345 678", "84912345678"),
        ("0084 912 345 678", "84912345678"),
        ("0848412345", "84848412345"),
        ("024 3825 4567", "842438254567"),
        ("(0208) 385 4567", "842083854567"),
        ("+84 28 3822 1234", "842838221234"),
    ],
)
def test_a_number_is_understood_as_people_write_it(typed: str, phone: str) -> None:
    assert zalo_phone(typed) == phone


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "84",
        "12345",
        "09123456789",
        "091234567",
        "0169 123 4567",
        "1900 1234",
        "1800 1234",
        "113",
        "+1 650 253 0000",
        "+86 138 0013 8000",
        "0912ABCDEF",
        "0912345678 ext 5",
        "0912345678;ext=5",
        "0912345678/0987654321",
        "0912345678, 0987654321",
        "0912345678\r\nX: y",
        "sonoivu@coquan.example",
        "+" * 20,
        "9" * 5000,
        "0" * 39,
        "\ud800",
        "٠٩١٢٣٤٥٦٧٨",
    ],
)
def test_what_is_no_vietnamese_number_is_none(typed: str) -> None:
    assert zalo_phone(typed) is None


@given(MOBILE, st.sampled_from(["0", "84", "+84", "0084", "+84 0", "+840", "+84(0)"]), st.data())
def test_a_mobile_number_is_the_same_however_it_is_written(national: str, lead: str, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.sampled_from(["", "", " ", ".", "-"]), min_size=9, max_size=9))
    typed = lead + "".join(gap + digit for gap, digit in zip(gaps, national, strict=True))
    assert zalo_phone(typed) == f"84{national}"


@given(MOBILE)
def test_a_number_that_was_made_whole_stays_as_it_is(national: str) -> None:
    phone = zalo_phone("0" + national)
    assert phone is not None
    assert zalo_phone(phone) == phone


@given(TEXT)
def test_whatever_is_typed_a_phone_is_84_and_digits_or_nothing(typed: str) -> None:
    phone = zalo_phone(typed)
    assert phone is None or (phone.isascii() and phone.isdigit() and phone.startswith("84") and len(phone) in (11, 12))


@pytest.mark.parametrize(
    ("text", "longest", "short"),
    [
        ("Văn phòng", 9, "Văn phòng"),
        ("Văn phòng", 8, "Văn…"),
        ("Văn phòng tỉnh", 10, "Văn phòng…"),
        ("Sở Nội vụ, Sở Y tế", 11, "Sở Nội vụ…"),
        ("Nghiêngngả", 5, "Nghi…"),
        ("https://dondoc.example/t/7", 10, "…"),
        ("Xem https://dondoc.example/t/7 nhé", 20, "Xem…"),
        ("", 1, ""),
    ],
)
def test_a_text_is_cut_after_a_word_and_says_so(text: str, longest: int, short: str) -> None:
    assert shortened(text, longest) == short


@given(TEXT.map(lambda text: text.strip()), st.integers(2, 60))
@example("a" * 29 + " b", 30)
def test_what_was_cut_fits_and_is_the_beginning(text: str, longest: int) -> None:
    short = shortened(text, longest)
    assert len(short) <= longest
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@given(st.lists(st.text("ăđêabc", min_size=1, max_size=8), min_size=1, max_size=40), st.integers(9, 60))
def test_no_word_is_cut_that_could_stand_whole(words: list[str], longest: int) -> None:
    short = shortened(" ".join(words), longest)
    assert short.rstrip("…").split() == words[: len(short.rstrip("…").split())]


@given(TEXT, st.text("abc/-%.", max_size=300), TEXT)
def test_a_parameter_never_holds_half_a_link_and_a_label_is_at_most_thirty(before: str, path: str, after: str) -> None:
    link = f"https://x.example/{path}"
    with suppress(ChannelError):
        _holds_no_half_of(link, parameter(f"{before} {link} {after}"))


def _holds_no_half_of(link: str, value: str) -> None:
    assert len(value) <= 200
    assert value == link or len(value) <= 30
    assert all(not word.startswith("https://x.") or word.startswith(link) for word in value.split())


@given(TEXT, TEXT, st.integers(0, 1900))
def test_a_long_brief_keeps_its_link_whole_and_is_harmless(before: str, after: str, length: int) -> None:
    link = "https://x.example/" + "a" * length
    text = chat_text(f"{before * 8}\n{link}\n{after * 8}")
    assert 0 < len(text) <= 2000
    assert link in text
    assert not any(unicodedata.category(one) in ("Cc", "Cf", "Co", "Cs") for one in text if one != "\n")
    text.encode()


@given(TEXT)
def test_whatever_a_brief_holds_it_fits_or_is_refused(text: str) -> None:
    with suppress(ChannelError):
        assert 0 < len(chat_text(text * 10)) <= 2000


def test_a_link_that_alone_fills_the_message_is_refused_and_not_cut() -> None:
    with pytest.raises(ChannelError) as caught:
        chat_text("Xem\nhttps://x.example/" + "a" * 2000)
    assert caught.value.fault is Fault.REFUSED


def test_decomposed_vietnamese_counts_as_it_is_read() -> None:
    name = "Văn phòng Ủy ban nhân dân xã."
    assert parameter(unicodedata.normalize("NFD", name)) == name


@pytest.mark.parametrize(
    ("value", "given_"),
    [
        ("9/3/2018", "09/03/2018"),
        ("09/3/2018", "09/03/2018"),
        ("2018-03-09", "09/03/2018"),
        ("29/02/2018", "29/02/2018"),
        ("trước ngày 09/3/2018", "trước ngày 09/3/2018"),
        ("489/TB-VP", "489/TB-VP"),
    ],
)
def test_a_day_is_written_as_zalo_wants_it(value: str, given_: str) -> None:
    assert parameter(value) == given_


def test_the_kind_picks_the_template_and_is_no_parameter() -> None:
    assert template_data({"kind": "assign", "count": "1"}) == {"count": "1"}


@given(st.text(), st.text())
def test_a_tracking_id_is_short_and_a_messages_own(one: str, other: str) -> None:
    assume(one.encode("utf-8", "replace") != other.encode("utf-8", "replace"))
    assert len(tracking_id(one)) <= 48
    assert tracking_id(one).isascii()
    assert tracking_id(one) != tracking_id(other)
