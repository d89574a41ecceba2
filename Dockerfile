# What runs in production. The target `migrate` is the job that brings the schema up to date; the last one is everything else: the
# API with the coach's console, the worker and the other job. The command chooses (see docker-compose.yml).

FROM node:24-bookworm-slim AS build
WORKDIR /app
# Dependencies in a layer of their own: they change less often than the sources.
COPY package.json package-lock.json ./
COPY packages/stripe-emulator/package.json packages/stripe-emulator/
COPY packages/sdk/package.json packages/sdk/
COPY packages/cli/package.json packages/cli/
COPY console/package.json console/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && rm -rf dist/local dist/demo dist/demo-site

# Without a developer's tools, and without what is for other systems: a seventh of it. `optional`: Prisma's client names its
# command line as a peer that may be there.
FROM build AS modules
RUN npm prune --omit=dev --omit=optional --no-audit --no-fund \
  && rm -rf node_modules/@session \
  && node docker/slim-modules.mjs node_modules

FROM node:24-bookworm-slim AS program
# Temporal's core verifies certificates with the system's roots.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/dist dist
# Everything belongs to root: the running program can change nothing of itself.
USER node

# The tool that changes the schema, its engine and the migrations: what a running program has no use for.
FROM program AS migrate
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/prisma.config.ts ./
COPY --from=build /app/scripts/prisma scripts/prisma
COPY --from=build /app/prisma prisma
CMD ["node", "dist/setup/migrate.js"]

FROM program
COPY --from=modules /app/node_modules node_modules
# What /docs/guides shows.
COPY --from=build /app/docs docs
COPY --from=build /app/packages/sdk/README.md packages/sdk/
COPY --from=build /app/packages/cli/README.md packages/cli/
ENV API_HOST=0.0.0.0 API_PORT=4000
EXPOSE 4000
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
