import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { parse } from 'yaml';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { SERVER_VERSION } from '../topology/temporal-programs';

interface Service {
  image?: string;
  build?: string | { context: string; target: string };
  restart?: string;
  command?: string[];
  environment?: Record<string, string | number | null>;
  secrets?: string[];
  volumes?: string[];
  ports?: string[];
  healthcheck?: object;
  depends_on?: Record<string, { condition: string }>;
}
interface ComposeFile {
  services: Record<string, Service>;
  secrets: Record<string, { file: string }>;
}

const text = readFileSync(join(PROJECT_ROOT, 'docker-compose.yml'), 'utf8');
const compose = parse(text, { merge: true }) as ComposeFile;
const services = Object.entries(compose.services);
const JOBS = ['roles', 'temporal-schema', 'temporal-namespace', 'migrate', 'temporal-setup'];

test('is a file of the Compose Specification', () => {
  const schema = readFileSync(join(PROJECT_ROOT, 'test', 'support', 'schemas', 'compose-spec.json'), 'utf8');
  const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(
    JSON.parse(schema) as object,
  );
  validate(compose);
  expect(validate.errors).toBeNull();
  const { postgres, ...others } = compose.services;
  validate({ ...compose, services: { ...others, postgres: { ...postgres, healthcheck: { every: '2s' } } } });
  expect(validate.errors).not.toBeNull();
});

test('every image has a version, and Temporal the one that npm run topology runs', () => {
  for (const [, { image, build }] of services)
    if (build === undefined) expect(image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?$/);
  for (const name of ['temporal', 'temporal-schema', 'temporal-namespace'])
    expect(compose.services[name]?.image).toMatch(new RegExp(`:${SERVER_VERSION}$`));
});

test('no secret is in the file, the environment or an argument: each is a file that those see who need it', () => {
  for (const [, { environment = {}, command = [] }] of services) {
    for (const [name, value] of Object.entries(environment)) {
      if (/PASSWORD|PWD|_KEYS?$|SECRET/.test(name) && !name.endsWith('_FILE'))
        throw new Error(`${name} is no file`);
      expect(String(value)).not.toMatch(/:[^/@\s]+@|PASSWORD/);
      if (name.endsWith('_FILE')) expect(value).toMatch(/^\/run\/secrets\/\w+$/);
    }
    expect(command.join(' ')).not.toMatch(/password/i);
  }
  for (const [name, { environment = {}, secrets = [] }] of services) {
    const read = Object.values(environment).flatMap(
      (value) => /^\/run\/secrets\/(\w+)$/.exec(String(value))?.[1] ?? [],
    );
    expect([name, secrets]).toEqual([name, expect.arrayContaining(read)]);
    for (const secret of secrets) expect(Object.keys(compose.secrets)).toContain(secret);
  }
  expect(compose.services['api']?.secrets).not.toContain('postgres_worker_password');
  expect(compose.services['worker']?.secrets).not.toContain('postgres_owner_password');
});

test('docker/make-secrets.sh makes every one of them', () => {
  const script = readFileSync(join(PROJECT_ROOT, 'docker', 'make-secrets.sh'), 'utf8');
  const made = Object.entries(compose.secrets).map(([name, { file }]) => {
    expect(file).toBe(`\${SECRETS_DIR:-./secrets}/${name}`);
    return name.replace(/^postgres(_\w+)?_password$/, 'postgres').replace(/^stripe_(test|live)_(\w+)$/, '$2');
  });
  for (const name of made) expect(script).toContain(name);
});

test('jobs end before those who need them start, and what runs on is started again', () => {
  for (const [name, { restart, depends_on = {} }] of services) {
    expect([name, restart]).toEqual([name, JOBS.includes(name) ? 'on-failure' : 'unless-stopped']);
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      if (JOBS.includes(needed)) expect(condition).toBe('service_completed_successfully');
      else {
        expect(condition).toBe('service_healthy');
        expect(compose.services[needed]?.healthcheck).toBeDefined();
      }
    }
  }
  const before = (name: string): string[] =>
    Object.keys(compose.services[name]?.depends_on ?? {}).flatMap((needed) => [needed, ...before(needed)]);
  for (const program of ['api', 'worker']) expect(before(program)).toEqual(expect.arrayContaining(JOBS));
});

test('files that are mounted are there; the Web UI is for this machine alone, and Temporal for nobody outside', () => {
  const files = services.flatMap(([, { volumes = [] }]) =>
    volumes.flatMap((volume) => (volume.startsWith('./') ? [volume.split(':')] : [])),
  );
  expect(files.length).toBeGreaterThan(4);
  for (const [from = '', , how] of files) {
    expect([
      from,
      existsSync(join(PROJECT_ROOT, from)) && statSync(join(PROJECT_ROOT, from)).isFile(),
    ]).toEqual([from, true]);
    expect(how).toBe('ro');
  }
  expect(compose.services['temporal-ui']?.ports?.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
  for (const name of ['temporal', 'postgres']) expect(compose.services[name]?.ports).toBeUndefined();
});

test('what a program of ours is started with is built', () => {
  for (const [, { command = [], build }] of services)
    if (build !== undefined) {
      const program = command.find((part) => part.startsWith('dist/')) ?? '';
      const source = program.replace(/^dist/, 'src').replace(/\.js$/, '.ts');
      expect([program, existsSync(join(PROJECT_ROOT, source))]).toEqual([program, true]);
    }
});
