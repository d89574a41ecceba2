import { setFlagsFromString } from 'node:v8';
import { startEmulator } from '../index';
import { CliError, type Command } from './command';

/** `stripe-emulator` without a sub-command: starts an emulator and stays until a signal ends it. */
export const serve: Command = {
  name: 'start',
  usage: '[--port 12111] [--host 127.0.0.1] [--data-dir folder] [--public-url http://…]',
  about: 'starts an emulator (what happens without a sub-command, too)',
  help: `Environment: STRIPE_EMULATOR_PORT, STRIPE_EMULATOR_HOST, STRIPE_EMULATOR_DATA_DIR, STRIPE_EMULATOR_PUBLIC_URL,
STRIPE_EMULATOR_DEFAULT_REDIRECT_URI,
STRIPE_EMULATOR_TEST_SECRET_KEY, STRIPE_EMULATOR_LIVE_SECRET_KEY,
STRIPE_EMULATOR_TEST_CLIENT_ID, STRIPE_EMULATOR_LIVE_CLIENT_ID.
Flags win. Without a data folder everything stays in memory.`,
  standsAlone: true,
  options: {
    port: { type: 'string' },
    host: { type: 'string' },
    'data-dir': { type: 'string' },
    'public-url': { type: 'string' },
  },
  async run({ flags, print }) {
    /**
     * By default V8 lets a heap grow to several times of what is alive before it looks for garbage. Most of what an emulator
     * makes is garbage at once, and what it keeps is compact: this costs little time and nearly halves the memory of large accounts.
     */
    setFlagsFromString('--heap-growing-percent=80');
    const { env } = process;
    const port = Number(flags.port ?? env.STRIPE_EMULATOR_PORT ?? 12111);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new CliError('The port has to be a number from 0 to 65535.');
    const dataDir = flags['data-dir'] ?? env.STRIPE_EMULATOR_DATA_DIR;
    const publicUrl = flags['public-url'] ?? env.STRIPE_EMULATOR_PUBLIC_URL;
    const emulator = await startEmulator({
      port,
      host: flags.host ?? env.STRIPE_EMULATOR_HOST ?? '127.0.0.1',
      ...(dataDir ? { dataDir } : {}),
      ...(publicUrl ? { publicUrl } : {}),
      ...(env.STRIPE_EMULATOR_DEFAULT_REDIRECT_URI
        ? { defaultRedirectUri: env.STRIPE_EMULATOR_DEFAULT_REDIRECT_URI }
        : {}),
      secretKeys: given(env.STRIPE_EMULATOR_TEST_SECRET_KEY, env.STRIPE_EMULATOR_LIVE_SECRET_KEY),
      clientIds: given(env.STRIPE_EMULATOR_TEST_CLIENT_ID, env.STRIPE_EMULATOR_LIVE_CLIENT_ID),
    }).catch((error: unknown) => {
      throw startProblem(error);
    });
    print(`Stripe emulator listening on ${emulator.url}`);
    const stop = (): void => {
      emulator.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  },
};

function given(test: string | undefined, live: string | undefined): { test?: string; live?: string } {
  return { ...(test ? { test } : {}), ...(live ? { live } : {}) };
}

function startProblem(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new CliError('The port is in use; choose another with --port or STRIPE_EMULATOR_PORT.');
  if (['EACCES', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS'].includes(code ?? ''))
    return new CliError(`The data folder cannot be used: ${message}`);
  return error;
}
