import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { PayloadKeys } from '../config/secrets';

const PayloadMessage = temporal.api.common.v1.Payload;

/** As Temporal's own examples name it, so that its tools know what it is. https://docs.temporal.io/payload-codec */
const ENCODING = 'binary/encrypted';
const IV_BYTES = 12;
const TAG_BYTES = 16;

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | null | undefined) => (value == null ? '' : new TextDecoder().decode(value));

function seal(payload: Payload, keyId: string, key: Buffer): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(bytes(keyId));
  const sealed = Buffer.concat([cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()]);
  return {
    metadata: { encoding: bytes(ENCODING), 'encryption-key-id': bytes(keyId) },
    data: Buffer.concat([iv, cipher.getAuthTag(), sealed]),
  };
}

function open({ data }: Payload, keyId: string, key: Buffer): Payload {
  const sealed = Buffer.from(data ?? []);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bytes(keyId));
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const opened = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  return PayloadMessage.decode(opened) as Payload;
}

/**
 * Encrypts what Temporal stores of inputs, results, signals and failures (AES-256-GCM). What was written before, in the
 * clear or with an older key of the list, is read as before: so encryption is switched on, and keys are rotated, under
 * open runs. Search attributes are not encrypted: operators search by them.
 * https://docs.temporal.io/production-deployment/data-encryption
 */
export function createPayloadEncryption({ current, keys }: PayloadKeys): PayloadCodec {
  const keyOf = (id: string): Buffer => {
    const key = keys.get(id);
    if (key === undefined) throw new Error(`No key for Temporal's payloads has the id ${id}.`);
    return key;
  };
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => seal(payload, current, keyOf(current)))),
    async decode(payloads) {
      return payloads.map((payload) => {
        if (text(payload.metadata?.['encoding']) !== ENCODING) return payload;
        const id = text(payload.metadata?.['encryption-key-id']);
        return open(payload, id, keyOf(id));
      });
    },
  };
}
