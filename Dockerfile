# One image for everything: web (the default), migrate, and every other command of `nakamawa`.
# It is made by the same make targets that the tests use.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY Makefile pyproject.toml requirements.lock package.json package-lock.json README.md ./
COPY backend backend
COPY matching matching
COPY seed seed
COPY static static
COPY templates templates
# The last command imports everything once, which compiles it: whoever runs the image may not write there.
RUN make setup model NAKAMAWA_DATA_DIR=/app/model-data && .venv/bin/nakamawa --help > /dev/null

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 1000 nakamawa && mkdir /data && chown nakamawa /data
WORKDIR /app
COPY --from=build --chown=root:root /app /app
USER nakamawa
ENV PATH=/app/.venv/bin:$PATH \
    NAKAMAWA_ENVIRONMENT=production \
    NAKAMAWA_DATA_DIR=/data \
    NAKAMAWA_ENCODER=/app/model-data/models/multilingual-e5-small
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --start-period=120s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz')"]
ENTRYPOINT ["nakamawa"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
