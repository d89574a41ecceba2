import fc from 'fast-check';
import {
  type Access,
  accessOf,
  effectOf,
  type GrantFacts,
  isHeld,
  isLive,
  isSameAccess,
} from '../../src/domain/access';
import { NOW } from '../support/facts';

const grant = (over: Partial<GrantFacts> = {}): GrantFacts => ({
  startsAt: NOW - 100,
  until: NOW + 100,
  suspended: false,
  revoked: false,
  ...over,
});

describe('one grant', () => {
  test.each<[string, Partial<GrantFacts>, boolean]>([
    ['lasts', {}, true],
    ['begins in its first second', { startsAt: NOW }, true],
    ['has not begun a second earlier', { startsAt: NOW + 1 }, false],
    ['is over in the second of its end', { until: NOW }, false],
    ['lasts to the second before its end', { until: NOW + 1 }, true],
    ['lasts without an end', { until: null }, true],
    ['gives nothing while suspended', { suspended: true }, false],
    ['gives nothing once revoked', { revoked: true, until: null }, false],
  ])('%s', (_name, over, live) => {
    expect(isLive(grant(over), NOW)).toBe(live);
  });

  const ahead = { startsAt: NOW + 10, until: null };
  test.each<[string, Partial<GrantFacts>, boolean]>([
    ['that lasts', {}, true],
    ['that begins later', ahead, true],
    ['that is over', { until: NOW }, false],
    ['that begins later, and is paid to a day before', { ...ahead, until: NOW + 5 }, true],
    ['that is over before it begins', { ...ahead, until: NOW }, false],
    ['that is suspended before it begins', { ...ahead, suspended: true }, false],
    ['that is taken away before it begins', { ...ahead, revoked: true }, false],
  ])('is had: one %s: %#', (_name, over, held) => {
    expect(isHeld(grant(over), NOW)).toBe(held);
  });
});

describe('the union of grants', () => {
  test('is no access without any', () => {
    expect(accessOf([], NOW)).toEqual({ access: false, until: null });
  });

  test('lasts until the last live one ends', () => {
    const grants = [grant({ until: NOW + 5 }), grant({ until: NOW + 50 }), grant({ until: NOW - 5 })];
    expect(accessOf(grants, NOW)).toEqual({ access: true, until: NOW + 50 });
  });

  test('has no end when one of the live ones has none', () => {
    const grants = [grant({ until: NOW + 5 }), grant({ until: null })];
    expect(accessOf(grants, NOW)).toEqual({ access: true, until: null });
  });

  test('begins with the first of those to come, unless one has begun', () => {
    const ahead = [grant({ startsAt: NOW + 50 }), grant({ startsAt: NOW + 20, until: null })];
    expect(accessOf(ahead, NOW)).toEqual({ access: false, until: null, begins: NOW + 20 });
    expect(accessOf([...ahead, grant()], NOW)).toEqual({ access: true, until: NOW + 100 });
    expect(accessOf([grant({ startsAt: NOW + 5, revoked: true })], NOW)).toEqual({
      access: false,
      until: null,
    });
  });

  test('a refunded purchase takes nothing from another one', () => {
    expect(accessOf([grant({ revoked: true, until: null }), grant()], NOW)).toEqual({
      access: true,
      until: NOW + 100,
    });
  });

  const anyGrant = fc.record<GrantFacts>({
    startsAt: fc.integer({ min: NOW - 1000, max: NOW + 1000 }),
    until: fc.option(fc.integer({ min: NOW - 1000, max: NOW + 1000 })),
    suspended: fc.boolean(),
    revoked: fc.boolean(),
  });

  test('gives access exactly when one of them does, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(anyGrant, { maxLength: 6 }), (grants) => {
        const access = accessOf(grants, NOW);
        expect(access.access).toBe(grants.some((each) => isLive(each, NOW)));
        expect(accessOf([...grants].reverse(), NOW)).toEqual(access);
      }),
    );
  });

  test('never shrinks when a grant is added', () => {
    const end = ({ access, until }: Access) => (!access ? -Infinity : (until ?? Infinity));
    fc.assert(
      fc.property(fc.array(anyGrant, { maxLength: 5 }), anyGrant, (grants, another) => {
        expect(end(accessOf([...grants, another], NOW))).toBeGreaterThanOrEqual(end(accessOf(grants, NOW)));
      }),
    );
  });

  test('its end is the moment at which the answer changes, unless another grant begins', () => {
    fc.assert(
      fc.property(fc.array(anyGrant, { maxLength: 5 }), (grants) => {
        const begun = grants.filter((each) => each.startsAt <= NOW);
        const { access, until } = accessOf(begun, NOW);
        fc.pre(access && until !== null);
        expect(accessOf(begun, (until ?? 0) - 1).access).toBe(true);
        expect(accessOf(begun, until ?? 0).access).toBe(false);
      }),
    );
  });
});

