"""Vietnamese telephone numbers in the form that a template message wants: 84…, without the leading 0."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

REGION = "VN"
REACHABLE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
WRITTEN = re.compile(r"\(?\+?[0-9][0-9 .()\u00a0-]*")  #: as people write numbers; no letters, no extension
LONGEST = 40  #: characters that somebody may have typed for one number


def zalo_phone(typed: str) -> str | None:
    """0912 345 678, +84 912.345.678, 84912345678 -> "84912345678"; None for what is no Vietnamese number in use.

    Which numbers are in use is libphonenumber's knowledge: the 11-digit mobile numbers of before 2018 are not.
    """
    written = typed.strip()
    if len(written) > LONGEST or not WRITTEN.fullmatch(written):
        return None
    try:
        number = phonenumbers.parse(written, REGION)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number_for_region(number, REGION):
        return None
    return _digits(number) if phonenumbers.number_type(number) in REACHABLE else None


def _digits(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
