import { createInterface } from 'node:readline';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { createAdapterFactory } from './adapter-factory.mjs';
import { loadSchemaEngine } from './load-schema-engine.mjs';

/** The native engine's code for 'the command failed, see data'. */
const COMMAND_FAILED = 4466;
/** Where a method of the protocol has another name in the WebAssembly build. */
const RENAMED_METHODS = { getDatabaseVersion: 'version' };

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function describe(error) {
  const code = error?.code ?? error?.error_code;
  const message = error?.message ?? String(error);
  return { is_panic: false, message, error_code: code, error };
}

/**
 * Answers the CLI's requests one after another, in the order in which they came, until stdin ends.
 * The engine is created by the first request, so that a request that it cannot start for gets the reason.
 */
export async function serveJsonRpc({ datasource, datamodels }) {
  const { SchemaEngine } = await loadSchemaEngine();
  const adapter = bindMigrationAwareSqlAdapterFactory(createAdapterFactory(datasource));
  const ignoreEngineLog = () => {};
  let engine;

  async function answer({ id, method, params }) {
    try {
      engine ??= await SchemaEngine.new(
        { datamodels: datamodels.length > 0 ? datamodels : undefined },
        ignoreEngineLog,
        adapter,
      );
      const result = await engine[RENAMED_METHODS[method] ?? method](params ?? {});
      // The native engine prints a diff through the CLI; the WebAssembly build hands it back.
      if (method === 'diff' && result?.stdout) {
        send({ id: `print-${id}`, method: 'print', params: { content: result.stdout } });
      }
      send({ id, result: result ?? null });
    } catch (error) {
      send({
        id,
        error: { code: COMMAND_FAILED, message: 'The schema engine failed.', data: describe(error) },
      });
    }
  }

  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    // What has no method is the CLI's reply to a print of ours.
    if (message.method !== undefined) await answer(message);
  }
  // Idle database connections would keep the process alive.
  process.exit(0);
}
