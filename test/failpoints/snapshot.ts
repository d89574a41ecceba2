import type { Rig } from '../support/rig';
import { DAY, type Seconds } from '../../src/domain/time';

/** Whose story it is. */
export interface Subject {
  coachId: string;
  accountId: string;
}

/** Everything that a story leaves behind, as lines that do not depend on when it was told, nor on the ids that were drawn. */
export type Snapshot = string[];

/** Tells nothing about an outcome: how often and when somebody looked, what woke them, and what is between two processes. */
const VOLATILE = new Set([
  'revision',
  'attempt',
  'attempts',
  'cause',
  'cause_id',
  'run_id',
  'workflow_id',
  'updated_at',
  'verified_at',
  'compared_at',
  'sync_after',
  'last_used_at',
  'next_deadline_at',
  'metadata',
  // Drawn, or counted for all coaches together.
  'id',
  'position',
  'last_four',
  'invoice_prefix',
  'number',
]);
/** What leads to the outcome, and is not it. The inbox has to be empty, which is asked for apart. */
const NOT_COMPARED = new Set([
  'inbox',
  'idempotency_record',
  'console_session',
  'console_link',
  // Every request that was made: who was not answered asks again.
  'audit_entry',
  // What became true on the way: what one look finds at once, two find one after the other.
  'fact',
  'fact_sequence',
  'mail',
]);
/** So many of them as there were occasions to look. */
const RUNS_NOT_COUNTED = new Set(['stripeEvent', 'catalogChange', 'customerAddress']);

const ID = /(?=[\w-]*[A-Z0-9])[\w-]{10,}/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+(?:Z|[+-]\d\d:\d\d)/g;
/** As Stripe writes days into descriptions: midnight may have passed since the story was told undisturbed. */
const DATE = /\b\d{1,2} [A-Z][a-z]{2} \d{4}\b/g;
/** The stacks on which stories are told have ports of their own. */
const ADDRESS = /\b(?:127\.0\.0\.1|localhost):\d+/g;
/** Seconds that Stripe writes as numbers. */
const isTime = (value: number) => value > 1_500_000_000 && value < 8_000_000_000;

function essence(value: unknown, origin: Seconds): unknown {
  const day = (at: Seconds) => `day ${Math.round((at - origin) / DAY)}`;
  if (typeof value === 'string')
    return value
      .replaceAll(TIME, (time) => day(Date.parse(time) / 1000))
      .replaceAll(DATE, '{date}')
      .replaceAll(ADDRESS, '{here}')
      .replaceAll(ID, '{id}');
  if (typeof value === 'number') return isTime(value) ? day(value) : value;
  if (Array.isArray(value)) return value.map((each) => essence(each, origin));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !VOLATILE.has(key))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => [key.replaceAll(ID, '{id}'), essence(each, origin)]),
  );
}

async function rows({ db }: Rig, { coachId }: Subject): Promise<[string, unknown][]> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'coach_id' ORDER BY 1`;
  const compared = tables.filter(({ name }) => !NOT_COMPARED.has(name));
  const found = await Promise.all(
    compared.map(async ({ name }) => {
      const sql = `SELECT to_jsonb(t) AS row FROM "${name}" t WHERE coach_id = $1`;
      const all = await db.$queryRawUnsafe<{ row: unknown }[]>(sql, coachId);
      return all.map(({ row }): [string, unknown] => [name, row]);
    }),
  );
  return found.flat();
}

async function objects({ stripeSide }: Rig, { accountId }: Subject): Promise<[string, unknown][]> {
  const { types } = await stripeSide.control<{ types: string[] }>('GET', '/objects');
  const found = await Promise.all(
    types
      .filter((type) => type !== 'event')
      .map(async (type) =>
        (await stripeSide.objects(type, accountId)).map((object): [string, unknown] => [
          `stripe ${type}`,
          object,
        ]),
      ),
  );
  return found.flat();
}

interface Run {
  workflowId: string;
  type: string;
  status: string;
  startTime: Date;
  /** Somebody has a task of it. */
  isBusy: boolean;
}

/**
 * The last run of each workflow id. A list may be seconds behind, so those that are said to run are asked themselves.
 * https://docs.temporal.io/evaluate/features/observability
 */
export async function runsOf({ client }: Rig, { coachId }: Subject): Promise<Run[]> {
  const last = new Map<string, Run>();
  for await (const { workflowId, type, status, startTime } of client.workflow.list({
    query: `CoachId = '${coachId}'`,
  })) {
    const known = last.get(workflowId);
    if (known === undefined || known.startTime <= startTime)
      last.set(workflowId, { workflowId, type, status: status.name, startTime, isBusy: false });
  }
  const present = async (run: Run): Promise<Run> => {
    if (run.status !== 'RUNNING') return run;
    const { raw, status } = await client.workflow.getHandle(run.workflowId).describe();
    const isBusy = (raw.pendingActivities?.length ?? 0) > 0 || raw.pendingWorkflowTask != null;
    return { ...run, status: status.name, isBusy };
  };
  return Promise.all([...last.values()].map(present));
}

/** What a story has left behind: rows, objects at Stripe, and runs. */
export async function takeSnapshot(rig: Rig, subject: Subject, origin: Seconds): Promise<Snapshot> {
  const [ours, theirs, runs] = await Promise.all([
    rows(rig, subject),
    objects(rig, subject),
    runsOf(rig, subject),
  ]);
  return [
    ...[...ours, ...theirs].map(([kind, row]) => `${kind} ${JSON.stringify(essence(row, origin))}`),
    ...runs
      .filter(({ type, status }) => status !== 'COMPLETED' || !RUNS_NOT_COUNTED.has(type))
      .map(({ type, status }) => `run ${type} ${status}`),
  ].sort();
}

/** The lines that only one of two snapshots has; each as often as it has it more. */
export function differences(expected: Snapshot, actual: Snapshot): { missing: string[]; surplus: string[] } {
  const surplus = [...actual];
  const missing = expected.filter((line) => {
    const at = surplus.indexOf(line);
    if (at >= 0) surplus.splice(at, 1);
    return at < 0;
  });
  return { missing, surplus };
}

/** The same in words: of two lines of one kind only the fields in which they differ. */
export function describeDifferences({ missing, surplus }: ReturnType<typeof differences>): string[] {
  const left = [...surplus];
  const told = missing.map((line) => {
    const kind = line.slice(0, line.indexOf('{'));
    const at = left.findIndex((other) => kind !== '' && other.startsWith(`${kind}{`));
    if (at < 0) return `missing: ${line}`;
    const [other = ''] = left.splice(at, 1);
    return `${kind.trim()}: ${fields(line.slice(kind.length), other.slice(kind.length)).join('; ')}`;
  });
  return [...told, ...left.map((line) => `too much: ${line}`)];
}

function fields(expected: string, actual: string): string[] {
  const [one, other] = [expected, actual].map((text) => JSON.parse(text) as Record<string, unknown>);
  const keys = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  return [...keys].flatMap((key) => {
    const [was, is] = [JSON.stringify(one?.[key]), JSON.stringify(other?.[key])];
    return was === is ? [] : [`${key} is ${is}, undisturbed ${was}`];
  });
}
