import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** An error without its words, which may quote what a person typed, a row, or a secret. */
export interface WordlessError {
  name: string;
  code: string | undefined;
  /** Where it was thrown. */
  frames: string[];
}

/** Frames of a stack that are enough to find the place. */
const FRAMES = 8;

/** Name, code and place of an error: enough to find it, nothing that a person typed. */
export function withoutWords(error: unknown): WordlessError {
  if (!(error instanceof Error)) return { name: typeof error, code: undefined, frames: [] };
  const { code } = error as { code?: unknown };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return {
    name: error.name,
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : undefined,
    frames: frames.slice(0, FRAMES),
  };
}

/** Failures of ours and of Temporal's: their words are written here, with ids and codes alone. */
const OURS = new Set(['ApplicationFailure', 'ActivityFailure', 'TimeoutFailure', 'CancelledFailure']);

/** An error as the log has it, with what caused it. */
function logged(error: unknown, depth = 0): Record<string, unknown> {
  const { name, code, frames } = withoutWords(error);
  const cause = error instanceof Error && depth < 3 ? error.cause : undefined;
  return {
    name,
    ...(code === undefined ? {} : { code }),
    ...(error instanceof Error && OURS.has(name) ? { message: error.message } : {}),
    frames,
    ...(cause === undefined || cause === null ? {} : { cause: logged(cause, depth + 1) }),
  };
}

/**
 * JSON lines on stdout, or where `destination` says. Ids and codes only: secrets, names and e-mail addresses are never
 * handed to a logger, and of an error (`err`) its words are left out.
 */
export function createLog(name: string, level: string, destination?: DestinationStream): Log {
  const options = {
    name,
    level,
    redact: { paths: ['*.email', '*.authorization', '*.cookie', '*.secret'], remove: true },
    serializers: { err: (error: unknown) => (error instanceof Error ? logged(error) : error) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
