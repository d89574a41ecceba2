import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createSessionClient, type SessionClient } from '@session/sdk';
import { CommandError, EXIT } from './exit.ts';

/** As much of `.data/local.json` as is used: what `npm start` says of the system on this machine. */
export interface Local {
  api: string;
  temporalUi: string | null;
  stripeEmulator: string | null;
  platformKey: string;
  demo: { secretKey: string; liveSecretKey: string; siteUrl: string } | null;
}

export interface PlaceFlags {
  url?: string;
  key?: string;
  live?: boolean;
}

/** Which system is spoken to, and with whose key: flags before the environment, and that before what runs on this machine. */
export class Place {
  private found: Local | null | undefined;

  constructor(
    private readonly flags: PlaceFlags,
    private readonly env: NodeJS.ProcessEnv = process.env,
    private readonly folder: string = process.cwd(),
  ) {}

  get url(): string {
    const url = this.flags.url ?? this.env['SESSION_URL'] ?? this.local?.api;
    if (url === undefined)
      throw new CommandError(
        'Which Session? Set SESSION_URL or give --url; or start one on this machine with npm start, and stay in its folder.',
        EXIT.usage,
      );
    return url.replace(/\/$/, '');
  }

  /** A coach's key, which fixes coach and mode. */
  get key(): string {
    const { demo } = this.local ?? {};
    const ofDemo = this.flags.live === true ? demo?.liveSecretKey : demo?.secretKey;
    const key = this.flags.key ?? this.env['SESSION_API_KEY'] ?? ofDemo;
    if (key === undefined)
      throw new CommandError(
        'Whose? Set SESSION_API_KEY to a secret key of the coach, or give --key.',
        EXIT.usage,
      );
    return key;
  }

  session(): SessionClient {
    return createSessionClient({ url: this.url, key: this.key });
  }

  /** What runs on this machine; null where nothing does, or another system was named. */
  get local(): Local | null {
    if (this.found === undefined) this.found = this.read();
    const named = this.flags.url ?? this.env['SESSION_URL'];
    if (named === undefined || this.found === null) return this.found;
    return new URL(named).origin === new URL(this.found.api).origin ? this.found : null;
  }

  /** What runs on this machine. @throws CommandError where nothing does */
  expectLocal(what: string): Local {
    const { local } = this;
    if (local === null)
      throw new CommandError(`${what} only beside the system of npm start, in its folder.`, EXIT.usage);
    return local;
  }

  private read(): Local | null {
    const named = this.env['SESSION_DATA_DIR'];
    const file = named === undefined ? upwards(this.folder) : join(resolve(this.folder, named), 'local.json');
    if (file === null || !existsSync(file)) return null;
    return JSON.parse(readFileSync(file, 'utf8')) as Local;
  }
}

/** The nearest `.data/local.json` of this folder and those above it. */
function upwards(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, '.data', 'local.json');
    if (existsSync(file)) return file;
    if (dirname(at) === at) return null;
  }
}
