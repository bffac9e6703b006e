# The image of the worker: a Java runtime of the modules it needs, its jars, no shell. See docs/deploy-containers.md.
FROM maven:3.9-eclipse-temurin-25@sha256:93b8a14ea2f412782e4e842651273b4d903e35cc496284f178fbbe2d67d00976 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/repository \
    mvn -Dmaven.repo.local=/repository -q -B -ntp -pl worker -am -Dmaven.test.skip=true -Dspotless.check.skip=true package
# The training run of the AOT cache needs no network: this proves it.
RUN --network=none deploy/container/assemble worker/target /opt/sluice && mkdir -m 0700 /var/lib/sluice

FROM gcr.io/distroless/base-nossl-debian13:nonroot@sha256:8c563c1fb5e120606f0d85733049775faed6192e2bd2223ef283a5393eec22b9
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Sluice" \
    org.opencontainers.image.description="SQS to PostgreSQL, personal data masked on the way" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.base.name="gcr.io/distroless/base-nossl-debian13:nonroot" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
# The runtime and the libraries change rarely, so they are layers of their own. File times must stay: the cache checks them.
COPY --from=build /opt/sluice/java /opt/sluice/java
COPY --from=build /opt/sluice/lib /opt/sluice/lib
COPY --from=build /opt/sluice/sluice-worker.jar /opt/sluice/java.options /opt/sluice/sluice.aot /opt/sluice/
# A volume mounted here belongs to the user below, who alone can write to it: a place for a keyset file.
COPY --from=build --chown=65532:65532 /var/lib/sluice /var/lib/sluice
# "container" is what programs know a container by (systemd, Container Interface): logs are JSON unless a terminal is attached.
ENV LANG=C.UTF-8 container=oci
USER 65532:65532
WORKDIR /var/lib/sluice
# 8080 the console, 8081 health and metrics; both listen on loopback unless an address is set.
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --start-interval=2s \
    CMD ["/opt/sluice/java/bin/java", "@/opt/sluice/java.options", "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "dev.sluice.Main", "health"]
ENTRYPOINT ["/opt/sluice/java/bin/java", "@/opt/sluice/java.options", "dev.sluice.Main"]
CMD ["run"]
