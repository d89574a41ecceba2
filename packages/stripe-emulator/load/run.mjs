#!/usr/bin/env node
// npm run emulator:load: what one core and 500 MB are enough for. The emulator is a process of its own, on one core where
// the system lets it be pinned, and records nothing; the requests come from here. Fails if a figure is not reached.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { buildEmulator, startProcess } from '../scripts/emulator-process.mjs';

const RATE = 200;
const SECONDS = 10;
const SUBSCRIPTIONS = 10_000;
const LIMIT_MB = 500;
/** Of the whole run. */
const BOUND_MS = 240_000;

const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/** One request to the API, by the account. */
function call(emulator, account, method, path, fields) {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: emulator.port,
        method,
        path,
        agent,
        timeout: 10_000,
        headers: {
          authorization: 'Bearer sk_test_emulator',
          'stripe-version': '2026-08-26.dahlia',
          ...(account ? { 'stripe-account': account } : {}),
          ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
      },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.once('error', reject);
        response.on('end', () => {
          const body = Buffer.concat(chunks).toString();
          if (response.statusCode !== 200)
            reject(new Error(`${method} ${path}: ${response.statusCode} ${body}`));
          else resolve(JSON.parse(body));
        });
      },
    );
    request.once('timeout', () => request.destroy(new Error(`${method} ${path}: no answer in 10 seconds`)));
    request.once('error', reject);
    request.end(fields ? new URLSearchParams(fields).toString() : undefined);
  });
}

/** A command that keeps a program on one core, where there is one. */
function pinning() {
  const prefix = ['taskset', '-c', '0'];
  try {
    execFileSync(prefix[0], [...prefix.slice(1), 'true'], { stdio: 'ignore' });
    return prefix;
  } catch {
    return [];
  }
}

/** Megabytes that a process holds now. */
function residentMb({ pid }) {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
    return Number(kilobytes) / 1024;
  } catch {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
  }
}

/** An account with a monthly price and a customer that has a card. */
async function prepare(emulator) {
  const { id } = await emulator.control('POST', '/accounts', { businessName: 'Load', country: 'DE' });
  const answer = await fetch(`${emulator.url}/oauth/authorize`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({
      response_type: 'code',
      client_id: 'ca_test_emulator',
      scope: 'read_write',
      redirect_uri: 'http://localhost:1/callback',
      account: id,
      action: 'approve',
    }),
  });
  const code = new URL(answer.headers.get('location')).searchParams.get('code');
  await call(emulator, undefined, 'POST', '/oauth/token', { grant_type: 'authorization_code', code });
  const send = (path, fields) => call(emulator, id, 'POST', path, fields);
  const product = await send('/v1/products', { name: 'Programme' });
  const price = await send('/v1/prices', {
    product: product.id,
    currency: 'eur',
    unit_amount: '2900',
    'recurring[interval]': 'month',
  });
  return { account: id, price: price.id };
}

/** Subscribes a new customer who has a card. */
async function subscribe(emulator, { account, price }, number) {
  const send = (path, fields) => call(emulator, account, 'POST', path, fields);
  const { id: customer } = await send('/v1/customers', { email: `member-${number}@example.com` });
  const card = await send('/v1/payment_methods/pm_card_visa/attach', { customer });
  const subscription = await send('/v1/subscriptions', {
    customer,
    default_payment_method: card.id,
    'items[0][price]': price,
  });
  if (subscription.status !== 'active') throw new Error(`${subscription.id} is ${subscription.status}.`);
  return subscription;
}

