import type { Membership } from '../src/api/types';
import { actionsFor, shownStatus } from '../src/pages/members/actions';

type Row = Pick<Membership, 'kind' | 'status' | 'reason' | 'installments'>;
const SUBSCRIPTION: Row = { kind: 'subscription', status: 'active', reason: 'paid', installments: null };

test.each<[string, Partial<Row>, string[]]>([
  ['one that renews', {}, ['cancel', 'pause', 'changePrice']],
  ['a trial', { status: 'trialing', reason: 'trial' }, ['cancel', 'pause', 'changePrice']],
  ['one that will end', { status: 'canceling', reason: 'scheduled_to_cancel' }, ['cancel', 'resume']],
  ['a paused one, while it is paid', { reason: 'collection_paused' }, ['cancel', 'resume']],
  ['a paused one', { status: 'suspended', reason: 'collection_paused' }, ['cancel', 'resume']],
  [
    'a trial without a card',
    { status: 'suspended', reason: 'trial_ended_without_card' },
    ['cancel', 'resume'],
  ],
  ['one in grace', { status: 'past_due', reason: 'grace' }, ['cancel']],
  ['one without access', { status: 'suspended', reason: 'grace_over' }, ['cancel']],
  ['installments', { installments: { paid: 1, due: 3 } }, ['cancel']],
  ['one of an account that is gone', { status: 'canceling', reason: 'disconnected' }, []],
  ['one that ended', { status: 'ended', reason: 'canceled' }, []],
  ['what was bought once', { kind: 'one_off', status: 'owned' }, []],
])('%s: %j', (_, over, expected) => {
  const offered = Object.entries(actionsFor({ ...SUBSCRIPTION, ...over }));
  expect(offered.flatMap(([name, is]) => (is ? [name] : [])).sort()).toEqual([...expected].sort());
});

test.each<[string, Pick<Membership, 'status' | 'reason'>, string]>([
  ['one that renews', { status: 'active', reason: 'paid' }, 'active'],
  ['a paused one, while it is paid', { status: 'active', reason: 'collection_paused' }, 'paused'],
  ['a paused one without access', { status: 'suspended', reason: 'collection_paused' }, 'paused'],
  ['a trial without a card', { status: 'suspended', reason: 'trial_ended_without_card' }, 'paused'],
  ['one that ended while paused', { status: 'ended', reason: 'collection_paused' }, 'ended'],
])('%s is tagged %j: %s', (_, membership, tag) => {
  expect(shownStatus(membership)).toBe(tag);
});
