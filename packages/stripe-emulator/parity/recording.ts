import { readFileSync, writeFileSync } from 'node:fs';
import type { AccountKind } from './sides';
import type { ToldStory } from './tell';

const FORMAT = 'stripe-emulator-parity/1';

/** What Stripe (or an emulator) made of the stories, without ids and times, so that it can be kept and shown. */
export interface ParityRecording {
  format: typeof FORMAT;
  /** Whose answers these are. */
  of: string;
  /** ISO 8601. */
  at: string;
  account: AccountKind;
  told: ToldStory[];
}

export function writeRecording(file: string, recording: Omit<ParityRecording, 'format' | 'at'>): void {
  const whole: ParityRecording = { format: FORMAT, at: new Date().toISOString(), ...recording };
  writeFileSync(file, `${JSON.stringify(whole, null, 1)}\n`);
}

/** @throws Error in words when the file is not there, or is something else */
export function readRecording(file: string): ParityRecording {
  let recording: Partial<ParityRecording>;
  try {
    recording = JSON.parse(readFileSync(file, 'utf8')) as Partial<ParityRecording>;
  } catch {
    throw new Error(`${file} cannot be read as a recording: make one with --record ${file}.`);
  }
  if (recording.format !== FORMAT)
    throw new Error(`${file} is no recording of this version of the command: make one with --record FILE.`);
  return recording as ParityRecording;
}
