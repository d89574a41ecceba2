import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a secret that has to be read again (AES-256-GCM).
 * @param context what it belongs to, such as the row's id: the result cannot be opened under another context.
 */
export function encrypt(key: Buffer, secret: string, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return [VERSION, ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))].join('.');
}

/** What was encrypted cannot be read: key, context or content are not the ones of then. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

/** Opens what {@link encrypt} made. @throws DecryptionError when key, context or content are not the ones of then. */
export function decrypt(key: Buffer, sealed: string, context: string): string {
  const [version, ...parts] = sealed.split('.');
  const [iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'));
  if (version !== VERSION || parts.length !== 3 || !iv || !tag || !text)
    throw new DecryptionError('This is not an encrypted secret.');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    throw new DecryptionError('Key, context or content are not the ones that it was encrypted with.');
  }
}
