import { hashToken, newToken } from '../../domain/ids';

/** A single-use secret of a connection attempt: the row's id, so that it is found by its key, and 256 random bits. */
export interface IssuedToken {
  token: string;
  /** What the row keeps of it. */
  hash: string;
}

/** A new link, state, browser cookie or confirmation for an attempt. */
export function issueToken(connectionId: string): IssuedToken {
  const token = `${connectionId}.${newToken()}`;
  return { token, hash: hashToken(token) };
}

/** Whose token it is, if it has the shape of one. The row has to be asked whether it is true. */
export function readToken(token: unknown): { connectionId: string; hash: string } | null {
  if (typeof token !== 'string') return null;
  const connectionId = /^(conn_[A-Za-z0-9]{1,64})\.[\w-]{43}$/.exec(token)?.[1];
  return connectionId === undefined ? null : { connectionId, hash: hashToken(token) };
}
