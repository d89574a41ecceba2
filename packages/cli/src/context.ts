import type { SessionClient } from '@session/sdk';
import type { Output } from './output.ts';
import type { Place } from './place.ts';

/** What a command is given: where it works, whose key it has, and where it says what it found. */
export interface Context {
  place: Place;
  session: SessionClient;
  out: Output;
}

/** Runs a command with what the flags before it say; its exit code, if it is not 0. */
export type Run = (action: (context: Context) => Promise<number | void>) => Promise<void>;
