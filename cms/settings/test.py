"""Settings of the test suite: the demo's, with mails in memory and quick passwords."""

from cms.settings.demo import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://testserver"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Whatever the shell of whoever runs them says.
SECOND_FACTOR = frozenset[str]()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Every test's client makes its middleware anew, and WhiteNoise looks through all files then. So it
# finds each when it is asked for, and no sooner.
WHITENOISE_AUTOREFRESH = True
# Wagtail's own tasks are done at once, so that a test which drains the jobs meets ours alone.
TASKS = {"default": {"BACKEND": "tests.support.tasks.OursWait"}}
WAGTAILLOCALIZE_JOBS = {"BACKEND": "wagtail_localize.tasks.ImmediateBackend"}
# At every request, so that no test depends on how quick it is.
VERSION_SECONDS = 0.0
# Tests of its own switch it on. No other test depends on what was kept before.
PAGECACHE = PAGECACHE | {"BYTES": 0}
