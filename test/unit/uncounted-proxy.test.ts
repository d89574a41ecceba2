import type { AddressInfo } from 'node:net';
import express from 'express';
import { createMetrics } from '../../src/api/http/metrics';
import { noticeUncountedProxy } from '../../src/api/http/uncounted-proxy';
import { createLog } from '../../src/log';

/** What an API behind so many counted proxies writes and counts when requests with these headers come, from this machine. */
async function toldOf(trustedProxies: number, headers: (string | undefined)[]) {
  const lines: string[] = [];
  const { forwarded } = createMetrics();
  const app = express();
  app.set('trust proxy', trustedProxies);
  const log = createLog('api', 'warn', { write: (line) => void lines.push(line) });
  app.use(noticeUncountedProxy(forwarded, log));
  app.use((_req, res) => void res.sendStatus(204));
  const server = app.listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    for (const header of headers)
      await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
        headers: header === undefined ? {} : { 'X-Forwarded-For': header },
      });
  } finally {
    server.close();
  }
  const [{ value: counted } = { value: 0 }] = (await forwarded.get()).values;
  return { lines, counted };
}

test.each([
  ['no proxy', 0, undefined, 0],
  ['one that is not counted', 0, '203.0.113.9', 1],
  ['one that is counted', 1, '203.0.113.9', 0],
  ['a second one, in a private network', 1, '203.0.113.9, 10.0.0.5', 1],
  ['an address that the client made up, before its own', 1, '10.0.0.5, 203.0.113.9', 0],
  ['two that are counted', 2, '203.0.113.9, 10.0.0.5', 0],
])('%s: %i trusted, X-Forwarded-For: %s', async (_what, trusted, header, times) => {
  const { lines, counted } = await toldOf(trusted, [header]);
  expect({ written: lines.length, counted }).toEqual({ written: times, counted: times });
});

test('it is counted each time and said once, without the addresses', async () => {
  const { lines, counted } = await toldOf(0, ['203.0.113.9', '203.0.113.10']);
  expect(counted).toBe(2);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('TRUSTED_PROXIES');
  expect(lines[0]).not.toContain('203.0.113');
});
