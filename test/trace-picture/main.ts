import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/local/process/project';
import { newStackPlace, startLocalStack } from '../harness/local-stack';
import { currentRun, endRun } from '../harness/run';
import { startCollector } from '../support/collector';
import { waterfall } from './waterfall';

const PICTURE = join(PROJECT_ROOT, 'docs', 'trace.svg');

/** Plays the demo on a stack whose spans are collected, and draws the trace of a checkout that was opened in it. */
export async function main(): Promise<boolean> {
  await currentRun();
  const collector = await startCollector();
  try {
    const stack = await startLocalStack(
      await newStackPlace({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '500' }),
    );
    const demo = join(PROJECT_ROOT, 'dist', 'demo', 'main.js');
    execFileSync(process.execPath, [demo, '--mode', 'test'], {
      env: { ...process.env, ...stack.place.env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    // What is left is sent as the processes end.
    await stack.stop();
    const spans = collector.spans();
    const traces = spans
      .filter(({ name }) => name === 'POST /v1/checkouts')
      .map(({ traceId }) => spans.filter((span) => span.traceId === traceId));
    const whole = traces.findLast((trace) => trace.some(({ name }) => name.startsWith('Stripe POST')));
    if (whole === undefined) throw new Error('No trace of a checkout came');
    writeFileSync(PICTURE, waterfall(whole));
    process.stdout.write(`${PICTURE}: ${whole.length} spans\n`);
    return true;
  } finally {
    await collector.close();
    await endRun();
  }
}
