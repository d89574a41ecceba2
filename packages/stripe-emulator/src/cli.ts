#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { startEmulator } from './index';

const HELP = `Usage: stripe-emulator [--port 12111] [--host 127.0.0.1] [--data-dir folder] [--public-url http://…]

Environment: STRIPE_EMULATOR_PORT, STRIPE_EMULATOR_HOST, STRIPE_EMULATOR_DATA_DIR, STRIPE_EMULATOR_PUBLIC_URL,
STRIPE_EMULATOR_DEFAULT_REDIRECT_URI,
STRIPE_EMULATOR_TEST_SECRET_KEY, STRIPE_EMULATOR_LIVE_SECRET_KEY,
STRIPE_EMULATOR_TEST_CLIENT_ID, STRIPE_EMULATOR_LIVE_CLIENT_ID.
Flags win. Without a data folder everything stays in memory.
`;

/**
 * By default V8 lets a heap grow to several times of what is alive before it looks for garbage. Most of what an emulator
 * makes is garbage at once, and what it keeps is compact: this costs little time and nearly halves the memory of large accounts.
 */
setFlagsFromString('--heap-growing-percent=80');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      'data-dir': { type: 'string' },
      'public-url': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const { env } = process;
  const port = Number(values.port ?? env.STRIPE_EMULATOR_PORT ?? 12111);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('The port has to be a number from 0 to 65535.');
  const dataDir = values['data-dir'] ?? env.STRIPE_EMULATOR_DATA_DIR;
  const publicUrl = values['public-url'] ?? env.STRIPE_EMULATOR_PUBLIC_URL;
  const emulator = await startEmulator({
    port,
    host: values.host ?? env.STRIPE_EMULATOR_HOST ?? '127.0.0.1',
    ...(dataDir ? { dataDir } : {}),
    ...(publicUrl ? { publicUrl } : {}),
    ...(env.STRIPE_EMULATOR_DEFAULT_REDIRECT_URI
      ? { defaultRedirectUri: env.STRIPE_EMULATOR_DEFAULT_REDIRECT_URI }
      : {}),
    secretKeys: given(env.STRIPE_EMULATOR_TEST_SECRET_KEY, env.STRIPE_EMULATOR_LIVE_SECRET_KEY),
    clientIds: given(env.STRIPE_EMULATOR_TEST_CLIENT_ID, env.STRIPE_EMULATOR_LIVE_CLIENT_ID),
  });
  process.stdout.write(`Stripe emulator listening on ${emulator.url}\n`);
  const stop = (): void => {
    emulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function given(test: string | undefined, live: string | undefined): { test?: string; live?: string } {
  return { ...(test ? { test } : {}), ...(live ? { live } : {}) };
}

function dataDirProblem(code: string | undefined): boolean {
  return ['EACCES', 'ENOENT', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS'].includes(code ?? '');
}

main().catch((error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code;
  const message =
    code === 'EADDRINUSE'
      ? 'The port is in use; choose another with --port or STRIPE_EMULATOR_PORT.'
      : dataDirProblem(code)
        ? `The data folder cannot be used: ${(error as Error).message}`
        : error instanceof Error
          ? error.message
          : String(error);
  process.stderr.write(`stripe-emulator: ${message}\n`);
  process.exit(1);
});
