import { pino, type Logger } from 'pino';

export type Log = Logger;

/** JSON lines on stdout. Ids and codes only: secrets, names and e-mail addresses are never handed to a logger. */
export function createLog(name: string, level: string): Log {
  return pino({
    name,
    level,
    redact: { paths: ['*.email', '*.authorization', '*.cookie', '*.secret'], remove: true },
  });
}
