import { apiFor, coachFor } from './api-support';

// Settings are changed one by one: who changes one needs not know of the others.
const api = apiFor('file');
const coach = coachFor('file', api);
const ORIGIN = 'https://yoga-with-ana.example';

const settings = (method: 'GET' | 'PATCH' | 'PUT', body?: unknown) =>
  api.call(method, '/v1/settings', { key: coach.key, ...(body === undefined ? {} : { body }) });
const present = async () => (await settings('GET')).body;

beforeEach(() => settings('PUT', {}));

test('PATCH changes what it names, and nothing else', async () => {
  await settings('PUT', { graceDays: 9, origins: [ORIGIN], defaultSuccessUrl: `${ORIGIN}/thanks` });
  const before = await present();
  const changed = await settings('PATCH', { renewalLeewayHours: 3 });
  expect(changed).toMatchObject({ status: 200, body: { ...before, renewalLeewayHours: 3 } });
  expect(await present()).toEqual(changed.body);
  expect((await settings('PATCH', {})).body).toEqual(changed.body);
  expect((await settings('PATCH', { defaultSuccessUrl: null })).body).toEqual({
    ...changed.body,
    defaultSuccessUrl: null,
  });
});

test('of a coach who never chose anything, the rest is as by default', async () => {
  await api.db.settings.deleteMany({ where: { coachId: coach.coachId } });
  const before = await present();
  expect((await settings('PATCH', { graceDays: 5 })).body).toEqual({ ...before, graceDays: 5 });
});

test('what two change at once is both there', async () => {
  const before = await present();
  await Promise.all([
    settings('PATCH', { graceDays: 4 }),
    settings('PATCH', { origins: [ORIGIN] }),
    settings('PATCH', { timelineYears: 7 }),
    settings('PATCH', { honourPaidPeriod: !(before.honourPaidPeriod as boolean) }),
  ]);
  expect(await present()).toEqual({
    ...before,
    graceDays: 4,
    origins: [ORIGIN],
    timelineYears: 7,
    honourPaidPeriod: !(before.honourPaidPeriod as boolean),
  });
});

test('an origin stays registered as long as an address needs it', async () => {
  await settings('PATCH', { origins: [ORIGIN], defaultSuccessUrl: `${ORIGIN}/thanks` });
  expect(await settings('PATCH', { origins: [] })).toMatchObject({
    status: 422,
    body: { code: 'redirect_not_allowed', field: 'defaultSuccessUrl' },
  });
  expect(await present()).toMatchObject({ origins: [ORIGIN], defaultSuccessUrl: `${ORIGIN}/thanks` });
  expect((await settings('PATCH', { origins: [], defaultSuccessUrl: null })).status).toBe(200);
});

test.each([
  ['nothing at all', undefined, undefined],
  ['no object', [], undefined],
  ['null for what cannot be without', { graceDays: null }, 'graceDays'],
  ['what is not known', { graceDay: 3 }, 'graceDay'],
])('%s is refused, and changes nothing', async (_what, body, field) => {
  const before = await present();
  const { status, body: problem } = await settings('PATCH', body);
  expect({ status, field: problem.field }).toEqual({ status: 400, field });
  expect(await present()).toEqual(before);
});
