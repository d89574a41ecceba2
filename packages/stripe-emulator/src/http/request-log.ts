import type { JsonObject } from '../json';

/** One request to the API, as `GET /_emulator/requests` shows it. */
export interface LoggedRequest {
  at: string;
  method: string;
  path: string;
  account: string | null;
  livemode: boolean | null;
  params: JsonObject;
  idempotencyKey: string | null;
  replayed: boolean;
  status: number;
  requestId: string;
}

const CAPACITY = 5000;

/** The last requests, newest last. Kept in memory only. */
export class RequestLog {
  private entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
    if (this.entries.length > 2 * CAPACITY) this.entries = this.entries.slice(-CAPACITY);
  }

  /** The newest `limit` entries, oldest first. */
  last(limit: number): LoggedRequest[] {
    return this.entries.slice(-Math.min(limit, CAPACITY));
  }

  clear(): void {
    this.entries = [];
  }
}
