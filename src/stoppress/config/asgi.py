"""Django's ASGI application, run by the app processes behind the front."""

import os

from django.core.asgi import get_asgi_application

from stoppress.core.process_guard import die_with_parent

die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stoppress.config.settings")

application = get_asgi_application()
