"""Django's WSGI application: the pages of `config.asgi`, and the entry point for a server that knows WSGI only."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
