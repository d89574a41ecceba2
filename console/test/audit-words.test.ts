import { operationIdOf, OPERATIONS } from '@domain/permissions';
import { OPERATION_WORDS } from '../src/pages/audit/operations';

/** What the audit log of a coach can have: their own changes, and the platform's that are about them. */
const changes = Object.entries(OPERATIONS)
  .filter(([name, { kind }]) => kind === 'change' && !name.includes('/v1/inbox'))
  .map(([name]) => {
    const [method = '', path = ''] = name.split(' ');
    return operationIdOf({ method: method.toLowerCase(), path });
  });

it.each(Object.entries(OPERATION_WORDS))(
  'the audit log has words for every change, in %s: console/src/pages/audit/operations.ts',
  (_language, words) => {
    expect(changes.filter((operation) => words[operation] === undefined)).toEqual([]);
  },
);
