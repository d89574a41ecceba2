import { Context } from '@temporalio/activity';

/** How far an activity has come, by the name of what: the number of an idempotency key, the last row of a list. */
export type Progress = Readonly<Record<string, number | string>>;

const known = new WeakMap<Context, Record<string, number | string>>();

/**
 * How far the present activity has come. It is told to Temporal as the details of its heartbeats, which come with a
 * failure too, so that the next try, on whatever worker, goes on there. Outside of an activity nothing is remembered.
 * https://docs.temporal.io/encyclopedia/detecting-activity-failures#activity-heartbeat
 */
export function progress(): Progress {
  const context = present();
  return context === null ? {} : progressOf(context);
}

/** Whether the next try will know how far this one came: in an activity. */
export const isRemembered = (): boolean => present() !== null;

/** Remembers how far it has come, and says so to Temporal. */
export function noteProgress(what: string, place: number | string): void {
  const context = present();
  if (context === null) return;
  const all = progressOf(context);
  all[what] = place;
  context.heartbeat({ ...all });
}

function progressOf(context: Context): Record<string, number | string> {
  const all = known.get(context) ?? read(context.info.heartbeatDetails);
  known.set(context, all);
  return all;
}

/** What an earlier try told. Another version of us may have told something else. */
function read(details: unknown): Record<string, number | string> {
  if (typeof details !== 'object' || details === null || Array.isArray(details)) return {};
  return Object.fromEntries(
    Object.entries(details).filter(
      (entry): entry is [string, number | string] =>
        typeof entry[1] === 'string' || Number.isSafeInteger(entry[1]),
    ),
  );
}

/** The activity that this is called in; null: none. */
export function present(): Context | null {
  try {
    return Context.current();
  } catch {
    return null;
  }
}
