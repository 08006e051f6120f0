# The web app. Its libraries and tools stay in this stage.
FROM denoland/deno:2.9.6 AS web

WORKDIR /app
COPY deno.json deno.lock ./
COPY cli/root.ts cli/root.ts
COPY embedded_postgres/deno.json embedded_postgres/deno.json
COPY sdk sdk
COPY server/web/built_app.ts server/web/built_app.ts
COPY web web
RUN deno run --config=deno.json --allow-all web/build/main.ts

# The server and what it needs, as the unprivileged user of the official image.
FROM denoland/deno:2.9.6

WORKDIR /app
ENV ENVIRONMENT=production
ENV HOST=0.0.0.0
ENV PORT=5001

COPY --chown=deno:deno deno.json deno.lock ./
COPY --chown=deno:deno cli cli
COPY --chown=deno:deno db db
COPY --chown=deno:deno embedded_postgres embedded_postgres
COPY --chown=deno:deno sdk/deno.json sdk/schemas.ts sdk/
COPY --chown=deno:deno sdk/schemas sdk/schemas
COPY --chown=deno:deno server server
COPY --chown=deno:deno --from=web /app/web/dist web/dist
RUN deno install --frozen --entrypoint cli/launch_image.ts server/main.ts && chown -R deno:deno "$DENO_DIR" \
  && ln -s /app/cli/paceline /usr/local/bin/paceline

USER deno
EXPOSE 5001
HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD deno run --cached-only --allow-net=127.0.0.1 --allow-env=PORT cli/healthcheck.ts

CMD ["paceline", "serve"]
