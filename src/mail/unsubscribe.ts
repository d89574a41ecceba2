import { decrypt, encrypt } from '../db/encryption';
import type { Mode } from '../domain/mode';

/** Whose mails are not wanted, and where. */
export interface Unsubscription {
  coachId: string;
  mode: Mode;
  address: string;
}

const CONTEXT = 'mail-unsubscribe';

/** Where one request unsubscribes: the link says who, readable to us alone. */
export function unsubscribeUrlOf(publicUrl: string, encryptionKey: Buffer, who: Unsubscription): string {
  const { coachId, mode, address } = who;
  const token = encrypt(encryptionKey, JSON.stringify([coachId, mode, address]), CONTEXT);
  return `${publicUrl}/mails/unsubscribe/${token}`;
}

/** Who wants no more mails; null: the link is none of ours. */
export function unsubscriptionOf(encryptionKey: Buffer, token: string): Unsubscription | null {
  try {
    const [coachId, mode, address] = JSON.parse(decrypt(encryptionKey, token, CONTEXT)) as [
      string,
      Mode,
      string,
    ];
    return { coachId, mode, address };
  } catch {
    return null;
  }
}
