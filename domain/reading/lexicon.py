"""Words of administration: what heads a body's name, what ends it, what a directive opens with.

The lists are of the language (Decree 30/2020/NĐ-CP, organisation laws, everyday notices), not of any one document.
"""

from __future__ import annotations

import re


def words(*phrases: str) -> str:
    """A regex alternative of the phrases, longest first, white space free."""
    separate = {phrase.strip() for line in phrases for phrase in line.split("|") if phrase.strip()}
    longest = sorted(separate, key=len, reverse=True)
    return "|".join(re.sub(r"\\? ", r"\\s+", re.escape(phrase)) for phrase in longest)


#: First words of the name of a body.
HEADS = words(
    "Sở|sở|Sơ|Phòng|phòng|Ban|Bộ|Cục|Chi cục|Tổng cục|Vụ|Viện|Văn phòng|Thanh tra|Công an|Quân đội|Quân khu",
    "Kho bạc",
    "Ban Chỉ huy|Bộ Chỉ huy|Bộ Tư lệnh|Ban Quản lý|Ban quản lý|BQL|UBND|Ủy ban|Uỷ ban|ủy ban|HĐND|Hội đồng",
    "Thường trực",
    "Đảng ủy|Đảng uỷ|Tỉnh ủy|Tỉnh uỷ|Huyện ủy|Huyện uỷ|Thành ủy|Thành uỷ|Thị ủy|Tỉnh đoàn|Tỉnh Đoàn|Huyện đoàn",
    "Huyện Đoàn",
    "Thành đoàn|Thị đoàn|Đoàn|Hội|Liên đoàn|LĐLĐ|Liên minh|Liên hiệp|Mặt trận|MTTQ|MTTQVN|UBMTTQ|UBMTTQVN",
    "Trung tâm|trung tâm|Trạm|trạm",
    "Bệnh viện|Trường|trường|Đài|Báo|Tạp chí|Cổng Thông tin|Bảo hiểm|BHXH|Ngân hàng|Tòa án|Toà án",
    "Viện kiểm sát|Viện Kiểm sát|TAND|VKSND",
    "Chi nhánh|Công ty|Tổng công ty|Tổng Công ty|Tập đoàn|Điện lực|VNPT|Viettel|EVN|Bưu điện|Cảng|Kiểm toán",
    "Hạt|Đội|Tổ công tác|Tổ|Hợp tác xã",
    "Nhà máy|Vườn quốc gia|Khu bảo tồn|Quỹ|Học viện|Đại học|Cơ quan|cơ quan|Đồn|Bộ đội Biên phòng|BĐBP",
    "Hải quan|Thuế|Thống kê",
    "Chủ đầu tư|chủ đầu tư|Chủ rừng|Doanh nghiệp|Nhà thầu|nhà thầu|Đơn vị|đơn vị|Thủ tướng|Phó Thủ tướng",
    "Chính phủ|Quốc hội|VPCP|Chủ tịch nước",
    "KBNN|NHNN|TTPVHCC|BCH|BCHQS|BCĐ|VP|Tổng Thanh tra|Trưởng thôn|trưởng thôn|Xã|Phường|Thị trấn|Đặc khu",
    "Liên danh|Thành viên|thành viên",
)
#: Heads that are ordinary words too ("Báo cáo", "Phòng, chống"): a capital or one of FOLLOW makes them a name.
AMBIGUOUS = words(
    "Sở|sở|Sơ|Phòng|phòng|Ban|Bộ|Cục|Vụ|Viện|Thanh tra|Công an|Hội|Đoàn|Trường|trường|Trạm|trạm|Đài|Báo|Hạt",
    "Đội|Tổ|Quỹ|Thuế|Thống kê|Kiểm toán|Xã|Phường|Thị trấn|Đặc khu|Cảng|Ngân hàng|Bảo hiểm|Quân đội|Đồn|BCH",
    "Trung tâm|trung tâm|Cơ quan|cơ quan|Đơn vị|đơn vị|Hải quan|Liên minh|Liên hiệp|VP|Hội đồng|Chi nhánh",
    "Thường trực|Doanh nghiệp",
)
FOLLOW = words(
    "tỉnh|huyện|thành phố|thị xã|xã|phường|thị trấn|đặc khu|sở|chỉ đạo|chỉ huy|quản lý|công tác|chấp hành",
    "tổ chức cán bộ|thường trực|giám đốc|giám hiệu|giám sát|điều hành|thanh niên|công an|đại biểu|kiểm tra",
    "liên ngành|trưởng|giúp việc|chuyên|phụ nữ|nông dân|cựu chiến binh|nhân dân|y tế|học|đầu tư|phát triển",
    "dịch vụ|khu vực|xã hội|nhà nước|bảo trợ|phục vụ|văn hóa|văn hoá|hành chính|chính sách|chuyên môn",
    "nghiệp vụ|tư pháp|nội vụ|tài chính|giáo dục|kinh tế|văn thư|thuộc|được|có liên quan|liên quan|kiểm soát",
    "quân sự|các|dân tộc|thi đua|cấp|tổng hợp|tư vấn|thẩm định|chủ trì|chủ quản|thi công|quân đội|biên phòng",
    "hợp tác xã|UBND|HĐND|MTTQ",
)
#: Words that name the person who heads a body, or a person.
PERSONS = words(
    "đồng chí|Đồng chí|các đồng chí|Các đồng chí|đ/c|Đ/c|ông|Ông|bà|Bà|Giám đốc|giám đốc|Phó Giám đốc|Chủ tịch",
    "Phó Chủ tịch|Chánh",
    "Phó Chánh|Trưởng|trưởng|Thủ trưởng|thủ trưởng|Người đứng đầu|người đứng đầu|Lãnh đạo|lãnh đạo|Bí thư",
    "Chỉ huy trưởng|Bộ trưởng|Thứ trưởng|Chủ nhiệm|Tổng Giám đốc|Hiệu trưởng",
)
#: Words of a group: "các …".
QUANTIFIERS = words(
    "các|Các|những|Những|mỗi|Mỗi|từng|Từng|toàn bộ các|Toàn thể|tất cả các|Tất cả các|Đối với các",
)
GROUP_NOUNS = words(
    "sở|ban|ngành|bộ|phòng|phòng chuyên môn|phòng, ban|cơ quan|đơn vị|địa phương|huyện|thành phố|thị xã|xã",
    "phường|thị trấn|đặc khu|tỉnh|thôn",
    "làng|bản|ấp|khu phố|tổ dân phố|khu dân cư|chủ đầu tư|chủ rừng|chủ dự án|tổ chức|đoàn thể|hội|doanh nghiệp",
    "bệnh viện|trường|trường học",
    "nhà trường|cơ sở|cơ sở y tế|cơ sở giáo dục|ban quản lý|bộ phận|thành viên|trưởng thôn|trưởng phòng",
    "nhà thầu|cán bộ|công chức|viên chức",
    "hội đoàn thể|hợp tác xã|trạm y tế|trung tâm|chi cục|cục|tổ công tác|đội|hộ dân|cấp|quận|hội đặc thù",
    "công ty|tổ|lực lượng|cấp ủy|đơn vị sự nghiệp|phòng thuộc Sở",
)
#: What opens a group's noun when it is written with a capital ("các Sở, Ban, ngành").
PLACES = words("tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn|đặc khu|thôn")

