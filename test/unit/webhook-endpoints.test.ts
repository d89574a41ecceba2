import {
  type EndpointFacts,
  type EndpointFault,
  faultsOf,
  isSameAddress,
  judgeEndpoints,
  missingEvents,
  type WantedEndpoint,
} from '../../src/domain/webhook-endpoints';

const WANTED: WantedEndpoint = {
  url: 'https://pay.example/webhooks/stripe',
  scope: 'connect',
  events: ['account.updated', 'invoice.paid'],
  apiVersion: 'v1',
};
const OLD = 'https://old.example/webhooks/stripe';
const found = (over: Partial<EndpointFacts> = {}): EndpointFacts => ({
  id: 'we_here',
  enabled: true,
  managed: false,
  ...WANTED,
  ...over,
});

describe('an endpoint has to be', () => {
  test.each<[string, Partial<EndpointFacts>, EndpointFault[], string[]]>([
    ['as it is wanted', {}, [], []],
    ['for the same events, in any order', { events: ['invoice.paid', 'account.updated'] }, [], []],
    ['at our address', { url: OLD }, ['wrong_address'], []],
    ['switched on', { enabled: false }, ['disabled'], []],
    ['for all events', { events: ['invoice.paid'] }, ['wrong_events'], ['account.updated']],
    ['for events at all', { events: [] }, ['wrong_events'], ['account.updated', 'invoice.paid']],
    [
      'for one of two other ones',
      { events: ['invoice.paid', 'charge.refunded'] },
      ['wrong_events'],
      ['account.updated'],
    ],
    ['for no other events', { events: [...WANTED.events, 'charge.refunded'] }, ['wrong_events'], []],
    ['for no event that it does not need', { events: ['*'] }, ['wrong_events'], []],
    ['in our version', { apiVersion: 'v0' }, ['wrong_api_version'], []],
    ['in a version of its own', { apiVersion: null }, ['wrong_api_version'], []],
    [
      'right in everything',
      { url: OLD, enabled: false, events: [], apiVersion: 'v0' },
      ['wrong_address', 'disabled', 'wrong_events', 'wrong_api_version'],
      ['account.updated', 'invoice.paid'],
    ],
  ])('%s', (_, over, faults, missing) => {
    expect(faultsOf(WANTED, found(over))).toEqual(faults);
    expect(missingEvents(WANTED, found(over))).toEqual(missing);
  });
});

describe('an address is the same', () => {
  test.each<[string, string, boolean]>([
    ['https://pay.example/hook', 'https://pay.example/hook', true],
    ['https://pay.example/hook', 'https://pay.example/hook/', true],
    ['https://pay.example/hook//', 'https://pay.example/hook', true],
    ['https://pay.example', 'https://pay.example/', true],
    ['HTTPS://Pay.Example:443/hook', 'https://pay.example/hook', true],
    ['https://pay.example/a//b', 'https://pay.example/a/b', false],
    ['https://pay.example/hook', 'https://pay.example/Hook', false],
    ['https://pay.example/hook', 'http://pay.example/hook', false],
    ['https://pay.example/hook', 'https://pay.example/hook?a=1', false],
    ['no address', 'no address', true],
    ['no address', 'no address/', false],
    ['no address', 'https://pay.example/', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(isSameAddress(one, other)).toBe(same);
    expect(isSameAddress(other, one)).toBe(same);
  });
});

describe('of the endpoints that Stripe has', () => {
  const here = found();
  const faulty = found({ id: 'we_faulty', enabled: false, events: ['invoice.paid'] });
  const off = found({ id: 'we_off', enabled: false });
  const moved = found({ id: 'we_moved', url: OLD, managed: true });
  const stranger = found({ id: 'we_stranger', url: 'https://else.example/' });
  const platform = found({ id: 'we_platform', scope: 'platform', managed: true });

  test.each<[string, EndpointFacts[], EndpointFacts | null, EndpointFault[], EndpointFacts[]]>([
    ['none is ours where there is none', [], null, [], []],
    ['none is ours that is somebody else’s, or of another scope', [stranger, platform], null, [], []],
    ['the one at our address is ours', [stranger, platform, here], here, [], []],
    ['the one at our address goes before one that was created here', [moved, off], off, ['disabled'], []],
    ['one that was created here has moved', [stranger, moved], moved, ['wrong_address'], []],
    [
      'the one with the fewest faults is ours, the others send twice',
      [faulty, off, here],
      here,
      [],
      [off, faulty],
    ],
    ['the one with fewer faults is ours, whichever comes first', [off, faulty], off, ['disabled'], [faulty]],
    [
      'several that have moved send nothing twice here',
      [found({ ...moved, id: 'we_off', enabled: false }), moved],
      moved,
      ['wrong_address'],
      [],
    ],
  ])('%s', (_, endpoints, endpoint, faults, duplicates) => {
    expect(judgeEndpoints(WANTED, endpoints)).toEqual({ endpoint, faults, missingEvents: [], duplicates });
  });

  test('what ours does not send is named', () => {
    expect(judgeEndpoints(WANTED, [faulty])).toEqual({
      endpoint: faulty,
      faults: ['disabled', 'wrong_events'],
      missingEvents: ['account.updated'],
      duplicates: [],
    });
  });
});