describe('the effect in words', () => {
  const none: Access = { access: false, until: null };
  const ending: Access = { access: true, until: NOW };
  const later: Access = { access: true, until: NOW + 3600 };
  const endless: Access = { access: true, until: null };
  const ahead: Access = { access: false, until: null, begins: NOW };

  test.each<[Access, Access, string]>([
    [none, none, 'No access, as before.'],
    [ending, none, 'Access ended.'],
    [none, ending, 'Access given, until 2027-02-16T12:00:00.000Z.'],
    [none, endless, 'Access given, without an end.'],
    [ending, later, 'Access goes on, until 2027-02-16T13:00:00.000Z.'],
    [ending, endless, 'Access goes on, without an end.'],
    [later, later, 'Access unchanged, until 2027-02-16T13:00:00.000Z.'],
    [endless, endless, 'Access unchanged, without an end.'],
    [none, ahead, 'Access begins 2027-02-16T12:00:00.000Z.'],
    [ahead, ahead, 'Access begins 2027-02-16T12:00:00.000Z, as before.'],
    [ahead, none, 'Access will not begin.'],
    [ahead, endless, 'Access given, without an end.'],
  ])('%j → %j', (before, after, words) => {
    expect(effectOf(before, after)).toBe(words);
  });

  test('a beginning that came by the clock is told by the first entry after it', () => {
    expect(effectOf(endless, endless, ahead)).toBe('Access given, without an end.');
    expect(effectOf(later, none, ahead)).toBe('Access ended.');
  });

  test('an end that came by the clock is told by the first entry after it', () => {
    expect(effectOf(none, none, ending)).toBe('Access ended.');
    expect(effectOf(none, none, none)).toBe('No access, as before.');
    expect(effectOf(none, later, ending)).toBe('Access given, until 2027-02-16T13:00:00.000Z.');
  });
});

test.each<[string, Access, Access, Access | undefined, boolean]>([
  ['none, as before', { access: false, until: null }, { access: false, until: null }, undefined, true],
  ['the same end', { access: true, until: NOW }, { access: true, until: NOW }, undefined, true],
  ['another end', { access: true, until: NOW }, { access: true, until: NOW + 1 }, undefined, false],
  ['given', { access: false, until: null }, { access: true, until: NOW }, undefined, false],
  [
    'to come, as before',
    { access: false, until: null, begins: NOW },
    { access: false, until: null, begins: NOW },
    undefined,
    true,
  ],
  [
    'to come at another time',
    { access: false, until: null, begins: NOW },
    { access: false, until: null, begins: NOW + 1 },
    undefined,
    false,
  ],
  [
    'an end that came by the clock and was not told yet',
    { access: false, until: null },
    { access: false, until: null },
    { access: true, until: NOW },
    false,
  ],
])('a change that is none for the member is no entry: %s', (_, before, after, told, same) => {
  expect(isSameAccess(before, after, told)).toBe(same);
});
