"""The entry point of the web process; see `config.dispatch`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
streams = get_asgi_application()

from django.conf import settings  # noqa: E402 -- once Django is set up

from config.dispatch import Dispatcher  # noqa: E402
from config.wsgi import application as pages  # noqa: E402

application = Dispatcher(pages=pages, streams=streams, threads=settings.WEB_THREADS)
