import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { Config } from '../config/config';
import { createPayloadEncryption } from './payload-encryption';

/**
 * How clients and workers write what Temporal stores: with keys, encrypted, the words of failures included. A worker with
 * keys needs the bundle that {@link bundleFor} names: its workflows encode their failures in the same way.
 */
export function dataConverterFor({ payloadKeys }: Pick<Config['temporal'], 'payloadKeys'>): DataConverter {
  if (payloadKeys === null) return {};
  return {
    payloadCodecs: [createPayloadEncryption(payloadKeys)],
    failureConverterPath: join(__dirname, '..', 'workflows', 'encoded-failures'),
  };
}

/** The bundle of the workflows that goes with {@link dataConverterFor}; both are built. */
export function bundleFor({ payloadKeys }: Pick<Config['temporal'], 'payloadKeys'>, bundle: string): string {
  return payloadKeys === null ? bundle : bundle.replace(/\.js$/, '-encoded.js');
}
