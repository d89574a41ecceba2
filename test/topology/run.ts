import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Child, describeExit, lastLines } from '../../src/local/process/child-process';
import { freePorts } from '../../src/local/process/ports';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { newStackPlace, startLocalStack, type StackPlace } from '../harness/local-stack';
import { currentRun } from '../harness/run';
import { provided } from '../harness/variables';
import { makeCurrent, temporalCli } from '../support/deployment';
import { type Balancer, startBalancer } from './balancer';
import { type Programs, programsOf } from './programs';
import { countBy, type RunTold, tellRuns } from './runs';
import { startTemporalCluster, type TemporalCluster } from './temporal-cluster';

const DEPLOYMENT = 'session-payments';
const TASK_QUEUE = 'session-payments';
const SHARDS = 4;
/** The chapter of the demo with which the next version comes: right after API and worker were killed. */
const ROLLOUT_AT = 'Checkouts that come to nothing';
/** Milliseconds in which every host of Temporal has heard which build is the current one. */
const HEARD_MS = 5000;
/** As it is for workers and APIs in docker-compose.yml. */
const GRACE_MS = 60_000;

export interface Report {
  server: string;
  shards: number;
  /** Of the demo. */
  steps: number;
  seconds: number;
  /** Requests by the API that answered. */
  answered: Record<string, number>;
  passedOn: number;
  /** Requests that were cut off when an API was killed, and when one was replaced. */
  cutOff: { byKill: number; byRollout: number };
  /** Runs by how they ended. */
  runs: Record<string, number>;
  /** Workflow tasks by the build that did them. */
  tasks: Record<string, number>;
  /** Runs that began on the first build and went on with the second. */
  wentOn: number;
  /** What was not as promised. */
  violations: string[];
}

/** Two APIs behind a balancer, two workers, Temporal on Postgres; the demo; kills; a rollout. */
export async function rehearse(progress: (line: string) => void): Promise<Report> {
  const run = await currentRun();
  const onSpawn = (child: Child): void => run.record.put(child.name, child.identity);
  const cluster = await startTemporalCluster(
    { postgresUrl: provided('postgres'), folder: run.folder, shards: SHARDS },
    { progress, onSpawn },
  );
  progress(`Temporal ${cluster.version} with ${cluster.shards} shards at ${cluster.address}`);

  const [balancerPort = 0, ...ports] = await freePorts(3);
  const balancer = await startBalancer(balancerPort);
  const place = await newStackPlace({
    TEMPORAL_ADDRESS: cluster.address,
    TEMPORAL_DEPLOYMENT_NAME: DEPLOYMENT,
    TEMPORAL_WORKER_BUILD_ID: '1',
    PUBLIC_URL: balancer.url,
    TRUSTED_PROXIES: '1',
  });
  const apis: Record<string, string> = {
    a: `http://127.0.0.1:${place.env['API_PORT']}`,
    b: `http://127.0.0.1:${ports[0]}`,
    c: `http://127.0.0.1:${ports[1]}`,
  };
  balancer.sendTo([apis['a'] ?? '']);
  const [stack] = await Promise.all([startLocalStack(place), makeCurrent(cluster.address, DEPLOYMENT, '1')]);
  const programs = programsOf(place, onSpawn);
  const [apiB, workerB] = await Promise.all([
    programs.api('api-b', ports[0] ?? 0),
    programs.worker('worker-b', '1'),
  ]);
  balancer.sendTo([apis['a'] ?? '', apis['b'] ?? '']);
  progress('two APIs and two workers of build 1; the story begins');

  let rollout: Promise<Rollout> | undefined;
  const told = await playDemo(place, (line) => {
    progress(line);
    if (line === ROLLOUT_AT)
      rollout ??= roll({ apis, ports, balancer, programs, cluster, old: { apiB, workerB }, progress });
  });
  const rolled = await rollout;
  const runs = await tellRuns(cluster.address, TASK_QUEUE);
  const stuck = await temporalCli(
    cluster.address,
    ...['workflow', 'list', '--output', 'json', '--query', 'TemporalReportedProblems IS NOT NULL'],
  );
  const report = reportOf({
    cluster,
    apis,
    balancer,
    told,
    rolled,
    runs,
    stuck: JSON.parse(stuck) as object[],
  });
  await stack.stop();
  await rolled?.stop();
  await balancer.close();
  await cluster.child.stop();
  return report;
}

interface Rollout {
  /** Milliseconds since the epoch at which the second build was the current one. */
  at: number;
  cutOffBefore: number;
  cutOff: number;
  /** Who did not end by themselves, and well; with the end of their logs. */
  notGraceful: string[];
  stop(): Promise<void>;
}

