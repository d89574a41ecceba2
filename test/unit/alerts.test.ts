import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Registry } from 'prom-client';
import { parse } from 'yaml';
import { createMetrics } from '../../src/api/http/metrics';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { measureStripe } from '../../src/stripe/metrics';
import { createWorkerMetrics } from '../../src/worker/metrics';

// What the rules say is checked by promtool (npm run alerts); here, that they speak of what there is.
interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { runbook: string };
}
const read = (...path: string[]) => readFileSync(join(PROJECT_ROOT, ...path), 'utf8');
const folder = ['deploy', 'prometheus'];
const { groups } = parse(read(...folder, 'alerts.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const guide = read('docs', 'operations.md');

/** Names of the product's own metrics, as Prometheus finds them. */
function ours(): string[] {
  const nobody = { modes: [], of: () => undefined, clientId: () => '', turns: new EventEmitter() } as never;
  const api = createMetrics().registry;
  measureStripe(nobody, api);
  const metrics = createWorkerMetrics({
    db: { $queryRaw: () => Promise.resolve([]) } as never,
    stripe: nobody,
  });
  metrics.relay({} as never);
  const worker: Registry = metrics.registry;
  return [api, worker].flatMap((registry) =>
    registry
      .getMetricsAsArray()
      .flatMap(({ name }) => [name, `${name}_count`, `${name}_bucket`, `${name}_sum`]),
  );
}

test.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (name, { expr, labels, annotations }) => {
  expect(['page', 'ticket']).toContain(labels.severity);
  expect(annotations.runbook).toBe(`docs/operations.md#${name.toLowerCase()}`);
  expect(guide).toContain(`\n### ${name}\n`);
  const used = expr.match(/\bsession_\w+/g) ?? [];
  expect(ours()).toEqual(expect.arrayContaining(used));
});

test('each is seen firing by npm run alerts, and each section of the guide is about one that there is', () => {
  const { tests } = parse(read(...folder, 'alerts.test.yml')) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts?: object[] }[] }[];
  };
  const fired = tests.flatMap((one) =>
    one.alert_rule_test.flatMap(({ alertname, exp_alerts = [] }) =>
      exp_alerts.length > 0 ? [alertname] : [],
    ),
  );
  const names = rules.map(({ alert }) => alert);
  expect([...new Set(fired)].sort()).toEqual([...names].sort());
  const sections = [...guide.matchAll(/^### (Session\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(names);
});

test('the dashboard asks for metrics that there are', () => {
  const dashboard = read('deploy', 'grafana', 'session-payments.json');
  const { panels } = JSON.parse(dashboard) as { panels: { title: string; targets?: { expr: string }[] }[] };
  expect(panels.length).toBeGreaterThan(10);
  const used = panels.flatMap(({ targets = [] }) =>
    targets.flatMap(({ expr }) => expr.match(/\bsession_\w+/g) ?? []),
  );
  expect(used.length).toBeGreaterThan(8);
  expect(ours()).toEqual(expect.arrayContaining(used));
});
