"""Characters that look like others: Cyrillic, Greek, Armenian, Lisu, Cherokee and phonetic letters, radicals, katakana.

Written for this project. Each stands at the place of the plain character that readers take it for, one code point for
one code point, both in normal form otherwise (lower case, full width, no accents). Terms and texts pass the same table,
so a term in one of these scripts is still found.
"""

LOOKALIKES = (
    "đıƀƅƒǀɐɑɔɗɘəɛɡɢɩɪɴɾʀʂʋʏʐʒʙʜʝʟαβγεηικνορστυχωϙϝабвгезкмнопрстухцчшьєѕіјѡѵғүҳһҽӏӡөԁԍԛԝագզհոռսցօఠഠဝ"
    "ყᎠᎡᎢᎪᎫᎬᎳᎷᎻᏀᏃᏏᏙᏚᏞᏟᏢᏦᏴᗅᗷᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢᴦⲟ⺊⺌⺒⺗⺝⺠⺧⺫⺬⺮⺷⺼⻄⻅⻉⻋⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻥⻦⻧⻨⻩⻬⻮⻰エカタトニハロㄚㄠꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢ"
    "ꓣꓦꓧꓪꓫꓬꓮꓰꓳꓴꙇꜰꜱ"
)
"""Characters in a script or form where nobody expects them."""

PLAIN = (
    "dibbflaacdeeeggiinrrsuyz3bhjlabyehikvopctuxwqfa6bre3kmhonpctyxu4wbesijwvfyxhei3odgqwwqqhnnugoooo"
    "ydrtajewmhgzbvslcpkbabacdejkmoptuvwzr0卜小巳心月民牛目示竹羊月西见贝车长门雨青韦页风飞食马骨鱼鸟卤麦黄齐齿龙工力夕卜二八口丫幺bpdtgkjczfmnls"
    "rvhwxyaeouifs"
)
"""What readers take each for, at the same place."""
