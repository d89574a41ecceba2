import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { History } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';

/** Set by `npm run record-histories`: the folder in which each ending of each workflow leaves one history. */
const FOLDER = process.env['SESSION_RECORD_HISTORIES'];

const HistoryMessage = temporal.api.history.v1.History;

/** What {@link record} wrote, as the worker replays it. */
export function historyOf(recorded: unknown): History {
  return HistoryMessage.fromObject(recorded as Record<string, unknown>);
}

/** What a history is called: `workflow--ending`, with the way there if it has several; null for one without an end. */
export function nameOf(history: History): string | null {
  const ending = endingOf(history);
  const way = history.events?.flatMap(
    (event) => WAYS[activityOf(event) ?? patchOf(event) ?? childOf(event) ?? ''] ?? [],
  )[0];
  return ending === null || way === undefined ? ending : `${ending}-${way}`;
}

/** Activities, patches and children that only runs on another way than the usual one come by. */
const WAYS: Record<string, string> = {
  prepareAccount: 'account-links',
  'looks-again-at-the-end': 'looked-again',
  coupon: 'coupons',
};

type HistoryEvent = NonNullable<History['events']>[number];

export function activityOf(event: HistoryEvent): string | undefined {
  return event.activityTaskScheduledEventAttributes?.activityType?.name ?? undefined;
}

export const childOf = (event: HistoryEvent): string | undefined =>
  event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowType?.name ?? undefined;

/** The id that was given to `patched()`, as the SDK's core writes it down. */
export function patchOf({ markerRecordedEventAttributes: marker }: HistoryEvent): string | undefined {
  const data =
    marker?.markerName === 'core_patch' ? marker.details?.['patch-data']?.payloads?.[0]?.data : null;
  return data == null ? undefined : (JSON.parse(Buffer.from(data).toString()) as { id: string }).id;
}

function endingOf(history: History): string | null {
  const events = history.events ?? [];
  const workflow = events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;
  const last = events.at(-1);
  if (workflow == null || last == null) return null;
  if (last.workflowExecutionContinuedAsNewEventAttributes) return `${workflow}--continued`;
  if (last.workflowExecutionFailedEventAttributes) return `${workflow}--failed`;
  const result = last.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0]?.data;
  if (result == null) return null;
  const { status, reason } = JSON.parse(Buffer.from(result).toString()) as {
    status?: string;
    reason?: string;
  };
  return `${workflow}--${reason ?? status ?? 'completed'}`;
}

/** Who ran it and where its code lay do not matter to a replay, and are nobody's business. */
const PRIVATE = new Set(['identity', 'stackTrace', 'encodedAttributes', 'binaryChecksum']);

/** Keeps the first history of each ending. */
export function record(history: History): void {
  if (FOLDER === undefined) return;
  const name = nameOf(history);
  if (name === null) return;
  mkdirSync(FOLDER, { recursive: true });
  const anonymous = (key: string, value: unknown): unknown => (PRIVATE.has(key) ? undefined : value);
  const json = JSON.stringify(HistoryMessage.fromObject(history).toJSON(), anonymous);
  try {
    writeFileSync(join(FOLDER, `${name}.json`), `${json}\n`, { flag: 'wx' });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
}
