import { connect } from 'node:net';
import type { Config } from '../config/config';
import { connectTemporal } from '../temporal/connect';
import { registerSearchAttributes, SEARCH_ATTRIBUTES } from '../temporal/namespace';
import { LocalError } from './process/local-error';
import { query } from './postgres/server';

const CONNECT_TIMEOUT_MS = 5_000;

/** @throws LocalError if the user's database does not answer */
export async function checkDatabase(url: string): Promise<void> {
  try {
    await query(url, 'SELECT 1');
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw new LocalError(
      `The database of DATABASE_URL does not answer (${message || code}): start it, correct the variable, or unset it ` +
        'to use the embedded one.',
    );
  }
}

/** @throws LocalError if nobody listens at the user's Temporal address */
export async function checkTemporal(address: string): Promise<void> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  const reason = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host, port: Number(address.slice(colon + 1)), timeout: CONNECT_TIMEOUT_MS });
    const finish = (result?: string): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish());
    socket.once('timeout', () => finish('no answer'));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
  if (reason === undefined) return;
  throw new LocalError(
    `Temporal does not answer at TEMPORAL_ADDRESS ${address} (${reason}): start it, correct the variable, or unset it ` +
      'to use the embedded one.',
  );
}

/**
 * Registers our search attributes on the user's server: a run that sets an unknown one cannot start.
 * @throws LocalError if the server refuses
 */
export async function prepareTemporal(temporal: Config['temporal']): Promise<void> {
  try {
    const client = await connectTemporal(temporal);
    try {
      await registerSearchAttributes(client.connection, temporal.namespace);
    } finally {
      await client.connection.close();
    }
  } catch (error) {
    throw new LocalError(
      `The search attributes ${SEARCH_ATTRIBUTES.join(', ')} could not be registered in Temporal's namespace ` +
        `${temporal.namespace} (${(error as Error).message}): register them there as keywords.`,
    );
  }
}
