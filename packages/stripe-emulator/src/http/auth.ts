import type { IncomingHttpHeaders } from 'node:http';
import type { Emulator } from '../emulator';
import type { Space } from '../space';
import { StripeError } from './errors';

/** Who calls: the mode that the key fixes, and the account that the request acts on. */
export interface Caller {
  livemode: boolean;
  accountId: string;
}

/** The key of `Authorization: Bearer …`, or the user name of Basic authentication. */
export function keyOf(headers: IncomingHttpHeaders): string | undefined {
  const [scheme, value] = (headers.authorization ?? '').split(' ');
  if (!value) return undefined;
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString('utf8').split(':')[0];
  return undefined;
}

/**
 * Finds the caller. Unknown keys get 401, accounts that are not connected in the key's mode 403.
 * https://docs.stripe.com/api/authentication, https://docs.stripe.com/api/connected-accounts
 */
export function authenticate(emulator: Emulator, headers: IncomingHttpHeaders): Caller {
  const key = keyOf(headers);
  if (key === undefined || key === '') {
    throw early(
      401,
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  const caller = callerOfKey(emulator, key);
  if (!caller) throw early(401, `Invalid API Key provided: ${masked(key)}`);
  const header = headers['stripe-account'];
  const requested = Array.isArray(header) ? header[0] : header;
  if (requested === undefined || requested === caller.accountId) return caller;
  const mayAct = caller.accountId === emulator.platformId && emulator.reaches(requested, caller.livemode);
  if (!mayAct) throw accountInvalid(key, requested);
  return { livemode: caller.livemode, accountId: requested };
}

/** The space that a caller acts on. */
export function spaceOf(emulator: Emulator, caller: Caller): Space {
  return emulator.space(caller.accountId, caller.livemode);
}

/** 403 `account_invalid`: no such account, or its access was revoked. */
export function accountInvalid(key: string, account: string): StripeError {
  const message = `The provided key '${masked(key)}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`;
  return new StripeError(403, 'invalid_request_error', message, { code: 'account_invalid' }, false, true);
}

function callerOfKey(emulator: Emulator, key: string): Caller | undefined {
  const { secretKeys } = emulator.settings;
  if (key === secretKeys.test) return { livemode: false, accountId: emulator.platformId };
  if (key === secretKeys.live) return { livemode: true, accountId: emulator.platformId };
  const connection = emulator.connections().find(({ accessToken }) => accessToken === key);
  return connection && { livemode: connection.livemode, accountId: connection.account };
}

function masked(key: string): string {
  const visible = /^(sk|rk|pk)_(test|live)_/.exec(key)?.[0] ?? key.slice(0, 4);
  return `${visible}${'*'.repeat(8)}${key.slice(-4)}`;
}

function early(status: number, message: string): StripeError {
  return new StripeError(status, 'invalid_request_error', message, {}, false, true);
}
