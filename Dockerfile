# One image for the web server and the worker. Everything it needs is in it; settings come from
# the environment.

FROM python:3.13-slim-trixie AS build
WORKDIR /srv/pidpys
COPY requirements/base.txt requirements/base.txt
RUN python3 -m venv /opt/venv && \
    /opt/venv/bin/python -m pip install --no-cache-dir --require-hashes --only-binary :all: \
        -r requirements/base.txt
COPY . .
RUN /opt/venv/bin/python manage.py compilemessages && \
    /opt/venv/bin/python manage.py collectstatic --no-input --verbosity 0 && \
    mkdir -p var/media var/private && chmod 700 var/private

FROM python:3.13-slim-trixie
# pg_dump and pg_restore, of compose.yaml's PostgreSQL: backups are made from within the image.
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install --yes --no-install-recommends postgresql-client-17 && \
    rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cms.settings.production \
    HOST=0.0.0.0 \
    PORT=8000 \
    HOME=/srv/pidpys/var
WORKDIR /srv/pidpys
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/pidpys /srv/pidpys
# Only uploads, and a database in a file, are written; the code is not the server's to change.
COPY --from=build --chown=10001:10001 /srv/pidpys/var /srv/pidpys/var
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python3", "scripts/healthcheck.py"]
# The worker is the same image with the command: python manage.py worker
CMD ["python", "-m", "cms.serve"]
