"""The home app: pages that gather from many apps; no models."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home."""

    name = "home"

    def ready(self) -> None:
        """Name the places of the navigation, the programme of a person, and their next step."""
        from home import navigation, notices  # noqa: F401, PLC0415 -- they register on import
