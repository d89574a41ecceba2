import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeLiteral } from 'pg';
import { PROJECT_ROOT } from '../process/project';
import { query, type RunningPostgres } from './server';

/** Who is who in our own Postgres: see prisma/roles.sql. */
export type DatabaseRole = 'owner' | 'api' | 'worker';

const ROLES: readonly DatabaseRole[] = ['owner', 'api', 'worker'];

/** A role's password, from the one of the superuser, so that there is one secret to keep. */
export function passwordOf(role: DatabaseRole, superuserPassword: string): string {
  return createHmac('sha256', superuserPassword).update(`session_${role}`).digest('base64url');
}

/** Makes the roles and hands the database to its owner (prisma/roles.sql); harmless if all of it is so already. */
export async function ensureRoles(
  server: Pick<RunningPostgres, 'url'>,
  database: string,
  superuserPassword: string,
): Promise<void> {
  const passwords = ROLES.map((role) => {
    const password = passwordOf(role, superuserPassword);
    return `SELECT set_config('session.${role}_password', ${escapeLiteral(password)}, false);`;
  });
  const script = readFileSync(join(PROJECT_ROOT, 'prisma', 'roles.sql'), 'utf8');
  await query(server.url(database), [...passwords, script].join('\n'));
}
