import type { AddressInfo } from 'node:net';
import express from 'express';
import { noticeUncountedProxy } from '../../src/api/http/uncounted-proxy';
import { createLog } from '../../src/log';

/** What an API behind so many counted proxies writes when requests with these headers come, from this machine. */
async function writtenFor(trustedProxies: number, headers: (string | undefined)[]): Promise<string[]> {
  const lines: string[] = [];
  const app = express();
  app.set('trust proxy', trustedProxies);
  app.use(noticeUncountedProxy(createLog('api', 'warn', { write: (line) => void lines.push(line) })));
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
  return lines;
}

test.each([
  ['no proxy', 0, undefined, 0],
  ['one that is not counted', 0, '203.0.113.9', 1],
  ['one that is counted', 1, '203.0.113.9', 0],
  ['a second one, in a private network', 1, '203.0.113.9, 10.0.0.5', 1],
  ['an address that the client made up, before its own', 1, '10.0.0.5, 203.0.113.9', 0],
  ['two that are counted', 2, '203.0.113.9, 10.0.0.5', 0],
])('%s: %i trusted, X-Forwarded-For: %s', async (_what, trusted, header, warnings) => {
  expect(await writtenFor(trusted, [header])).toHaveLength(warnings);
});

test('it is said once, without the addresses', async () => {
  const lines = await writtenFor(0, ['203.0.113.9', '203.0.113.10']);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('TRUSTED_PROXIES');
  expect(lines[0]).not.toContain('203.0.113');
});
