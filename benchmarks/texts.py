"""A notice of about 10 KB, in our own words."""

from __future__ import annotations

HEAD = """VĂN PHÒNG ỦY BAN NHÂN DÂN TỈNH

Số: 45/TB-VP

Sông Lam, ngày 05 tháng 3 năm 2018

THÔNG BÁO

Kết luận của Chủ tịch Ủy ban nhân dân tỉnh tại phiên họp tháng 3

Ngày 02/3/2018, Chủ tịch Ủy ban nhân dân tỉnh chủ trì phiên họp và kết luận như sau:

"""
BODIES = ("Sở Nội vụ", "Sở Tài chính", "Sở Xây dựng", "Sở Y tế", "Sở Tư pháp", "Sở Công Thương")
ITEM = "{n}. Giao {body} chủ trì, phối hợp với Văn phòng Ủy ban nhân dân tỉnh rà soát phần việc số {n}, lập danh mục, \
báo cáo Ủy ban nhân dân tỉnh trước ngày {day:02}/4/2018.\n\n"
TAIL = "Nơi nhận:\n- Như trên;\n- Lưu: VT.\n\nCHÁNH VĂN PHÒNG\n\n\nTrần Văn Mẫu\n"


def ten_kilobytes() -> str:
    """The notice: as many items as make 10 KB of UTF-8."""
    text, n = HEAD, 0
    while len(text.encode()) < 10_000:
        n += 1
        text += ITEM.format(n=n, body=BODIES[n % len(BODIES)], day=n % 28 + 1)
    return text + TAIL
