import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { NextFunction, Request, Response } from 'express';

/** One line of a recording. */
export type Recorded =
  | {
      kind: 'exchange';
      method: string;
      /** With its query string. */
      path: string;
      body: string;
      version: string | null;
      account: string | null;
      livemode: boolean;
      client: string | null;
      status: number;
      answer: string;
    }
  | { kind: 'event'; url: string; payload: string };

/**
 * Writes down what goes over the wire, for a check against Stripe's specification afterwards: every request to the API and
 * to OAuth with its answer, every delivered event. One file per process, one JSON object a line; the Authorization
 * header is left out.
 */
export class Recorder {
  private file: number | undefined;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = openSync(join(folder, `${process.pid}.jsonl`), 'a');
  }

  /** Express middleware. Answers that never reach their end (cut off by a fault) are not written. */
  readonly middleware = (request: Request, response: Response, next: NextFunction): void => {
    if (/^\/(v1|oauth)(\/|$)/.test(request.path)) this.watch(request, response);
    next();
  };

  event(url: string, payload: string): void {
    this.write({ kind: 'event', url, payload });
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private watch(request: Request, response: Response): void {
    const body: unknown = request.body;
    const { method, originalUrl: path } = request;
    let answer = '';
    const end = response.end.bind(response) as (...args: unknown[]) => Response;
    response.end = (...args: unknown[]) => {
      const [chunk] = args;
      if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) answer = chunk.toString();
      return end(...args);
    };
    response.on('finish', () => {
      this.write({
        kind: 'exchange',
        method,
        path,
        body: typeof body === 'string' ? body : '',
        version: request.get('Stripe-Version') ?? null,
        account: request.get('Stripe-Account') ?? null,
        livemode: /_live_/.test(request.get('Authorization') ?? ''),
        client: request.get('User-Agent') ?? null,
        status: response.statusCode,
        answer,
      });
    });
  }

  private write(line: Recorded): void {
    // An answer can end after the emulator was stopped.
    if (this.file !== undefined) writeSync(this.file, `${JSON.stringify(line)}\n`);
  }
}
