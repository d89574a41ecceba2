import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Nobody can have the product call an address of their choosing (SSRF): it calls Stripe, Temporal and Postgres, at the
// addresses of its configuration, and has no other way to call anything.
const SRC = join(__dirname, '..', '..', 'src');
/** What runs where customers are; the rest is a developer's own machine, and the client that others use. */
const PRODUCT = [
  'activities',
  'api',
  'config',
  'db',
  'domain',
  'messages',
  'store',
  'stripe',
  'temporal',
  'worker',
  'workflows',
];
/** Asks the part of its own process that counts for Temporal's SDK, at an address that it has given it itself. */
const ASKS_ITSELF = 'worker/http-server.ts';
const CALLS = [
  /\bfetch\s*\(/,
  /from 'node:(http2|https|tls|dgram|dns)'/,
  /import \{[^}]*\b(request|get|Agent|connect|createConnection|Socket)\b[^}]*\} from 'node:(http|net)'/,
  /\bimport \* as \w+ from 'node:(http|net)'/,
  /'(undici|axios|got|node-fetch|superagent|openapi-fetch)'/,
];

const filesOf = (folder: string): string[] =>
  readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
    .map((file) => join(folder, file));

test('nothing of the product calls an address that is not of its configuration', () => {
  const files = PRODUCT.flatMap(filesOf);
  expect(files.length).toBeGreaterThan(100);
  const calling = files.filter((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    return CALLS.some((call) => call.test(text));
  });
  expect(calling).toEqual([ASKS_ITSELF]);
});

test.each([
  'await fetch(price.imageUrl)',
  "import { request } from 'node:https';",
  "import { createServer, request } from 'node:http';",
  "import { connect } from 'node:net';",
  "import axios from 'axios';",
])('%s would be seen', (line) => {
  expect(CALLS.some((call) => call.test(line))).toBe(true);
});
