import { ConfigError, loadConfig } from '../config/config';
import { createCodecServer } from '../temporal/codec-server';
import { createPayloadEncryption } from '../temporal/payload-encryption';

function main(): void {
  const { temporal, codecServerPort } = loadConfig(process.env);
  if (temporal.payloadKeys === null)
    throw new ConfigError('TEMPORAL_PAYLOAD_KEYS: nothing is encrypted without');
  if (temporal.uiUrl === null) throw new ConfigError('TEMPORAL_UI_URL: says who may ask');
  const codec = createPayloadEncryption(temporal.payloadKeys);
  createCodecServer(codec, new URL(temporal.uiUrl).origin).listen(codecServerPort, '127.0.0.1', () => {
    process.stdout.write(
      `In the Temporal Web UI, set the codec server to http://localhost:${codecServerPort}\n`,
    );
  });
}

try {
  main();
} catch (error) {
  process.stderr.write(`The codec server cannot start. ${error instanceof Error ? error.message : ''}\n`);
  process.exit(1);
}
