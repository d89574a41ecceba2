import { lookup } from 'node:dns';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { mayReceive, receiverFault, type ReceiverRules } from '../domain/receiver-address';
import type { TryOutcome } from '../domain/webhook-delivery';

/** Milliseconds for all of it: resolving, connecting, sending, and the answer. */
const TIMEOUT_MS = 15_000;
/** Bytes of an answer that are read and kept. */
const KEPT_BYTES = 1024;

/** What is sent, signed already. */
export interface Letter {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What came of it. */
export interface Receipt extends TryOutcome {
  latencyMs: number;
  /** The first kilobyte of the answer, as far as it is text. */
  answer: string | null;
  retryAfter: string | undefined;
}

/** How names are resolved; the system's resolver unless a test brings its own. */
export type Resolve = typeof lookup;

class NotAllowed extends Error {
  readonly code = 'ADDRESS_NOT_ALLOWED';
}

/**
 * Posts a letter once. Nobody is followed anywhere: a redirect is an answer like any other. Which address is spoken to is decided
 * where the socket resolves the name, and looked at again when it is connected, so that a name that leads elsewhere a
 * moment later leads nowhere. Never throws for what the other side does.
 * https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
 */
export function send(letter: Letter, rules: ReceiverRules, resolve: Resolve = lookup): Promise<Receipt> {
  const begun = performance.now();
  const receipt = (outcome: Partial<Receipt>): Receipt => ({
    status: null,
    error: null,
    answer: null,
    retryAfter: undefined,
    latencyMs: Math.round(performance.now() - begun),
    ...outcome,
  });
  if (receiverFault(letter.url, rules) !== null)
    return Promise.resolve(receipt({ error: 'address_not_allowed' }));
  const url = new URL(letter.url);
  const request = url.protocol === 'https:' ? requestSecure : requestPlain;

  return new Promise((settle) => {
    const outgoing = request(url, {
      method: 'POST',
      agent: false,
      lookup: guarded(resolve, rules),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { ...letter.headers, 'content-length': Buffer.byteLength(letter.body), connection: 'close' },
    });
    outgoing.once('socket', (socket) => {
      socket.once('connect', () => expectAllowed(socket, rules));
    });
    outgoing.once('response', (response) => {
      const status = response.statusCode ?? null;
      // What the receiver has taken in it has, whatever becomes of the rest of its answer.
      const latencyMs = Math.round(performance.now() - begun);
      const kept: Buffer[] = [];
      let size = 0;
      const end = () => {
        settle(
          receipt({
            status,
            latencyMs,
            answer: textOf(Buffer.concat(kept).subarray(0, KEPT_BYTES)),
            retryAfter: response.headers['retry-after'],
          }),
        );
        outgoing.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        kept.push(chunk);
        size += chunk.length;
        if (size >= KEPT_BYTES) end();
      });
      response.once('end', end);
      response.once('error', end);
      response.once('close', end);
    });
    outgoing.on('error', (error) => settle(receipt({ error: codeOf(error) })));
    outgoing.end(letter.body);
  });
}

/** Resolves a name for a socket, and fails where any of its addresses may not be spoken to. */
function guarded(resolve: Resolve, rules: ReceiverRules): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      if (addresses.length === 0 || !addresses.every(({ address }) => mayReceive(address, rules)))
        return callback(new NotAllowed('leads to an address that is not public'), []);
      const [first] = addresses;
      if (options.all === true || first === undefined) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

/** What the socket is connected to in the end, whatever was said before. */
function expectAllowed(socket: Socket, rules: ReceiverRules): void {
  const { remoteAddress } = socket;
  if (remoteAddress !== undefined && !mayReceive(remoteAddress, rules))
    socket.destroy(new NotAllowed('is connected to an address that is not public'));
}

/** Text that Postgres can store; what is no text is left out. */
function textOf(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\u0000', '').replaceAll('\ufffd', '');
}

/** Why there was no answer, as a stable code. */
function codeOf(error: Error & { code?: unknown }): string {
  const code = String(error.code ?? '');
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || code === 'ABORT_ERR') return 'timeout';
  if (code === 'ADDRESS_NOT_ALLOWED') return 'address_not_allowed';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') return 'name_not_found';
  if (code.includes('CERT') || code.includes('TLS') || code.includes('SSL') || code.includes('SELF_SIGNED'))
    return 'tls_failed';
  return 'connection_failed';
}
