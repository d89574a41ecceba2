import { loadCodecServerConfig } from '../config/codec-server-config';
import { createCodecServer } from '../temporal/codec-server';
import { createPayloadEncryption } from '../temporal/payload-encryption';

function main(): void {
  const { payloadKeys, uiUrl, port } = loadCodecServerConfig(process.env);
  const { origin } = new URL(uiUrl);
  createCodecServer(createPayloadEncryption(payloadKeys), origin).listen(port, '127.0.0.1', () => {
    process.stdout.write(
      `In the Temporal Web UI at ${origin}, set the codec server to http://localhost:${port}\n`,
    );
  });
}

try {
  main();
} catch (error) {
  process.stderr.write(`The codec server cannot start. ${error instanceof Error ? error.message : ''}\n`);
  process.exit(1);
}
