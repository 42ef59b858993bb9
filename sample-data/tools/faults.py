"""The deliberate faults of customers.csv, so that a run shows what becomes of them. Eight rows in 2,008 (0.4 %)."""

LONG_NAME = "五百旗頭勅使河原 クリストファー・アレクサンダー・フォン・ヴァイツゼッカー三世"
LONG_HOUSE = ("国際文化交流会館附属外国人研究者宿舎イーストウイング第三レジデンス・グランドパレス・サンライズ・ガーデンコート弐番館"
              "地下一階管理組合事務局気付 特別区画第百二十八号室南側別館連絡通路奥")


def add(rows, encode):
    """Encoded lines of the table's body: the good rows with the faulty ones among them. `encode` takes the values of a row."""
    out = [encode(row) for row in rows]

    def like(index, number, **change):
        return {**rows[index], "customer_id": f"C{number:06}", "status": "active", "consent_dm": "はい", "consented_on": "2025-04-20", "withdrawn_on": "",
                "household_id": "", **change}

    # Someone who is written to, so that the second row would print a second card.
    twice = next(row for row in rows[611:] if row["status"] == "active" and row["consent_dm"] == "はい")

    # each: position, line
    faulty = [
        (214, encode(like(31, 2001)).rsplit(b",", 1)[0] + b"\r\n"),                      # one cell too few
        (377, encode(like(58, 2002, address1="3-5-2,1階"), quote=False)),                 # an unquoted comma: one too many
        (590, encode(like(77, 2003, address2="@@")).replace(b"@@", b"\x83\xff\x81 203")),  # bytes that are no CP932
        (845, encode(like(102, 2004, birth_date="1974/13/42"))),                          # no such day
        (1033, encode(like(140, 2005, postcode=""))),                                     # required and empty
        (1290, encode(twice)),                                                        # the same id twice
        (1502, encode(like(203, 2008, name="@@ 節子")).replace(b"@@", b"\xf0\x40\x93\x63")),  # a private-use gaiji
        (1777, encode(like(266, 2010, name=LONG_NAME, address2=LONG_HOUSE))),             # fits no card
    ]
    for offset, (position, line) in enumerate(faulty):
        out.insert(position + offset, line)
    return out