#: Head nouns that are distributed over names: "các Sở: Tài chính, Xây dựng".
SPREADABLE = words(
    "Sở|sở|Bộ|bộ|phòng|Phòng|Ban|huyện|xã|phường|tỉnh|thị xã|thành phố|thị trấn|đặc khu|thôn",
    "Trung tâm|Bệnh viện|Chi cục|Cục|Hội|Vụ",
)

#: Portfolios of ministries and departments, old and new: what follows Sở, Phòng, Bộ.
PORTFOLIOS = words(
    "Nội vụ|Ngoại vụ|Ngoại giao|Tài chính|Tài chính - Kế hoạch|Tài chính-Kế hoạch|Kế hoạch - Tài chính",
    "Kế hoạch và Đầu tư|Xây dựng|Giao thông vận tải",
    "Giao thông Vận tải|Giao thông - Vận tải|Nông nghiệp và Phát triển nông thôn|Nông nghiệp và PTNT",
    "Nông nghiệp và Môi trường",
    "Nông nghiệp & PTNT|Nông nghiệp|Tài nguyên và Môi trường|Công Thương|Công thương|Khoa học và Công nghệ",
    "Thông tin và Truyền thông",
    "Giáo dục và Đào tạo|Y tế|Tư pháp|Văn hóa, Thể thao và Du lịch|Văn hoá, Thể thao và Du lịch",
    "Văn hóa và Thể thao|Văn hoá và Thể thao|Du lịch",
    "Văn hóa và Thông tin|Văn hoá và Thông tin|Văn hóa - Xã hội|Văn hoá - Xã hội|Văn hóa - Thông tin",
    "Lao động - Thương binh và Xã hội",
    "Lao động, Thương binh và Xã hội|Lao động - Thương binh - Xã hội|Dân tộc và Tôn giáo|Dân tộc",
    "Kinh tế và Hạ tầng|Kinh tế, Hạ tầng và Đô thị",
    "Kinh tế - Hạ tầng|Kinh tế|Quản lý đô thị|Quốc phòng|Công an|Thanh tra|Quy hoạch - Kiến trúc",
    "Quy hoạch và Kiến trúc|Kinh tế và Đô thị",
    "NN&PTNT|NN & PTNT|NN-PTNT|TN&MT|TNMT|NN&MT|NNMT|KH&ĐT|KHĐT|KH&CN|KHCN|TT&TT|TTTT|GD&ĐT|GDĐT|GD-ĐT|GTVT",
    "LĐ-TB&XH|LĐTB&XH|LĐTBXH|VHTT&DL|VH,TT&DL|VHTTDL|TC-KH|TC - KH|VH-XH|VHXH|VH&TT",
)
#: Where a name ends: a verb, or a word that opens another part of the sentence.
VERBS = words(
    "chủ trì|phối hợp|tham mưu|rà soát|xây dựng|tổ chức|triển khai|thực hiện|hướng dẫn|chỉ đạo|đôn đốc",
    "theo dõi|kiểm tra|giám sát|báo cáo|trình",
    "tổng hợp|đề xuất|hoàn thiện|hoàn thành|hoàn chỉnh|chuẩn bị|bố trí|cân đối|thẩm định|phê duyệt|ban hành",
    "công bố|công khai|cung cấp|gửi|lập",
    "tiếp tục|khẩn trương|chủ động|tích cực|tập trung|thường xuyên|kịp thời|nghiêm túc|tăng cường|đẩy mạnh",
    "nâng cao|quan tâm|nghiên cứu|xem xét",
    "tiếp thu|cập nhật|duy trì|vận động|tuyên truyền|quán triệt|phổ biến|phân công|giao|yêu cầu|đề nghị",
    "làm việc|rút kinh nghiệm|chấn chỉnh|khắc phục",
    "xử lý|giải quyết|tháo gỡ|rút ngắn|cắt giảm|tiết kiệm|bảo đảm|đảm bảo|quản lý|sử dụng|khai thác|phát triển",
    "hỗ trợ|tạo điều kiện|giúp|huy động",
    "thành lập|kiện toàn|sắp xếp|sáp nhập|bàn giao|tiếp nhận|ký|ký kết|cam kết|đăng ký|niêm yết|lựa chọn",
    "đấu thầu|đấu giá|thi công|khởi công|nghiệm thu",
    "thanh toán|quyết toán|giải ngân|thu hồi|thu|nộp|chi|cấp|điều chỉnh|sửa đổi|bổ sung|thay thế|xác định",
    "xác minh|làm rõ|thống kê|đánh giá|phân tích",
    "phân bổ|phân loại|lồng ghép|gắn|đưa|đổi mới|cải cách|số hóa|số hoá|nâng cấp|kết nối|chia sẻ|vận hành",
    "lắp đặt|mua sắm|đầu tư|sửa chữa|khảo sát",
    "phát động|phát huy|phấn đấu|phát hiện|phòng ngừa|phòng, chống|ngăn chặn|tuần tra|canh gác|kiểm soát",
    "bảo vệ|chăm lo|chăm sóc|thăm hỏi|đào tạo|bồi dưỡng",
    "tập huấn|tuyển dụng|khen thưởng|kỷ luật|thông báo|thông tin|trao đổi|thống nhất|ủy quyền|uỷ quyền",
    "chịu trách nhiệm|căn cứ|dự thảo|soạn thảo|biên soạn",
    "đăng tải|đưa tin|nắm bắt|nắm|lắng nghe|tiếp|đối thoại|hòa giải|hoà giải|trả lời|giải trình|sớm",
    "nhanh chóng|quyết liệt|chú trọng|ưu tiên|đặc biệt|lưu ý",
    "bám sát|tham gia|góp ý|cho ý kiến|lấy ý kiến|thẩm tra|tích hợp|áp dụng|ứng dụng|thí điểm|nhân rộng",
    "tổng kết|sơ kết|họp|mời|cử|dành|giữ|trực",
    "di dời|giải phóng|bồi thường|thu gom|vệ sinh|trồng|tiêm|khoanh|dập|khống chế|ứng phó|sẵn sàng|khẩn cấp",
    "cảnh báo|dự báo|tính toán|tính|chấp hành|tuân thủ",
    "đề ra|định kỳ|hàng|hằng|nghiên cứu|nhắc|đeo bám|liên hệ|làm|rà|kiểm đếm|kê khai|chốt|nhập|phát|đặt|chuyển",
    "thuê|trích|cùng|gắn với|đồng hành|luôn|xác nhận|tập hợp|đôn|kiểm|điều phối|điều tra|phân tích|điều hành",
    "hợp đồng|đàm phán|tiến hành|bắt đầu|kết thúc|dừng|tạm dừng|chấm dứt|loại bỏ|chịu|thúc đẩy|thu hút|mở|đóng",
    "khôi phục|hạn chế|giảm|tăng|khám|điều trị|cách ly|trang bị|nhân|tìm|vào cuộc|cải thiện|tham dự|tham khảo",
    "thẩm|đấu nối|đấu tranh|phản ánh|phản biện|phát hành|in|tra|quy định|ra quân|ra|nêu cao|nêu|đề cao|nhận",
    "quyết định|kiến nghị|khuyến khích|khuyến cáo|đăng|trả|rút|tự|hòan|tham mưu|bàn|thảo luận|quyết|chuyển đổi",
)
STOPS = words(
    "có trách nhiệm|có nhiệm vụ|có văn bản|có báo cáo|có kế hoạch|có giải pháp|có biện pháp|có phương án",
    "có ý kiến|có mặt|có hình thức",
    "trong|trước|sau|chậm nhất|muộn nhất|để|nhằm|theo|về|tại|từ|đến|khi|nếu|trên cơ sở|căn cứ|đã|đang|sẽ|chưa",
    "cần|phải|vẫn|còn|không|bị|đạt|là|nên|rất|mong|như|do|bằng|với|đồng thời|gồm|thì|mà|vì|qua|ngay|hoàn toàn",
    "trực tiếp|thống nhất|cơ bản|cũng|đều|hết|xong|nhất là|trường hợp|kể từ|cho|quyết liệt|thật sự|thực sự",
    "hết sức|trình|giữa|nghiêm|vào|tối thiểu|ít nhất|được biết|biết|tùy|dưới|năm",
)
#: Lower-case phrases that belong to a name although they begin with a verb.
IN_NAMES = words(
    "dự án đầu tư xây dựng|đầu tư xây dựng|đầu tư và xây dựng|đầu tư|quản lý dự án|phát triển quỹ đất",
    "phát triển nông thôn|kiểm soát bệnh tật|bảo vệ thực vật|bảo vệ và phát triển rừng|bảo vệ rừng",
    "phục vụ hành chính công|phòng hộ|chăn nuôi|thú y|khuyến nông|quản lý rừng|quản lý khu|quản lý các khu",
    "dịch vụ|phòng cháy|chữa cháy|giải phóng mặt bằng|giáo dục|quản lý đô thị|xúc tiến đầu tư|xúc tiến",
    "chuyển đổi số",
    "chỉ đạo|chỉ huy|thường trực|quân sự|kiểm sát|kiểm tra|quản lý|giám sát",
    "đăng ký đất đai|tiếp công dân|hỗ trợ doanh nghiệp|vệ sinh môi trường|xây dựng công trình",
)


def opening(pattern: str) -> re.Pattern[str]:
    """The pattern as whole words, at a given position."""
    return re.compile(rf"(?:{pattern})(?!\w)")
