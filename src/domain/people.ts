import type { Role } from './permissions';

/** One of a coach's people in a mode, as far as the rule goes. */
export interface Owner {
  id: string;
  role: Role;
  /** Whether they have signed in since they were invited. */
  hasJoined: boolean;
}

/**
 * Whether there is an owner left once one person has another role, or none any more: somebody has to be able to invite, and a
 * mistyped address that nobody signs in with is nobody.
 * @param next null: they are removed
 */
export function leavesAnOwner(people: readonly Owner[], id: string, next: Role | null): boolean {
  const before = people.filter(({ role }) => role === 'owner');
  const target = before.find((person) => person.id === id);
  if (target === undefined || next === 'owner') return true;
  const others = before.filter((person) => person.id !== id);
  return target.hasJoined ? others.some(({ hasJoined }) => hasJoined) : others.length > 0;
}
