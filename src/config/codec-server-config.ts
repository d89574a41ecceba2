import { ConfigError, parse, schema } from './environment';
import type { PayloadKeys } from './secrets';
import { withSecretFiles } from './secret-files';

/** What `npm run codec-server` needs to know: an operator who reads runs has none of the product's own secrets. */
export interface CodecServerConfig {
  payloadKeys: PayloadKeys;
  /** The Temporal Web UI's address, which alone may ask. */
  uiUrl: string;
  port: number;
}

/** @throws ConfigError naming the variable and what is wrong with it. */
export function loadCodecServerConfig(env: Record<string, string | undefined>): CodecServerConfig {
  const e = parse(
    schema.pick({ TEMPORAL_PAYLOAD_KEYS: true, TEMPORAL_UI_URL: true, CODEC_SERVER_PORT: true }),
    withSecretFiles(env),
  );
  if (e.TEMPORAL_PAYLOAD_KEYS === undefined)
    throw new ConfigError('TEMPORAL_PAYLOAD_KEYS: nothing is encrypted without, and nothing to decrypt');
  return {
    payloadKeys: e.TEMPORAL_PAYLOAD_KEYS,
    uiUrl: e.TEMPORAL_UI_URL ?? 'http://localhost:8233',
    port: e.CODEC_SERVER_PORT,
  };
}
