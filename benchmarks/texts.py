"""Notices for measuring, in our own words: one of about 10 KB, one of any length that never says the same twice."""

from __future__ import annotations

from random import Random

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

PLACES = ("Sông Lam", "Núi Hồng", "Đồng Xoài", "Bản Mường", "Cửa Tùng", "Thạch Bàn", "Hòa Sơn", "Tân Thuận")
OFFICES = (
    "Giao {a} chủ trì, phối hợp với {b} và UBND huyện {p}",
    "Đề nghị Ủy ban MTTQ Việt Nam tỉnh phối hợp với {b}",
    "{a} có trách nhiệm",
    "UBND các huyện {p}, {q}",
    "Yêu cầu Ban Quản lý dự án đầu tư xây dựng công trình {p}",
    "Các sở, ban, ngành, UBND các huyện, thành phố",
)
TASKS = (
    "rà soát {n} hồ sơ còn tồn đọng, lập danh mục gửi {b}",
    "xây dựng kế hoạch khắc phục {n} tồn tại đã nêu tại Kết luận số {n}/KL-TTr ngày 12/{m}/2017",
    "tham mưu UBND tỉnh ban hành quy chế phối hợp trong công tác {w}",
    "thường xuyên kiểm tra, đôn đốc việc {w} trên địa bàn {p}; kịp thời xử lý vi phạm",
    "bố trí kinh phí {n} triệu đồng để {w}, báo cáo kết quả về {b}",
)
WORK = ("giải phóng mặt bằng", "phòng cháy rừng", "cải cách hành chính", "khám sức khỏe", "thu ngân sách", "dạy nghề")
TIMES = (
    "trước ngày {d}/{m}/2018", "chậm nhất là ngày {d} tháng {m} năm 2018", "trong quý III/2018",
    "trong tháng {m}/2018",
    "trong thời hạn {d} ngày kể từ ngày ban hành Thông báo này", "định kỳ hằng tháng, trước ngày {d}", "",
    "cuối năm 2018",
)  # fmt: skip


def ten_kilobytes() -> str:
    """The notice: as many items as make 10 KB of UTF-8."""
    text, n = HEAD, 0
    while len(text.encode()) < 10_000:
        n += 1
        text += ITEM.format(n=n, body=BODIES[n % len(BODIES)], day=n % 28 + 1)
    return text + TAIL


def varied(size: int, seed: int = 1) -> str:
    """A notice of about `size` bytes of UTF-8 whose items differ from each other, as those of an office do."""
    random, found, length, n = Random(seed), [HEAD], len(HEAD.encode()), 0
    while length < size:
        n += 1
        item = f"{n}. {_item(random)}\n\n"
        length += len(item.encode())
        found.append(item)
    return "".join(found) + TAIL


def _item(random: Random) -> str:
    def sentence() -> str:
        words = f"{random.choice(OFFICES)} {random.choice(TASKS)} {random.choice(TIMES)}"
        return words.format(
            a=random.choice(BODIES), b=random.choice(BODIES), p=random.choice(PLACES), q=random.choice(PLACES),
            n=random.randint(2, 900), d=random.randint(1, 28), m=random.randint(4, 12), w=random.choice(WORK),
        )  # fmt: skip

    return ". ".join(sentence().strip() for _ in range(random.randint(1, 3))) + "."
