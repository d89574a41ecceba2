import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client as TemporalClient } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { Client } from 'pg';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { findTemporalCli } from '../../src/local/temporal/cli';
import { membershipWorkflowId } from '../../src/messages/ids';
import { ensureReconciliation } from '../../src/temporal/schedules';
import { late } from '../../packages/stripe-emulator/test/support/late';
import { getDevServer } from '../harness/temporal';
import { eventually } from '../support/eventually';
import { rigFor, shopFor } from '../support/setup';

// Every command of docs/operations.md, as it stands there.
const GUIDE = readFileSync(join(PROJECT_ROOT, 'docs', 'operations.md'), 'utf8');
const BLOCKS = [...GUIDE.matchAll(/^ *```(sh|sql)\n([\s\S]*?)^ *```$/gm)].map(([, language, text = '']) => ({
  language,
  commands: language === 'sql' ? [text] : text.split('\n').flatMap((line) => line.trim() || []),
}));
const COMMANDS = BLOCKS.flatMap(({ commands }) => commands);
const ELSEWHERE = [
  // npm run topology makes builds the current one, on a server that knows what runs report.
  /^temporal worker deployment /,
  /^temporal workflow update-options /,
  /TemporalReportedProblems/,
  // test/integration/restore.test.ts
  /^ *SELECT mode, account_id, object_id/,
  // test/integration/replay-from-server.test.ts
  /^npm run replay /,
  // They want a cluster; what they read is looked at by test/unit/kubernetes.test.ts and npm run manifests.
  /^kubectl /,
  /^docker\/make-secrets\.sh /,
  // test/unit/stripe-setup.test.ts
  /^npm run stripe:setup /,
];

const rig = rigFor('file');
const shop = shopFor('file', rig);
const server = late('file', getDevServer, (it) => it.close());
const run = new Set<string>();

/** A folder of the PATH in which `temporal` is the CLI that the tests use. */
const bin = mkdtempSync(join(tmpdir(), 'session-operations-'));
beforeAll(async () => {
  chmodSync(bin, 0o755);
  symlinkSync(await findTemporalCli(() => undefined), join(bin, 'temporal'));
});
afterAll(() => rmSync(bin, { recursive: true, force: true }));

/** The guide's one command with these words in it. */
function command(words: string): string {
  const found = COMMANDS.filter((one) => one.includes(words));
  expect(found).toHaveLength(1);
  const [only = ''] = found;
  run.add(only);
  return only;
}

/** Runs a line of the guide in a shell; answers what it prints. */
async function sh(words: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-euc', command(words)], {
    env: {
      // No profile of whoever runs the tests.
      HOME: bin,
      PATH: `${bin}:${process.env['PATH']}`,
      TEMPORAL_ADDRESS: server.address,
      PLATFORM_KEY: rig.config.platformKey,
      PUBLIC_URL: rig.api,
      REASON: 'a test',
      ...env,
    },
  });
  return stdout;
}

async function sql(words: string, ...values: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: rig.config.databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(command(words), values)).rows;
  } finally {
    await client.end();
  }
}

async function buyAMonth() {
  const member = await shop.newMember();
  const sale = await shop.sell();
  const { membershipId } = await shop.buy(sale, member);
  return { member, membershipId, hasAccess: () => shop.access(member, sale.productId) };
}

test('from an e-mail address to the runs', async () => {
  const { member, membershipId } = await buyAMonth();
  const email = `mia.${randomBytes(4).toString('hex')}@example.com`;
  await rig.db.member.update({ where: { id: member }, data: { email } });
  const [row] = await sql('FROM member WHERE', email.toUpperCase());
  expect(row).toMatchObject({ id: member, coach_id: shop.coachId, mode: 'test' });
  await eventually('the run among those that are found', async () =>
    (await sh("MemberId = '$MEMBER_ID'", { MEMBER_ID: member })).includes(membershipWorkflowId(membershipId)),
  );
});

