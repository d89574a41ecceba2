import { describeExit, lastLines, startChild, type Child, type ChildSpec } from './child-process';
import { LocalError } from './local-error';
import { waitFor } from './wait';

const DEFAULT_DEADLINE_MS = 60_000;

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}

/**
 * Starts a process and waits until it can be used.
 * @throws LocalError with the end of its log when it ends before that, or is not ready in time; it is stopped then
 */
export async function startUntilReady(
  spec: ChildSpec,
  isReady: (child: Child) => Promise<boolean>,
  deadlineMs: number = DEFAULT_DEADLINE_MS,
): Promise<Child> {
  const child = await startChild(spec);
  const outcome = await waitFor(
    `${spec.name} ready`,
    async () => (child.exitReason() ? 'ended' : (await isReady(child)) && 'ready'),
    { deadlineMs },
  ).catch(reasonOf);
  if (outcome === 'ready') return child;
  const exit = child.exitReason();
  await child.stop();
  throw new LocalError(
    `${spec.name} ${exit ? `ended with ${describeExit(exit)}` : `did not start: ${outcome}`}; its log ends with\n` +
      lastLines(spec.logFile),
  );
}
