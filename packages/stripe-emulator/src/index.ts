import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Emulator } from './emulator';
import { settingsFrom, type EmulatorOptions } from './options';
import { createApp } from './server';

export type { EmulatorOptions, RetryPolicy, SeedAccount } from './options';

/** A running emulator. */
export interface RunningEmulator {
  /** Address without a trailing slash, for example http://127.0.0.1:12111. */
  url: string;
  port: number;
  /** Flushes the journal and stops listening. */
  close(): Promise<void>;
}

/** Starts an emulator in this process. Rejects when the port is taken. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const settings = settingsFrom(options);
  const server = createServer();
  await listen(server, settings.port, settings.host);
  const { port } = server.address() as AddressInfo;
  const url = `http://${settings.host}:${port}`;
  try {
    const emulator = new Emulator(settings, settings.publicUrl ?? url);
    server.on('request', createApp(emulator));
    emulator.start();
    return { url, port, close: () => close(server, emulator) };
  } catch (error) {
    server.close();
    throw error;
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: Server, emulator: Emulator): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
  await emulator.stop();
}
