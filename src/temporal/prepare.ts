import { ConfigError } from '../config/environment';
import { loadConfig } from '../config/config';
import { connectTemporal } from './connect';
import { registerSearchAttributes } from './namespace';

/**
 * Run once before API and worker where the Temporal server is not ours to configure by flags (see docker-compose.yml):
 * registers our search attributes in the configured namespace. Harmless when they are there.
 */
async function main(): Promise<void> {
  const { temporal } = loadConfig(process.env);
  const client = await connectTemporal(temporal);
  try {
    const added = await registerSearchAttributes(client.connection, temporal.namespace);
    process.stdout.write(
      `Search attributes: ${added.length === 0 ? 'all there' : `added ${added.join(', ')}`}.\n`,
    );
  } finally {
    await client.connection.close();
  }
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    error instanceof ConfigError ? `${message}\n` : `Temporal could not be prepared: ${message}\n`,
  );
  process.exit(1);
});
