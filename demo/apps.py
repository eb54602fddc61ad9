"""The demo app: the demo programme, and worlds of any size for tests and benchmarks; no models."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Demo."""

    name = "demo"
