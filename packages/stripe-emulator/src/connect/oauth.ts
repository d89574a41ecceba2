import type { Emulator, Connection } from '../emulator';
import { newId, randomToken } from '../ids';
import { applicationOf } from '../objects/account';

/** An authorization code waits so long for its exchange (milliseconds): https://docs.stripe.com/connect/oauth-reference */
const CODE_LIFETIME_MS = 5 * 60_000;

interface Code {
  account: string;
  livemode: boolean;
  scope: 'read_write' | 'read_only';
  /** System time, milliseconds. */
  expiresAt: number;
  used: boolean;
}

/** An OAuth error: https://docs.stripe.com/connect/oauth-reference#post-token-errors */
export class OAuthError extends Error {
  constructor(
    readonly error: string,
    readonly description: string,
    readonly status = 400,
  ) {
    super(description);
  }
}

/** The mode of a client id, or undefined for an unknown one. */
export function modeOfClient(emulator: Emulator, clientId: string | undefined): boolean | undefined {
  if (clientId === emulator.settings.clientIds.test) return false;
  if (clientId === emulator.settings.clientIds.live) return true;
  return undefined;
}

/** The owner has said yes: a code for the platform. */
export function issueCode(
  emulator: Emulator,
  account: string,
  livemode: boolean,
  scope: 'read_write' | 'read_only',
): string {
  const code = newId('ac');
  const entry: Code = { account, livemode, scope, expiresAt: Date.now() + CODE_LIFETIME_MS, used: false };
  emulator.db.put('oauth-codes', code, entry);
  return code;
}

/** Exchanges a code, once, for the connection. A second use revokes what the first one gave. */
export function exchangeCode(emulator: Emulator, code: string, livemode: boolean): Connection {
  const entry = emulator.db.get<Code>('oauth-codes', code);
  if (!entry) throw new OAuthError('invalid_grant', `Authorization code does not exist: ${code}`);
  if (entry.used) {
    disconnect(emulator, entry.account, entry.livemode);
    throw new OAuthError(
      'invalid_grant',
      `This authorization code has already been used. All tokens issued with this code have been revoked.`,
    );
  }
  if (entry.livemode !== livemode) {
    const [is, not] = entry.livemode ? ['live', 'test'] : ['test', 'live'];
    throw new OAuthError(
      'invalid_grant',
      `Authorization code does not exist: this code was issued in ${is} mode, but your request was made with a ${not} mode key.`,
    );
  }
  if (entry.expiresAt < Date.now()) throw new OAuthError('invalid_grant', 'Authorization code expired.');
  emulator.db.put('oauth-codes', code, { ...entry, used: true });
  return connect(emulator, entry.account, livemode, entry.scope);
}

/** Connects an account in one mode and tells the platform. */
export function connect(
  emulator: Emulator,
  account: string,
  livemode: boolean,
  scope: 'read_write' | 'read_only' = 'read_write',
): Connection {
  const known = emulator.connection(account, livemode);
  const mode = livemode ? 'live' : 'test';
  const connection: Connection = {
    account,
    livemode,
    scope,
    accessToken: known?.accessToken ?? `sk_${mode}_${randomToken(24)}`,
    refreshToken: known?.refreshToken ?? `rt_${randomToken(40)}`,
    connectedAt: Math.floor(Date.now() / 1000),
  };
  emulator.putConnection(connection);
  if (!known) {
    emulator
      .space(account, livemode)
      .emit('account.application.authorized', applicationOf(clientIdOf(emulator, livemode)));
  }
  return connection;
}

/** Ends a connection. The event about it is the last that the platform hears. Returns false if there was none. */
export function disconnect(emulator: Emulator, account: string, livemode: boolean): boolean {
  if (!emulator.connection(account, livemode)) return false;
  emulator.removeConnection(account, livemode);
  emulator
    .space(account, livemode)
    .emit('account.application.deauthorized', applicationOf(clientIdOf(emulator, livemode)));
  return true;
}

function clientIdOf(emulator: Emulator, livemode: boolean): string {
  return livemode ? emulator.settings.clientIds.live : emulator.settings.clientIds.test;
}
