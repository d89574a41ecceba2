import type { Db } from '../db/client';
import type { Clock } from '../db/clock';
import type { ReceiverRules } from '../domain/receiver-address';
import type { Retention } from '../domain/retention';
import type { Log } from '../log';
import type { MailServer } from '../mail/smtp';
import type { StripeClients } from '../stripe/client';

/** What activities are given. No activity reads the environment or reaches for a global. */
export interface ActivityDeps {
  db: Db;
  stripe: StripeClients;
  clock: Clock;
  log: Log;
  /** The address of our API as browsers see it, without a slash at the end. */
  publicUrl: string;
  /** AES-256 key for what must be read again, such as the OAuth code. */
  encryptionKey: Buffer;
  /** How long things are kept. */
  retention: Retention;
  /** Where the receivers of coaches may be. */
  receivers: ReceiverRules;
  /** Where mails are handed over; null: none is sent. */
  mailServer: MailServer | null;
}
