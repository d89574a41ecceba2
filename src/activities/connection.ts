import type { ActivityDeps } from './deps';

/** What the connection's run does outside: Stripe, and the connection's row. */
export function createConnectionActivities(deps: ActivityDeps) {
  void deps;
  return {};
}
