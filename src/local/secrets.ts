import { randomBytes } from 'node:crypto';
import { readJson, writePrivateJson, type DataFolder } from './data-folder';
import type { Mode } from '../domain/mode';
import type { WebhookScope } from '../domain/webhook-endpoints';

/** A webhook endpoint that we registered at the emulator. Its secret is shown only when it is created. */
export interface RegisteredEndpoint {
  id: string;
  secret: string;
}

export interface DemoCoach {
  coachId: string;
  /** Of test mode. */
  secretKey: string;
  liveSecretKey: string;
  /** What the demo site signs with who is buying. */
  signing: Record<Mode, { id: string; secret: string }>;
}

interface StoredSecrets {
  platformKey: string;
  encryptionKey: string;
  postgresPassword: string;
  /** By mode and scope, such as `test/connect`. */
  webhookEndpoints: Record<string, RegisteredEndpoint>;
  /** Who was made before there were signing secrets has none. */
  demo?: Omit<DemoCoach, 'signing'> & Partial<Pick<DemoCoach, 'signing'>>;
}

const KEY_BYTES = 32;

/** What is generated once and has to stay the same on every later start. Kept in a file that only its owner can read. */
export class Secrets {
  private constructor(
    private readonly file: string,
    private stored: StoredSecrets,
  ) {}

  static open(folder: DataFolder): Secrets {
    const secrets = new Secrets(
      folder.secrets,
      readJson<StoredSecrets>(folder.secrets) ?? {
        platformKey: `ses_platform_${randomBytes(KEY_BYTES).toString('base64url')}`,
        encryptionKey: randomBytes(KEY_BYTES).toString('base64'),
        postgresPassword: randomBytes(KEY_BYTES).toString('base64url'),
        webhookEndpoints: {},
      },
    );
    secrets.save();
    return secrets;
  }

  get platformKey(): string {
    return this.stored.platformKey;
  }

  get encryptionKey(): string {
    return this.stored.encryptionKey;
  }

  get postgresPassword(): string {
    return this.stored.postgresPassword;
  }

  get demo(): StoredSecrets['demo'] {
    return this.stored.demo;
  }

  keepDemo(demo: DemoCoach): void {
    this.stored = { ...this.stored, demo };
    this.save();
  }

  webhookEndpoint(mode: Mode, scope: WebhookScope): RegisteredEndpoint | undefined {
    return this.stored.webhookEndpoints[`${mode}/${scope}`];
  }

  keepWebhookEndpoint(mode: Mode, scope: WebhookScope, endpoint: RegisteredEndpoint): void {
    const webhookEndpoints = { ...this.stored.webhookEndpoints, [`${mode}/${scope}`]: endpoint };
    this.stored = { ...this.stored, webhookEndpoints };
    this.save();
  }

  private save(): void {
    writePrivateJson(this.file, this.stored);
  }
}
