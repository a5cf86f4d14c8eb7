# One image for API, workers, media server, set-up steps and the simulated site; the command decides.
FROM node:22.20.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The optional embedded PostgreSQL is for `npm start` on one machine; here the database is a service of its own.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 -type d ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} +
COPY domain domain
COPY config config
COPY clients clients
COPY db db
COPY activities activities
COPY workflows workflows
COPY workers workers
COPY api api
COPY cli cli
COPY lab lab
COPY scripts scripts
COPY docs docs
COPY LICENSE NOTICE tsconfig.json ./

FROM node:22.20.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build --chown=root:root /app /app
RUN install -d -o node -g node -m 0750 /var/lib/dsm
USER node
VOLUME /var/lib/dsm
CMD ["node", "--import", "tsx", "api/main.ts"]
