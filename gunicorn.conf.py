"""The production server. Nothing of a visitor is logged."""

import os

from security import log_lines

# Its own loggers too, from its first line on, before the site is loaded.
log_lines.install()

wsgi_app = "cms.wsgi"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
# A wrong setting stops the server at once, instead of every worker again and again.
preload_app = True
accesslog = None
# A proxy says nothing by headers that name the site's own place.
forwarder_headers = ""
# Nobody steers it but by signals; the socket would lie in the home folder.
control_socket_disable = True
# Its warnings name the addresses of visitors.
loglevel = "error"
timeout = 30
graceful_timeout = 15
# Seldom: a new worker has no page in its memory, and a spike asks as much in a quarter of an hour.
max_requests = 1_000_000
max_requests_jitter = 100_000
