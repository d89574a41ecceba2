import { createTimeSkippingEnv } from '../harness/temporal';

const DAY_MS = 24 * 60 * 60 * 1000;

test('a sleep of 30 days takes no time and is 30 days long', async () => {
  const env = await createTimeSkippingEnv();
  try {
    const before = await env.currentTimeMs();
    await env.sleep('30 days');
    const slept = (await env.currentTimeMs()) - before;
    expect(Math.round(slept / DAY_MS)).toBe(30);
  } finally {
    await env.teardown();
  }
});
