import { readFileSync } from 'node:fs';
import { ConfigError } from './environment';

/** What may come as a file, whose path is in the variable of that name with `_FILE` behind it. */
const SECRETS = [
  'DATABASE_URL',
  'DATABASE_PASSWORD',
  'PLATFORM_KEY',
  'ENCRYPTION_KEY',
  'TEMPORAL_API_KEY',
  'TEMPORAL_PAYLOAD_KEYS',
  'SMTP_URL',
  ...['TEST', 'LIVE'].flatMap((mode) => [
    `STRIPE_${mode}_SECRET_KEY`,
    `STRIPE_${mode}_CONNECT_WEBHOOK_SECRET`,
    `STRIPE_${mode}_PLATFORM_WEBHOOK_SECRET`,
  ]),
];

/**
 * The environment with the secrets that are files, as Docker and Kubernetes hand them out: the environment of a process is
 * seen by more eyes than its files. A line break at the end belongs to the file; one that is empty stands for no secret.
 * https://docs.docker.com/compose/how-tos/use-secrets/
 * @throws ConfigError if a file cannot be read, or the secret is given twice
 */
export function withSecretFiles(
  env: Record<string, string | undefined>,
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Record<string, string | undefined> {
  const result = { ...env };
  for (const name of SECRETS) {
    const path = env[`${name}_FILE`];
    if (path === undefined) continue;
    if (env[name] !== undefined) throw new ConfigError(`${name}: is given, and ${name}_FILE as well`);
    const secret = contentOf(`${name}_FILE`, path, read).replace(/\r?\n$/, '');
    if (secret !== '') result[name] = secret;
  }
  return result;
}

function contentOf(name: string, path: string, read: (path: string) => string): string {
  try {
    return read(path);
  } catch (error) {
    throw new ConfigError(
      `${name}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'why is not known'})`,
    );
  }
}
