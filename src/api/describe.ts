import type { Config } from '../config/config';
import { allRoutes } from './app';
import type { ApiDeps } from './deps';
import { openApiDocument } from './http/openapi';
import { PAGES } from './platform/documented-pages';

/** What the routes are given when they are only described: nothing of it may be used. */
function unused<T extends object>(what: string): T {
  const refuse = () => {
    throw new Error(`Describing the API used ${what}.`);
  };
  return new Proxy({} as T, { get: refuse, has: refuse });
}

/** The OpenAPI document without a running API, for the types of clients: no configuration, no server. */
export function describeApi() {
  const deps: ApiDeps = {
    // The one thing that a list of routes depends on: time moves against an emulator only.
    config: { localClock: false } as Config,
    db: unused('the database'),
    pool: unused('the pool'),
    keys: unused('the keys'),
    clock: unused('the clock'),
    presence: unused('the presence'),
    log: unused('the log'),
    workflows: unused('Temporal'),
    stripe: unused('Stripe'),
    temporalReady: () => Promise.reject(new Error('Describing the API asked for Temporal.')),
  };
  return openApiDocument(allRoutes(deps), PAGES, '/');
}
