import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/config';
import { putLogAside, type DataFolder } from './data-folder';
import { createSignInUrl, seedDemoCoach } from './demo-coach';
import { checkDatabase, checkTemporal, prepareTemporal } from './external';
import { writeLocalJson, type LocalJson } from './local-json';
import {
  apiPart,
  DEMO_SITE_PROGRAM,
  demoSitePart,
  mailCatcherPart,
  postgresPart,
  stripeEmulatorPart,
  temporalPart,
  workerPart,
  type Say,
  type Stack,
} from './parts';
import { addressesOf, productEnvironment, type Addresses } from './product-environment';
import { Secrets } from './secrets';
import { neededPorts, type Settings } from './settings';
import { Supervisor, type Part } from './supervisor';
import { migrate } from './postgres/migrate';
import { expectFreePorts } from './process/busy-ports';
import { ProcessRecord } from './process/record';
import { PROJECT_ROOT } from './process/project';
import { registerWebhookEndpoints } from './webhook-endpoints';

const LOGS = ['postgres', 'temporal', 'stripe-emulator', 'mail-catcher', 'api', 'worker', 'demo-site'];
const LABEL_WIDTH = 18;

/** The whole stack on one machine: starts what is embedded, in order, and keeps it running until it is stopped. */
export class Launcher {
  private readonly secrets: Secrets;
  private readonly addresses: Addresses;
  private readonly stack: Stack;
  private readonly record: ProcessRecord;
  private readonly supervisor: Supervisor;
  private demo: LocalJson['demo'] = null;
  private isUp = false;

  constructor(
    private readonly settings: Settings,
    private readonly folder: DataFolder,
    private readonly env: NodeJS.ProcessEnv,
    private readonly say: Say,
  ) {
    this.secrets = Secrets.open(folder);
    this.addresses = addressesOf(settings, this.secrets);
    this.stack = { settings, folder, secrets: this.secrets, addresses: this.addresses, say };
    this.record = new ProcessRecord(folder.processes);
    this.supervisor = new Supervisor(this.record, say, () => this.tellWhereEverythingIs());
  }

  /** Resolves when everything can be used. @throws LocalError with one sentence when it cannot */
  async start(): Promise<void> {
    const { settings, addresses } = this;
    // A bad variable is told before anything is started.
    loadConfig(this.productEnv('api'));
    await this.checkReplacements();
    await this.recover();
    await expectFreePorts(neededPorts(this.settings));
    for (const log of LOGS) putLogAside(this.folder.log(log));

    await this.together([this.database(), this.temporal(), this.stripe(), this.mails()]);
    await migrate(addresses.databaseUrls.owner);
    if (addresses.stripeEmulator !== null) {
      await registerWebhookEndpoints(
        loadConfig(this.productEnv('api')).stripe,
        settings.publicUrl,
        this.secrets,
      );
    }

    const forWorker = this.productEnv('worker');
    const { taskQueue } = loadConfig(forWorker).temporal;
    await this.together([
      this.run('API', settings.publicUrl, apiPart(this.stack, this.productEnv('api'))),
      this.run('Worker', `task queue ${taskQueue}`, workerPart(this.stack, forWorker)),
    ]);
    if (addresses.stripeEmulator !== null) await this.demonstration();
    this.isUp = true;
    this.tellWhereEverythingIs();
    this.welcome();
  }

  /** Ends everything that this launcher started, and nothing else. */
  async stop(): Promise<void> {
    await this.supervisor.stopAll();
    rmSync(this.folder.localJson, { force: true });
  }

  /** What the user brings has to answer. */
  private async checkReplacements(): Promise<void> {
    const { databaseUrl, temporalAddress } = this.settings;
    if (databaseUrl !== null) await checkDatabase(databaseUrl);
    if (temporalAddress !== null) await checkTemporal(temporalAddress);
  }

  /** What a killed run left behind is ended before we start afresh. */
  private async recover(): Promise<void> {
    const survivors = await this.record.stopAll();
    if (survivors.length > 0)
      this.say(`The run before was killed; stopped what it left: ${survivors.join(', ')}.`);
    rmSync(this.folder.localJson, { force: true });
  }

