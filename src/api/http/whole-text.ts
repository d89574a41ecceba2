import { isUtf8 } from 'node:buffer';
import { ProblemError } from '../../domain/problem';

/**
 * Two texts that differ must not be stored alike. Half of a surrogate pair, and bytes that are no UTF-8, are all written
 * as U+FFFD where text is stored or decoded, so neither is taken in.
 */

const HALF = /\p{Surrogate}/u;

/** @throws ProblemError `malformed_json`, or `unsupported_media_type` for another encoding than UTF-8. */
export function expectUtf8(bytes: Buffer, encoding: string): void {
  if (encoding.toLowerCase() !== 'utf-8')
    throw new ProblemError('unsupported_media_type', 'The body is not encoded as UTF-8.', {
      field: 'Content-Type',
    });
  if (!isUtf8(bytes)) throw new ProblemError('malformed_json', 'The body is not valid UTF-8.');
}

/**
 * @param value JSON that a schema has accepted, so that it is not nested without end.
 * @throws ProblemError `invalid_request` naming the field whose text has half of a surrogate pair.
 */
export function expectWholeText(value: unknown, path: readonly string[] = []): void {
  if (typeof value === 'string' && HALF.test(value))
    throw new ProblemError(
      'invalid_request',
      'The text has half of a surrogate pair, which is no character.',
      {
        field: path.join('.'),
      },
    );
  if (typeof value !== 'object' || value === null) return;
  for (const [name, entry] of Object.entries(value)) expectWholeText(entry, [...path, name]);
}

/** @throws ProblemError `invalid_request` naming the parameter of an address that is not UTF-8, percent-encoded. */
export function expectDecodable(address: string): void {
  const at = address.indexOf('?');
  for (const pair of at < 0 ? [] : address.slice(at + 1).split('&')) {
    try {
      decodeURIComponent(pair);
    } catch {
      throw new ProblemError('invalid_request', 'The query of the address cannot be decoded.', {
        field: pair.split('=')[0] ?? '',
      });
    }
  }
}
