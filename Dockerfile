# One image for `isra serve`, `isra worker` and `isra db upgrade`.
ARG PYTHON_IMAGE=docker.io/library/python:3.11-slim-bookworm

# The packages alone, so that a change of ours neither installs nor stores them anew.
FROM ${PYTHON_IMAGE} AS packages
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements-image.txt ./
# Nothing that runs reads the packages' own tests, their type stubs and the maps of their scripts.
RUN pip install --quiet --require-hashes -r requirements-image.txt \
    && site="$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
    && echo /opt/isra > "$site/isra.pth" \
    && find "$site" -type d -name tests -prune -exec rm -r {} + \
    && find "$site" \( -name '*.pyi' -o -name '*.js.map' -o -name '*.css.map' \) -delete

FROM packages AS build
COPY pyproject.toml README.md LICENSE ./
COPY agent agent
COPY graph graph
COPY tools tools
COPY evals evals
COPY app app
RUN pip install --quiet --no-deps --no-build-isolation --target /opt/isra .
# The chat's own files, with the translations that Chainlit would write beside them at its first
# start: in the image that folder cannot be written to.
COPY .chainlit /app/.chainlit
COPY public /app/public
COPY chainlit.md LICENSE /app/
RUN CHAINLIT_APP_ROOT=/app python -c "import chainlit.config as c; c.init_config()" \
    && rm -rf /app/.files && ln -s /data /app/.files

# Tools for installing are no part of what runs.
FROM packages AS lean
RUN pip uninstall --quiet --yes setuptools wheel pip

FROM ${PYTHON_IMAGE} AS runtime
ARG VERSION=0.1.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Industry Sustainability Research Agent" \
      org.opencontainers.image.description="Researches sustainability reports; every claim opens its page." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
RUN groupadd --system --gid 10001 isra \
    && useradd --system --uid 10001 --gid isra --no-create-home --home-dir /data isra \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data
COPY --from=lean /opt/venv /opt/venv
COPY --from=build /opt/isra /opt/isra
COPY --from=build /app /app
# /data is the only place written to: home, temporary files and the agent's folder.
ENV PATH=/opt/isra/bin:/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/data \
    TMPDIR=/data \
    ISRA_DATA_DIR=/data \
    ISRA_HOST=0.0.0.0 \
    ISRA_PORT=8000 \
    ISRA_LOG_FORMAT=json
WORKDIR /app
VOLUME ["/data"]
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['ISRA_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["isra"]
CMD ["serve"]
