# A Space or any server. Everything is made while building; starting downloads nothing.
FROM python:3.11-slim

# Where packages come from, e.g. --build-arg PIP_FIND_LINKS=… for a CPU build of torch (4 GB smaller)
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_FIND_LINKS

RUN useradd --create-home --uid 1000 cml
USER cml
WORKDIR /home/cml/app
COPY --chown=cml . .
RUN python3 bootstrap.py setup && rm -rf /home/cml/.cache

ENV CML_HOST=0.0.0.0 \
    CML_PORT=7860 \
    GRADIO_ANALYTICS_ENABLED=False \
    PYTHONUNBUFFERED=1
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD [ \
    ".venv/bin/python", "-c", \
    "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ['CML_PORT']}/healthz\", timeout=4)" ]
CMD [".venv/bin/python", "app.py"]
