"""The demo programme, and worlds of any size for tests and benchmarks.

`stories` tells, as data, what five groups did in the year behind them; `story` reads and checks it, `acts` plays it
through the services with the dates it says, `load` decides what is still to be played; `scan` makes photos of a signed
document.
`seeding` makes worlds by the dozen.
"""
