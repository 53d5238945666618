"""Country names as sanctions lists write them, and their ISO 3166-1 alpha-2 codes.

`TABLE` has one code a line with its names after it, parted by "/". Former states and disputed places stand under the
code that covers them today, or are left out (no code), never guessed. "XK" (Kosovo) is the user-assigned code in
common use.
"""

from __future__ import annotations

import re
import unicodedata

from screening.watchlist.parties import Country

TABLE = """
AD Andorra
AE United Arab Emirates/UAE
AF Afghanistan
AG Antigua and Barbuda
AI Anguilla
AL Albania
AM Armenia
AO Angola
AR Argentina
AS American Samoa
AT Austria
AU Australia
AW Aruba
AZ Azerbaijan
BA Bosnia and Herzegovina/Bosnia-Herzegovina
BB Barbados
BD Bangladesh
BE Belgium
BF Burkina Faso
BG Bulgaria
BH Bahrain
BI Burundi
BJ Benin
BM Bermuda
BN Brunei/Brunei Darussalam
BO Bolivia
BR Brazil
BS Bahamas/Bahamas, The/The Bahamas
BT Bhutan
BW Botswana
BY Belarus
BZ Belize
CA Canada
CD Congo, Democratic Republic of the/Democratic Republic of the Congo/Democratic Republic of Congo
CF Central African Republic
CG Congo, Republic of the/Republic of the Congo/Congo
CH Switzerland
CI Cote d Ivoire/Cote d'Ivoire/Ivory Coast
CL Chile
CM Cameroon
CN China/People's Republic of China/PRC
CO Colombia
CR Costa Rica
CU Cuba
CV Cabo Verde/Cape Verde
CW Curacao
CY Cyprus
CZ Czech Republic/Czechia
DE Germany
DJ Djibouti
DK Denmark
DM Dominica
DO Dominican Republic
DZ Algeria
EC Ecuador
EE Estonia
EG Egypt
ER Eritrea/Eritrean
ES Spain
ET Ethiopia
FI Finland
FJ Fiji
FM Micronesia
FR France
GA Gabon
GB United Kingdom/Great Britain/UK/England
GD Grenada
GE Georgia
GG Guernsey
GH Ghana
GI Gibraltar
GM Gambia/The Gambia/Gambia, The
GN Guinea
GQ Equatorial Guinea
GR Greece
GT Guatemala
GW Guinea-Bissau
GY Guyana
HK Hong Kong
HN Honduras
HR Croatia
HT Haiti
HU Hungary
ID Indonesia
IE Ireland
IL Israel
IM Isle of Man/Man, Isle of
IN India
IQ Iraq
IR Iran/Islamic Republic of Iran
IS Iceland
IT Italy
JE Jersey
JM Jamaica
JO Jordan
JP Japan
KE Kenya
KG Kyrgyzstan
KH Cambodia
KI Kiribati
KM Comoros
KN Saint Kitts and Nevis/St. Kitts & Nevis
KP Korea, North/North Korea/Democratic People's Republic of Korea/DPRK
KR Korea, South/South Korea/Republic of Korea
KW Kuwait
KY Cayman Islands
KZ Kazakhstan
LA Laos
LB Lebanon
LC Saint Lucia
LI Liechtenstein
LK Sri Lanka
LR Liberia
LS Lesotho
LT Lithuania
LU Luxembourg
LV Latvia
LY Libya
MA Morocco
MC Monaco
MD Moldova
ME Montenegro
MG Madagascar
MH Marshall Islands
MK North Macedonia/Macedonia/North Macedonia, The Republic of/Macedonia, The Former Yugoslav Republic of
ML Mali
MM Burma/Myanmar
MN Mongolia
MO Macau/Macao
MR Mauritania
MT Malta
MU Mauritius
MV Maldives
MW Malawi
MX Mexico
MY Malaysia
MZ Mozambique
NA Namibia
NE Niger
NG Nigeria
NI Nicaragua
NL Netherlands/The Netherlands/Holland
NO Norway
NP Nepal
NR Nauru
NZ New Zealand
OM Oman
PA Panama
PE Peru
PG Papua New Guinea
PH Philippines
PK Pakistan
PL Poland
PR Puerto Rico
PS Palestinian/Palestine/West Bank/Region: Gaza/Gaza
PT Portugal
PW Palau
PY Paraguay
QA Qatar
RO Romania
RS Serbia
RU Russia/Russian Federation
RW Rwanda
SA Saudi Arabia
SB Solomon Islands
SC Seychelles
SD Sudan
SE Sweden
SG Singapore
SI Slovenia
SK Slovakia
SL Sierra Leone
SM San Marino
SN Senegal
SO Somalia
SR Suriname
SS South Sudan
ST Sao Tome and Principe
SV El Salvador
SY Syria/Syrian Arab Republic
SZ Eswatini/Swaziland
TC Turks and Caicos Islands
TD Chad
TG Togo
TH Thailand
TJ Tajikistan
TL Timor-Leste/East Timor
TM Turkmenistan
TN Tunisia
TO Tonga
TR Turkey/Turkiye
TT Trinidad and Tobago
TV Tuvalu
TW Taiwan
TZ Tanzania
UA Ukraine
UG Uganda
US United States/USA/United States of America
UY Uruguay
UZ Uzbekistan
VA Vatican City/Holy See
VC Saint Vincent and the Grenadines/St. Vincent and the Grenadines
VE Venezuela
VG Virgin Islands, British/British Virgin Islands
VI Virgin Islands, U.S./Virgin Islands, US
VN Vietnam/Viet Nam
VU Vanuatu
WS Samoa
XK Kosovo
YE Yemen
ZA South Africa
ZM Zambia
ZW Zimbabwe
"""

_NOT_LETTERS = re.compile(r"[^a-z]+")


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return _NOT_LETTERS.sub("", "".join(letter for letter in folded if not unicodedata.combining(letter)))


_CODES = {_key(name): line[:2] for line in TABLE.strip().splitlines() for name in line[3:].split("/")}


def country_named(text: str) -> Country:
    """Return a country as written, with its code where the name (or a code itself) is recognised.

    >>> country_named("Korea, North").code
    'KP'
    >>> country_named("Atlantis").code is None
    True
    """
    written = text.strip()
    bare = written.removeprefix("possibly ")
    code = _CODES.get(_key(bare))
    if code is None and len(bare) == 2 and bare.isalpha() and bare.upper() in _KNOWN_CODES:
        code = bare.upper()
    return Country(text=written, code=code)


_KNOWN_CODES = frozenset(_CODES.values())