/** Reads and writes in turn, as a product does; each begins when it is due, whether or not earlier ones are answered. */
async function steadyLoad(emulator, { account, price }) {
  const subscription = await subscribe(emulator, { account, price }, 0);
  const kinds = [
    (n) => ['POST', '/v1/customers', { email: `load-${n}@example.com` }],
    () => ['GET', `/v1/subscriptions/${subscription.id}`],
    () => [
      'POST',
      '/v1/checkout/sessions',
      {
        mode: 'subscription',
        'line_items[0][price]': price,
        'line_items[0][quantity]': '1',
        success_url: 'http://localhost:1/done',
      },
    ],
    () => ['GET', `/v1/invoices?subscription=${subscription.id}&limit=10`],
    () => ['GET', '/v1/events?limit=10'],
    (n) => ['POST', `/v1/subscriptions/${subscription.id}`, { 'metadata[n]': String(n) }],
  ];
  const total = RATE * SECONDS;
  const times = [];
  const errors = [];
  const under = [];
  const start = performance.now();
  for (let sent = 0; sent < total; sent += 1) {
    const wait = start + (sent * 1000) / RATE - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const began = performance.now();
    under.push(
      call(emulator, account, ...kinds[sent % kinds.length](sent)).then(
        () => times.push(performance.now() - began),
        (error) => errors.push(error.message),
      ),
    );
  }
  await Promise.all(under);
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const at = (share) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  const rate = times.length / seconds;
  console.log(
    `Rate: ${times.length} answers in ${seconds.toFixed(2)} s = ${rate.toFixed(1)} requests/s, ${errors.length} errors; ` +
      `median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms.`,
  );
  if (errors.length > 0) throw new Error(`The first error: ${errors[0]}`);
  if (rate < RATE * 0.99) throw new Error(`That is less than ${RATE} requests/s.`);
}

/** Counts the active subscriptions of the account, page by page. */
async function countActive(emulator, account) {
  let count = 0;
  let after = '';
  for (;;) {
    const path = `/v1/subscriptions?status=active&limit=100${after}`;
    const { data, has_more } = await call(emulator, account, 'GET', path);
    count += data.length;
    if (!has_more) return count;
    after = `&starting_after=${data.at(-1).id}`;
  }
}

/** Fills one account with paid subscriptions, each with a customer and a card of its own. */
async function fill(emulator, shop) {
  const start = performance.now();
  let next = 0;
  let largest = 0;
  const measure = () => {
    const now = residentMb(emulator);
    largest = Math.max(largest, now);
    return now.toFixed(0);
  };
  const one = async () => {
    while (next < SUBSCRIPTIONS) {
      const number = (next += 1);
      await subscribe(emulator, shop, number);
      if (number % 250 === 0) measure();
      if (number % 2500 === 0) console.log(`  ${number} subscriptions: RSS ${measure()} MB`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, one));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const after = measure();
  const active = await countActive(emulator, shop.account);
  console.log(
    `Subscriptions: ${active} active ones in one account after ${seconds} s; ` +
      `RSS ${after} MB, ${measure()} MB after listing them, largest seen ${largest.toFixed(0)} MB.`,
  );
  if (active !== SUBSCRIPTIONS) throw new Error(`${SUBSCRIPTIONS} active ones were expected.`);
  if (largest >= LIMIT_MB) throw new Error(`That is not under ${LIMIT_MB} MB.`);
}

/** What can be asked for alone: `npm run emulator:load -- rate`. */
const PARTS = { rate: steadyLoad, subscriptions: fill };
const bound = setTimeout(() => {
  console.error(`The load took more than ${BOUND_MS / 1000} seconds.`);
  process.exit(1);
}, BOUND_MS);
let emulator;
try {
  await buildEmulator();
  const prefix = pinning();
  console.log(`The emulator runs ${prefix.length > 0 ? 'on one core' : 'unpinned'}.`);
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
  for (const name of wanted) {
    if (!PARTS[name])
      throw new Error(`There is no part ${name}; there are: ${Object.keys(PARTS).join(', ')}.`);
    emulator = await startProcess(prefix);
    try {
      await PARTS[name](emulator, await prepare(emulator));
    } catch (error) {
      // The other part is still worth seeing.
      console.error(error.message);
      process.exitCode = 1;
    }
    await emulator.stop();
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  clearTimeout(bound);
  agent.destroy();
  await emulator?.stop();
}
