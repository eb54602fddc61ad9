"""Why a service did not do what it was asked to; every app raises these two, and pages answer them the same way."""


class NotYoursError(Exception):
    """The person has nothing to do with this; the guards answer 404, as for what does not exist."""


class NotPossibleError(Exception):
    """The state forbids it; `reason` says why, in a sentence for the person."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)