  private async database(): Promise<void> {
    const { databaseUrl } = this.settings;
    if (databaseUrl === null) {
      await this.run(
        'Postgres',
        `127.0.0.1:${this.settings.ports.postgres.number}`,
        postgresPart(this.stack),
      );
    } else {
      this.line('Postgres', `${new URL(databaseUrl).host} (yours)`);
    }
  }

  private async temporal(): Promise<void> {
    const { temporalAddress } = this.settings;
    if (temporalAddress === null) {
      const part = temporalPart(this.stack, this.supervisor.signal);
      await this.run('Temporal', this.addresses.temporalAddress, part);
      this.line('Temporal Web UI', this.addresses.temporalUi ?? '');
    } else {
      await prepareTemporal(loadConfig(this.productEnv('worker')).temporal);
      this.line('Temporal', `${temporalAddress} (yours)`);
    }
  }

  private async stripe(): Promise<void> {
    const { stripeEmulator } = this.addresses;
    if (stripeEmulator === null) this.line('Stripe', 'the real one');
    else await this.run('Stripe emulator', stripeEmulator, stripeEmulatorPart(this.stack, this.env));
  }

  private async mails(): Promise<void> {
    const { mails } = this.addresses;
    if (mails === null) this.line('Mails', 'your mail server');
    else await this.run('Mails', mails, mailCatcherPart(this.stack, this.env));
  }

  /** A coach to try everything with, and their web site. */
  private async demonstration(): Promise<void> {
    const { settings, secrets } = this;
    const siteUrl = `http://localhost:${settings.ports.demoSite.number}`;
    const api = `http://127.0.0.1:${settings.ports.api.number}`;
    const at = { siteUrl, consoleUrl: this.consoleUrl };
    const coach = await seedDemoCoach(api, this.platformKey(), at, secrets);
    const signInUrl = await createSignInUrl(api, this.platformKey(), coach.coachId);
    this.demo = { ...coach, siteUrl, signInUrl };
    if (!existsSync(join(PROJECT_ROOT, DEMO_SITE_PROGRAM))) return;
    await this.run('Demo site', siteUrl, demoSitePart(this.stack, this.env, this.demo));
  }

  private get consoleUrl(): string {
    return `${this.settings.publicUrl}/console`;
  }

  private productEnv(program: 'api' | 'worker'): NodeJS.ProcessEnv {
    return productEnvironment(this.env, this.stack, program);
  }

  private platformKey(): string {
    return this.productEnv('api')['PLATFORM_KEY'] as string;
  }

  private async run(label: string, where: string, part: Part): Promise<void> {
    await this.supervisor.run(part);
    this.line(label, where);
  }

  /** Waits for all of them, also when one fails, so that nothing is half started when everything is stopped again. */
  private async together(starting: Promise<void>[]): Promise<void> {
    const results = await Promise.allSettled(starting);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private tellWhereEverythingIs(): void {
    if (!this.isUp) return;
    const pid = (key: string): number | null => this.supervisor.pid(key);
    writeLocalJson(this.folder.localJson, this.settings.publicUrl, this.addresses, {
      demo: this.demo,
      platformKey: this.platformKey(),
      pids: {
        api: pid('api'),
        worker: pid('worker'),
        temporal: pid('temporal'),
        postgres: pid('postgres'),
        stripeEmulator: pid('stripeEmulator'),
      },
    });
  }

  private line(label: string, text: string): void {
    this.say(`  ${label.padEnd(LABEL_WIDTH)}${text}`);
  }

  private welcome(): void {
    const { demo, addresses, settings, folder } = this;
    if (demo)
      this.say(`\nReady. The coach's console; this link signs you in, once:\n\n  ${demo.signInUrl}\n`);
    else this.say(`\nReady. The coach's console: ${this.consoleUrl}\n`);
    if (demo) {
      this.line('Demo site', demo.siteUrl);
      this.line('Demo coach', demo.coachId);
      this.line('  test key', demo.secretKey);
      this.line('  live key', demo.liveSecretKey);
    }
    this.line('Platform key', this.platformKey());
    if (addresses.mails !== null) this.line('Mails', addresses.mails);
    this.line('API docs', `${settings.publicUrl}/docs`);
    if (addresses.temporalUi !== null) this.line('Temporal Web UI', addresses.temporalUi);
    this.say(`\nData and logs are in ${folder.path}. Ctrl-C stops everything.`);
  }
}
