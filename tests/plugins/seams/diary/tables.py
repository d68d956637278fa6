from piccolo.columns import BigInt

from core.db import SealedText, TenantTable


class DiaryPage(TenantTable, tablename="diary_pages"):
    number = BigInt()
    words = SealedText()
