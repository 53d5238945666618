"""Foreign names as Russian writes them by ear, back in the letters of their own languages.

Given names that everybody knows stand in a table, for no rule leads from "Хуго" or "Юго" back to Hugo. A word that is
in none, but has what Russian names seldom have, is spelled as English would: "Уильям" → "william", "Уотерс" → "waters".
Words are read one by one, for a name has often parts of two peoples.
"""

from __future__ import annotations

import re

_NAME_TABLE = """
адольф adolf|альфред alfred|анри henri|антуан antoine|артур arthur|бенджамин benjamin|бернар bernard|бертран bertrand
брайан brian|браун brown|бриджит brigitte|вальтер walter|вернер werner|вильгельм wilhelm|винсент vincent
вольфганг wolfgang|гай guy|ганс hans|гарольд harold|гарри harry|гастон gaston|гейл gail|генри henry|генрих heinrich
герберт herbert|герхард gerhard|гилберт gilbert|говард howard|грегори gregory|грейс grace|грэм graham|гуго hugo
гюнтер gunther|дебора deborah|дейл dale|деннис dennis|джеймс james|джейн jane|джейсон jason|джек jack|джеральд gerald
джереми jeremy|джефф jeff|джеффри geoffrey|джим jim|джо joe|джоан joan|джованни giovanni|джозеф joseph|джон john
джонатан jonathan|джонс jones|джонсон johnson|джордж george|джошуа joshua|джузеппе giuseppe|джулия julia|диего diego
дин dean|дональд donald|дороти dorothy|дуайт dwight|дуглас douglas|дэвид david|дэн dan|дэниел daniel|жак jacques
жан jean|жанна jeanne|жерар gerard|жером jerome|жиль gilles|жоао joao|жозе jose|жозеф joseph|жорж georges|жоржи jorge
жюль jules|жюльен julien|зигмунд sigmund|зигфрид siegfried|иоахим joachim|иоганн johann|иоганнес johannes|йозеф josef
йохан johan|карлос carlos|кармен carmen|кит keith|клод claude|конрад konrad|корнелис cornelis|кристиан christian
кристина christina|кристоф christophe|кристофер christopher|кэрол carol|кэтрин catherine|лео leo|леонард leonard
ли lee|лоран laurent|лоренс lawrence|лоуренс lawrence|луи louis|луиза louise|луис luis|льюис lewis|людвиг ludwig
люк luc|люсьен lucien|майкл michael|макс max|маркус marcus|матиас matthias|маттиас matthias|мигель miguel
мишель michel|морис maurice|мэри mary|мэттью matthew|мэтью matthew|мюррей murray|нил neil|ноэль noel|оливер oliver
отто otto|патрик patrick|питер peter|пол paul|поль paul|пьер pierre|раймонд raymond|ральф ralph|ричард richard
роберт robert|робин robin|роджер roger|роже roger|рональд ronald|росс ross|рудольф rudolf|рэй ray|саймон simon
скотт scott|смит smith|стив steve|стивен stephen|стюарт stuart|сьюзан susan|сэмюэл samuel|теодор theodor|терри terry
тома thomas|томас thomas|томпсон thompson|уго hugo|уилсон wilson|уильям william|уильямс williams|уолтер walter
уэйн wayne|фелипе felipe|фернандо fernando|филип philip|франк frank|франсис francis|франсуа francois
франсуаза francoise|франц franz|фридрих friedrich|фриц fritz|фрэнк frank|фрэнсис francis|хавьер javier
хайнрих heinrich|хайнц heinz|хельмут helmut|херардо gerardo|хесус jesus|хоакин joaquin|хорхе jorge|хосе jose|хуан juan
хуго hugo|хулиан julian|хулио julio|цезарь caesar|чарли charlie|чарльз charles|шарлотта charlotte|шарль charles
шейн shane|шон sean|эдвард edward|эдвин edwin|эдгар edgar|эдмон edmond|эдмунд edmund|эдуар edouard|эжен eugene
элизабет elizabeth|эллен ellen|эмили emily|эмиль emile|эндрю andrew|энн anne|энтони anthony|эрвин erwin|эрик eric
эрнест ernest|эрнст ernst|эстебан esteban|этьен etienne|юго hugo|юджин eugene|юрген jurgen|юхан johan|якоб jacob
ян jan
"""
"""Given names of the West, and a few of its commonest surnames, as Russian writes them, and their own spelling."""

_RULES = (
    ("дж", "j"), ("х", "h"), ("чж", "zh"), ("ц", "c"), ("кв", "qu"), (r"уо(?=[лт])", "wa"), ("уи", "wi"),
    (r"эй|ей(?!\b)", "ay"), ("ай", "i"), (r"оу\b", "owe"), ("оу", "o"), ("ау", "ow"), ("у(?=[аеиоэ])", "w"),
    ("кс", "x"), ("ё", "o"), ("ю", "u"), ("э", "a"), ("й", "y"), ("ж", "g"), ("ье", "ie"), ("ьо", "io"), ("я", "ia"),
    ("тч", "tch"), ("[чш]", "ch"),
)  # fmt: skip
_FOREIGN = re.compile(r"дж|эй|ей(?!$)|[оа]у|у[аеиоэ]|ё(?!в)|э|ью|ьо|кс(?!андр|е[йе])|^х|[бдгзкпт]$")
"""What seldom stands in a Russian name and often in a foreign one."""


def foreign(word: str) -> bool:
    """Say whether a Cyrillic word, in lower case, may be a foreign name written by ear.

    >>> foreign("уильям"), foreign("жиль"), foreign("степанов")
    (True, True, False)
    """
    return word in _NAMES or _FOREIGN.search(word) is not None


def heard(word: str) -> str:
    """Return a foreign word with what is spelled otherwise in Latin letters; the rest stays Cyrillic.

    >>> heard("джордж"), heard("уотерс")
    ('george', 'waтерс')
    """
    if word in _NAMES:
        return _NAMES[word]
    for written, latin in _RULES:
        word = re.sub(written, latin, word)
    return word


_NAMES = dict(row.split() for row in _NAME_TABLE.replace("\n", "|").split("|") if row)
