# The server and what it needs, as the unprivileged user of the official image.
FROM denoland/deno:2.9.6

WORKDIR /app
ENV ENVIRONMENT=production
ENV HOST=0.0.0.0
ENV PORT=5001

COPY --chown=deno:deno deno.json deno.lock ./
COPY --chown=deno:deno cli cli
COPY --chown=deno:deno db db
COPY --chown=deno:deno sdk sdk
COPY --chown=deno:deno server server
RUN deno install --frozen --entrypoint server/main.ts && chown -R deno:deno "$DENO_DIR"

USER deno
EXPOSE 5001
HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD deno run --cached-only --allow-net=127.0.0.1 --allow-env=PORT cli/healthcheck.ts

CMD ["run", "--cached-only", "--no-prompt", "--allow-net", "--allow-env=ALLOWED_ATHLETES,ALLOWED_HOSTS,ANSWER_CACHE_MB,ATHLETE_MAX_HR,ATHLETE_REST_HR,AUDIT_RETENTION,CACHE_MAX_AGE,CACHE_STALE_WHILE_REVALIDATE,CACHE_S_MAXAGE,CORS_ORIGINS,DATABASE_DIRECT_URL,DATABASE_URL,DEAUTHORIZE_GRACE_DAYS,ENCRYPTION_KEY,ENCRYPTION_KEYS_OLD,ENVIRONMENT,FRONTEND_URL,HOST,INTERNAL_API_KEY,LOG_FORMAT,LOG_LEVEL,MAX_CONCURRENT_REQUESTS,MAX_STREAMS,ON_DEAUTHORIZE,PORT,POSTGRES_DB,POSTGRES_HOST,POSTGRES_PASSWORD,POSTGRES_PORT,POSTGRES_USER,PUBLIC_STATS,PUBLIC_TOTALS,PUBLIC_URL,PUBLIC_VISIBILITY,RATE_LIMIT,SIGNUP,STATE_SECRET,STRAVA_API_URL,STRAVA_CLIENT_ID,STRAVA_CLIENT_SECRET,STRAVA_OAUTH_URL,STRAVA_REDIRECT_URI,STRAVA_RETENTION,STRAVA_WEBHOOK_SIGNING_SECRET,SYNC_CRON,TRUSTED_PROXIES,WEBHOOK_VERIFY_TOKEN", "--ignore-env", "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=100", "server/main.ts", "serve"]
