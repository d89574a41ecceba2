import { leavesAnOwner, type Owner } from '../../src/domain/people';
import type { Role } from '../../src/domain/permissions';

const joined = (id: string, role: Role = 'owner'): Owner => ({ id, role, hasJoined: true });
const invited = (id: string, role: Role = 'owner'): Owner => ({ id, role, hasJoined: false });

test.each<[string, Owner[], string, Role | null, boolean]>([
  ['the only owner is removed', [joined('a')], 'a', null, false],
  ['the only owner is lowered', [joined('a'), joined('b', 'support')], 'a', 'finance', false],
  ['the only owner stays an owner', [joined('a')], 'a', 'owner', true],
  ['one of two is removed', [joined('a'), joined('b')], 'a', null, true],
  ['one of two is lowered', [joined('a'), joined('b')], 'b', 'read_only', true],
  ['the other one has never signed in', [joined('a'), invited('b')], 'a', null, false],
  ['the one who has never signed in goes', [joined('a'), invited('b')], 'b', null, true],
  ['nobody has signed in yet, one is left', [invited('a'), invited('b')], 'a', null, true],
  ['nobody has signed in yet, nobody is left', [invited('a')], 'a', null, false],
  ['somebody else is removed', [joined('a'), joined('b', 'support')], 'b', null, true],
  ['somebody else is lowered', [joined('b', 'support')], 'b', 'read_only', true],
  ['somebody becomes an owner', [joined('b', 'support')], 'b', 'owner', true],
])('an owner is left: %s', (_what, people, id, next, expected) => {
  expect(leavesAnOwner(people, id, next)).toBe(expected);
});
