import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import type { Config } from '../config/config';
import { dataConverterFor } from './data-converter';

/** A client of the configured Temporal server. Resolves once the server answers. */
export async function connectTemporal(
  temporal: Pick<Config['temporal'], 'connection' | 'namespace' | 'payloadKeys'>,
): Promise<Client> {
  const connection = await Connection.connect(temporal.connection);
  return new Client({ connection, namespace: temporal.namespace, dataConverter: dataConverterFor(temporal) });
}

/** A client that connects with its first call, so that a process can start while Temporal is down. */
export function connectTemporalLazily(
  temporal: Config['temporal'],
  interceptors: WorkflowClientInterceptor[] = [],
): Client {
  return new Client({
    interceptors: { workflow: interceptors },
    connection: Connection.lazy(temporal.connection),
    namespace: temporal.namespace,
    dataConverter: dataConverterFor(temporal),
  });
}
