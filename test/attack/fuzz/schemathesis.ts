import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentOf, installPython } from '../../support/python';

const HERE = __dirname;
const REQUIREMENTS = join(HERE, 'requirements.txt');
/** Milliseconds after which a run is ended. */
const LIMIT_MS = 3 * 3600_000;
/** Its own idea of what a well-formed request may be answered with is replaced by checks.py. */
const LEFT_OUT = 'positive_data_acceptance,ensure_resource_availability';

/** What one run tries. https://schemathesis.readthedocs.io/en/stable/reference/cli/ */
export interface Fuzz {
  /** Where the API is, with its document at /openapi.json. */
  url: string;
  /** Requests that are made up of each operation; fewer where there are not so many different ones. */
  examples: number;
  seed: number;
  /** Further options: which operations, which headers, which phases. */
  more?: readonly string[];
}

/** As much of its report as is counted. */
export interface Report {
  complete: boolean;
  operations: { tested: number };
  test_cases: { generated: number };
  failures: { code: string; title: string; operations: string[] }[];
  errors: unknown[];
}

export interface Judgement {
  operations: number;
  examples: number;
  serverErrors: number;
  schemaViolations: number;
  opened: string[];
}

/** The program in its fixed version, if an earlier run of the attacks has installed it. */
export function installed(): string | null {
  const program = join(environmentOf(REQUIREMENTS), 'bin', 'schemathesis');
  return existsSync(program) ? program : null;
}

/** Installs it into an environment of its own, once. @throws Error that says what is missing. */
export async function install(progress: (line: string) => void): Promise<string> {
  const present = installed();
  if (present !== null) return present;
  progress('fuzz: installing Schemathesis (once)');
  const programs = await installPython(
    REQUIREMENTS,
    'The fuzz wants Python 3.10 or later with its venv module.',
  );
  return join(programs, 'schemathesis');
}

/** Runs it against an API, and says what it found. Its words, for people, go to standard error, or nowhere. */
export async function fuzz(
  program: string,
  { url, examples, seed, more = [] }: Fuzz,
  words: 'shown' | 'silent' = 'shown',
): Promise<Judgement> {
  const folder = mkdtempSync(join(tmpdir(), 'session-fuzz-'));
  const report = join(folder, 'report.json');
  try {
    await run(program, folder, words, [
      ...['run', `${url}/openapi.json`, '--url', url, ...more],
      ...['--exclude-checks', LEFT_OUT, '--continue-on-failure', '--no-shrink'],
      ...['--max-examples', String(examples), '--seed', String(seed), '--generation-database', 'none'],
      ...['--report', 'json', '--report-json-path', report, '--output-sanitize', 'true'],
      ...['--suppress-health-check', 'all', '--warnings', 'off', '--no-color'],
    ]);
    return judge(JSON.parse(readFileSync(report, 'utf8')) as Report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program: string, folder: string, words: 'shown' | 'silent', args: string[]): Promise<void> {
  const to = words === 'shown' ? 2 : 'ignore';
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, SCHEMATHESIS_HOOKS: 'checks', PYTHONPATH: HERE, PYTHONDONTWRITEBYTECODE: '1' },
      cwd: folder,
      stdio: ['ignore', to, to],
    });
    const limit = setTimeout(() => child.kill('SIGINT'), LIMIT_MS);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      // 1: it has found something, which is in its report.
      if (code === 0 || code === 1) resolve();
      else reject(new Error(`Schemathesis ended with ${code}`));
    });
  });
}

const SERVER_ERROR = 'ST101';

/** What a report amounts to. @throws Error where the run has not come to its end: what was not tried proves nothing. */
export function judge({ complete, operations, test_cases: cases, failures, errors }: Report): Judgement {
  if (!complete || errors.length > 0)
    throw new Error(`Schemathesis did not come to its end: ${JSON.stringify(errors)}`);
  const count = (ofServer: boolean) =>
    failures
      .filter(({ code }) => (code === SERVER_ERROR) === ofServer)
      .reduce((sum, { operations: at }) => sum + at.length, 0);
  return {
    operations: operations.tested,
    examples: cases.generated,
    serverErrors: count(true),
    schemaViolations: count(false),
    opened: failures.map(({ title, operations: at }) => `${title}: ${at.join(', ')}`),
  };
}
