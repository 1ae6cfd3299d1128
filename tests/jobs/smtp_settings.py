"""Settings of a worker process in a test: mails go to the test's own server."""

import os

from cms.settings.test import *  # noqa: F403

EMAIL_BACKEND = "mails.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["MAIL_PORT"])
