import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { schema } from '../../src/config/environment';
import { PROJECT_ROOT } from '../../src/local/process/project';

// Each is checked against Kubernetes' own schemas by npm run manifests; here, that they fit each other and the product.
const FOLDER = join(PROJECT_ROOT, 'deploy', 'kubernetes');

interface Probe {
  httpGet: { path: string; port: string };
}
interface Container {
  command: string[];
  env: { name: string; value: string }[];
  envFrom?: { configMapRef: { name: string } }[];
  ports?: { name: string; containerPort: number }[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  startupProbe?: Probe;
  resources: { requests: object; limits: { memory: string } };
  securityContext: object;
}
interface PodSpec {
  containers: Container[];
  volumes: { secret?: { items: { key: string; path: string }[] } }[];
  securityContext: object;
  terminationGracePeriodSeconds?: number;
}
interface Manifest {
  kind: string;
  metadata: { name: string };
  spec: {
    template?: { metadata: { labels: Record<string, string> }; spec: PodSpec };
    selector?: { matchLabels?: Record<string, string> };
    podSelector?: { matchLabels: Record<string, string> };
    scaleTargetRef?: { name: string };
    minReplicas?: number;
    minAvailable?: number;
  };
  data?: Record<string, string>;
}

const { resources } = parse(readFileSync(join(FOLDER, 'kustomization.yaml'), 'utf8')) as {
  resources: string[];
};
const manifests = resources.flatMap((file) =>
  parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map((one) => one.toJS() as Manifest),
);
const ofKind = (kind: string) => manifests.filter((one) => one.kind === kind);
const configuration = ofKind('ConfigMap')[0]?.data ?? {};
const pods = [...ofKind('Deployment'), ...ofKind('Job')].flatMap(({ metadata, spec: { template } }) =>
  template === undefined ? [] : [[metadata.name, template.spec] as const],
);

test('every file is named', () => {
  const others = ['kustomization.yaml', 'prometheus-adapter.yaml'];
  expect([...resources, ...others].sort()).toEqual(readdirSync(FOLDER).sort());
});

test('every variable is one that the product reads', () => {
  const known = Object.keys(schema.shape);
  const named = pods.flatMap(([, { containers }]) =>
    containers.flatMap(({ env }) => env.map(({ name }) => name)),
  );
  for (const name of [...Object.keys(configuration), ...named])
    expect(known).toContain(name.replace(/_FILE$/, ''));
});

test.each(pods)('%s is given the secrets that it reads, and no others', (name, { containers, volumes }) => {
  const [{ env = [], envFrom = [] } = { env: [] }] = containers;
  const values = [
    ...env.map(({ value }) => value),
    ...(envFrom.length > 0 ? Object.values(configuration) : []),
  ];
  const read = values.flatMap((value) => /^\/run\/secrets\/(\w+)$/.exec(value)?.[1] ?? []);
  const given = volumes.flatMap(({ secret }) => secret?.items ?? []);
  expect(given.map(({ key }) => key).sort()).toEqual(read.sort());
  for (const { key, path } of given) expect(path).toBe(key);
  expect(values.join(' ')).not.toMatch(/:[^/@\s]+@/);
  expect(read).not.toContain(name === 'session-api' ? 'postgres_worker_password' : 'postgres_api_password');
});

test.each(pods)('%s runs what is built, as nobody in particular, with an end to its memory', (_name, pod) => {
  for (const { command, resources: limits, securityContext } of pod.containers) {
    const program = command.find((part) => part.startsWith('dist/')) ?? '';
    expect(existsSync(join(PROJECT_ROOT, program.replace(/^dist/, 'src').replace(/\.js$/, '.ts')))).toBe(
      true,
    );
    expect(limits.limits.memory).toMatch(/^\d+(Mi|Gi)$/);
    expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
  }
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
});

test.each(['session-api', 'session-worker'])(
  '%s is asked how it is, scaled, and never taken away whole',
  (name) => {
    const deployment = ofKind('Deployment').find(({ metadata }) => metadata.name === name);
    const labels = deployment?.spec.template?.metadata.labels;
    expect(deployment?.spec.selector?.matchLabels).toEqual(labels);
    const [container] = deployment?.spec.template?.spec.containers ?? [];
    expect(container?.livenessProbe?.httpGet.path).toBe('/healthz');
    expect(container?.startupProbe?.httpGet.path).toBe('/healthz');
    expect(container?.readinessProbe?.httpGet.path).toMatch(/^\/readyz/);
    for (const kind of ['PodDisruptionBudget', 'NetworkPolicy']) {
      const { selector, podSelector } =
        ofKind(kind).find(({ metadata }) => metadata.name === name)?.spec ?? {};
      expect((selector ?? podSelector)?.matchLabels).toEqual(labels);
    }
    const scaler = ofKind('HorizontalPodAutoscaler').find(({ metadata }) => metadata.name === name)?.spec;
    expect(scaler?.scaleTargetRef?.name).toBe(name);
    expect(scaler?.minReplicas).toBeGreaterThan(1);
  },
);