test('a parked event is found, and driven again', async () => {
  const { id } = await rig.db.inbox.create({
    data: {
      mode: 'test',
      eventId: 'evt_parked',
      accountId: shop.accountId,
      type: 'invoice.paid',
      objectId: 'in_nobody',
      payload: {},
      status: 'parked',
    },
  });
  const row = () => rig.db.inbox.findUniqueOrThrow({ where: { id } });
  expect(await sh('inbox?status=parked')).toContain('evt_parked');
  await sh('/redrive', { INBOX_ID: id.toString() });
  expect((await row()).status).not.toBe('parked');
  await rig.db.inbox.delete({ where: { id } });
});

test('mails that are being tried, and those that were not sent', async () => {
  const mail = (kind: string, more: object) =>
    rig.db.mail.create({
      data: { coachId: shop.coachId, mode: 'test', id: `eml_${kind}`, kind, key: kind, ...more },
    });
  await mail('sale', { status: 'sending', tries: 2, answer: '451' });
  await mail('dispute', { status: 'failed', reason: 'not_taken', endedAt: new Date() });
  const tried = await sql("status = 'sending'");
  expect(tried).toContainEqual(expect.objectContaining({ kind: 'sale', tries: 2, answer: '451' }));
  const lost = await sql("status IN ('failed', 'unclear')");
  expect(lost).toContainEqual(expect.objectContaining({ id: 'eml_dispute', reason: 'not_taken' }));
});

test('who waits, and who floods', async () => {
  expect(await sql('max(note) FROM inbox')).toEqual(expect.any(Array));
  const flood = await sql("interval '15 minutes'");
  expect(flood).toEqual(expect.arrayContaining([expect.objectContaining({ account_id: shop.accountId })]));
});

test('a run that stands still is looked at, terminated, and replaced; access stays', async () => {
  const { membershipId, hasAccess } = await buyAMonth();
  const workflowId = membershipWorkflowId(membershipId);
  const of = {
    MEMBERSHIP_ID: membershipId,
    COACH_ID: shop.coachId,
    MODE: 'test',
    TASK_QUEUE: rig.config.temporal.taskQueue,
  };
  expect(await sh('workflow describe --workflow-id "membership', of)).toContain(workflowId);
  await sh('workflow terminate', of);
  const before = (await shop.membership(membershipId)).revision;
  await sh('workflow start', of);
  await eventually('a look of the new run', async () => {
    const { events } = await rig.client.workflow.getHandle(workflowId).fetchHistory();
    return events?.some((event) => event.activityTaskCompletedEventAttributes != null);
  });
  expect(await hasAccess()).toMatchObject({ access: true });
  expect((await shop.membership(membershipId)).revision).toBeGreaterThanOrEqual(before);
  expect(await sh("ExecutionStatus = 'Failed'")).not.toContain(membershipId);
});

test('the reconciliation is looked at, paused, resumed and begun', async () => {
  // In a namespace of its own: schedules have the same name for everybody.
  const namespace = `operations-${randomBytes(6).toString('hex')}`;
  await server.client.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const client = new TemporalClient({ connection: server.client.connection, namespace });
  await eventually('the namespace', () =>
    ensureReconciliation(client, { taskQueue: 'nobody', everyMinutes: 50_000 }).then(() => true),
  );
  const of = { TEMPORAL_NAMESPACE: namespace };
  expect(await sh('schedule describe', of)).toContain('reconciliation');
  const state = async () => (await client.schedule.getHandle('reconciliation').describe()).state;
  await sh('--pause', of);
  expect(await state()).toMatchObject({ paused: true, note: 'a test' });
  await sh('--unpause --reason "$REASON"', of);
  expect(await state()).toMatchObject({ paused: false });
  await sh('schedule trigger', of);
  const runs = () => client.schedule.getHandle('reconciliation').describe();
  await eventually('a run of it', async () => (await runs()).info.numActionsTaken > 0);
});

test('nothing in the guide is left untried', () => {
  const left = COMMANDS.filter((one) => !run.has(one) && !ELSEWHERE.some((known) => known.test(one)));
  expect(left).toEqual([]);
  expect(run.size).toBeGreaterThan(10);
});
