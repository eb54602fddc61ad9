"""Running what may hang, crash or eat memory in child processes with hard limits; knows nothing of what they do.

`pool.Pool.call(function, …)` is the way in. A child starts with a bare environment, imports no Django unless the
function does, and ends with its parent. `limits` says what it may use, `errors` why there is no answer.
"""
