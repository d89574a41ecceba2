import { mayDo, operationName, type Permission, type Role, ROLES } from '../../domain/permissions';
import { ProblemError } from '../../domain/problem';
import type { CoachAuth, Route } from './route';

/** What a key with the rights of a role is said to have. */
export const SCOPES = {
  full: 'owner',
  finance: 'finance',
  support: 'support',
  read_only: 'read_only',
} as const;
export type Scope = keyof typeof SCOPES;

export const scopeOf = (role: Role): Scope => (role === 'owner' ? 'full' : role);

/**
 * Whether who calls may, by the one table of src/domain/permissions.ts: keys by their scopes, people by their roles. What it does not
 * say is refused.
 * @throws ProblemError `role_not_allowed`, with the roles that may
 */
export function expectMay(route: Route, permission: Permission, { role, keyId }: CoachAuth): void {
  if (mayDo(role, permission)) return;
  const allowed = ROLES.filter((one) => mayDo(one, permission));
  const scopes = allowed.map(scopeOf);
  const who = keyId === null ? `The role ${role}` : `A key of scope ${scopeOf(role)}`;
  const others = keyId === null ? allowed : scopes;
  throw new ProblemError(
    'role_not_allowed',
    `${who} may not do this (${operationName(route)}); ${others.join(' and ')} may.`,
    { [keyId === null ? 'role' : 'scope']: keyId === null ? role : scopeOf(role), allowed, scopes },
  );
}
