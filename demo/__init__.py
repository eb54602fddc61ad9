"""The demo programme: five groups, their people, and the year that they have behind them.

`people` and the five group modules are data, written as scripts (`script`); `story` plays a script through the services,
with the dates it says; `load` decides what is still to be played; `scan` makes photos of a signed paper.
"""
