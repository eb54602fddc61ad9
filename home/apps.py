"""The home app: pages that gather from many apps; no models."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home."""

    name = "home"

    def ready(self) -> None:
        """Name the places of the navigation and the programme of a person."""
        from home import navigation  # noqa: F401, PLC0415 -- registers on import