/** The next version comes beside the old one; then the old one gets nothing more to do, and is asked to end. */
async function roll(of: {
  apis: Record<string, string>;
  ports: number[];
  balancer: Balancer;
  programs: Programs;
  cluster: TemporalCluster;
  old: { apiB: Child; workerB: Child };
  progress: (line: string) => void;
}): Promise<Rollout> {
  const { apis, ports, balancer, programs, cluster, old, progress } = of;
  const [apiC, workerC] = await Promise.all([
    programs.api('api-c', ports[1] ?? 0),
    programs.worker('worker-c', '2'),
  ]);
  await makeCurrent(cluster.address, DEPLOYMENT, '2');
  const at = Date.now();
  progress('build 2 is the current one');
  const cutOffBefore = balancer.cutOff();
  balancer.sendTo([apis['a'] ?? '', apis['c'] ?? '']);
  const ended = await Promise.all(
    [old.apiB, old.workerB].map(async (child) => {
      await child.stop({ graceMs: GRACE_MS });
      const exit = await child.exited;
      return { ...exit, told: `${child.name}, ${describeExit(exit)}\n${lastLines(child.logFile)}` };
    }),
  );
  progress('API and worker of before have ended');
  return {
    at,
    cutOffBefore,
    cutOff: balancer.cutOff() - cutOffBefore,
    notGraceful: ended.filter(({ code }) => code !== 0).map(({ told }) => told),
    stop: async () => {
      await Promise.all([apiC.stop(), workerC.stop()]);
    },
  };
}

interface Told {
  code: number | null;
  steps: number;
  seconds: number;
}

/** `npm run demo -- --kill --mode test` against the stack. */
async function playDemo({ env }: StackPlace, onLine: (line: string) => void): Promise<Told> {
  const demo = spawn(
    process.execPath,
    [join(PROJECT_ROOT, 'dist', 'demo', 'main.js'), '--kill', '--mode', 'test'],
    { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const since = performance.now();
  let steps = 0;
  createInterface({ input: demo.stdout }).on('line', (line) => {
    if (line.startsWith('  ✓')) steps += 1;
    onLine(line);
  });
  const code = await new Promise<number | null>((resolve) => demo.once('close', resolve));
  return { code, steps, seconds: Math.round((performance.now() - since) / 1000) };
}

const NOT_WELL = ['FAILED', 'TERMINATED', 'TIMED_OUT'];
/** What goes on with the build that is current (src/workflows/versioning.ts). */
const LONG = ['checkout', 'connection', 'memberErasure', 'membership', 'priceMove', 'withdrawal'];

function reportOf(of: {
  cluster: TemporalCluster;
  apis: Record<string, string>;
  balancer: Balancer;
  told: Told;
  rolled: Rollout | undefined;
  runs: RunTold[];
  /** Runs whose tasks have failed again and again. */
  stuck: object[];
}): Report {
  const { cluster, apis, balancer, told, rolled, runs, stuck } = of;
  const answered = Object.fromEntries(
    Object.entries(apis).map(([name, address]) => [name, balancer.answered()[address] ?? 0]),
  );
  const byRollout = rolled?.cutOff ?? 0;
  const wentOn = runs.filter(({ tasks }) => new Set(tasks.map(({ build }) => build)).size > 1);
  const late = rolled === undefined ? Infinity : rolled.at + HEARD_MS;
  const leftBehind = runs.filter(
    ({ type, tasks }) => LONG.includes(type) && tasks.some(({ build, at }) => at > late && build !== '2'),
  );
  const violations = [
    ...(told.code === 0 ? [] : ['the story did not go as promised']),
    ...(rolled === undefined ? ['the next version never came'] : []),
    ...(rolled?.notGraceful ?? []).map((told) => `did not end well by itself: ${told}`),
    ...(byRollout > 0 ? [`${byRollout} requests were cut off by the rollout`] : []),
    ...(cluster.shards < 4 ? ['too few shards'] : []),
    ...Object.entries(answered).flatMap(([name, count]) =>
      count > 0 ? [] : [`API ${name} answered nothing`],
    ),
    ...runs
      .filter(({ status }) => NOT_WELL.includes(status))
      .map((run) => `${run.workflowId} is ${run.status}`),
    ...(stuck.length > 0 ? [`${stuck.length} runs stand still`] : []),
    ...(wentOn.length > 0 ? [] : ['no open run went on with the next version']),
    ...leftBehind.map(({ workflowId }) => `${workflowId} went on with the old version`),
  ];
  return {
    server: cluster.version,
    shards: cluster.shards,
    steps: told.steps,
    seconds: told.seconds,
    answered,
    passedOn: balancer.passedOn(),
    cutOff: { byKill: balancer.cutOff() - byRollout, byRollout },
    runs: countBy(runs, ({ status }) => status),
    tasks: countBy(
      runs.flatMap(({ tasks }) => tasks),
      ({ build }) => build,
    ),
    wentOn: wentOn.length,
    violations,
  };
}
