"""A sample watchlist for the demo: invented parties in OFAC's CSV form. Nobody in it exists.

`sdn.csv` (25 entries numbered from 900001), `alt.csv` (aliases) and `add.csv` (addresses) hold what the real files
hold: remarks with birth dates, identifiers, weak aliases and links, vessels and aircraft, and the end mark 0x1A. The
programmes all begin with DEMO. Only the demo loads it, marked `sample`.
"""
