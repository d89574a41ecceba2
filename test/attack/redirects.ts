import { COACH_UI, CoachUi } from '../support/coach-ui';
import { randomOf, shuffled } from '../model/random';
import { type AttackOptions, type Outcome, shareOf } from './attack';
import { openBusiness } from './tenant/business';
import type { Stack } from './stack';

/** The only places outside of the product to which the coach's members may be sent. */
const HOST = new URL(COACH_UI).host;

/** Addresses that are not the registered origin's, but would like to be taken for it. `H` is its host. */
const ADDRESSES: readonly string[] = [
  ...[
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    ' javascript:alert(1)',
  ],
  ...[
    '\u0001javascript:alert(1)',
    'javascript://H/%0aalert(1)',
    'javascript:/*http://H*/alert(1)',
    'vbscript:msgbox(1)',
  ],
  ...[
    'data:text/html,<script>alert(1)</script>',
    'data:text/html;base64,PHNjcmlwdD4=',
    'blob:http://H/x',
    'file:///etc/passwd',
  ],
  ...[
    'ftp://H/',
    'ws://H/',
    'about:blank',
    'view-source:http://H/',
    'intent://H/#Intent;end',
    'mailto:a@H',
    'http',
    'H',
    '',
  ],
  ...[
    '//evil.example',
    '///evil.example',
    '////evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    '\\/evil.example',
  ],
  ...[
    '/%5cevil.example',
    '/%2fevil.example',
    '//evil.example/%2f..',
    '/\t/evil.example',
    '/\n/evil.example',
    '/evil',
    './evil',
  ],
  ...[
    'http:evil.example',
    'http:/evil.example',
    'http:\\\\evil.example',
    'http:///evil.example',
    'http:////evil.example',
  ],
  ...[
    'https:evil.example',
    'http:\\evil.example',
    'http://',
    'http:///',
    'http://?',
    'http://#',
    'http://.',
    'http://..',
  ],
  ...[
    'http://H@evil.example',
    'http://H:80@evil.example/',
    'http://user:pass@H/',
    'http://@evil.example',
    'http://H%40evil.example',
  ],
  ...[
    'http://evil.example@H/',
    'http://H\\@evil.example',
    'http://evil.example\\@H',
    'http://evil.example#@H/',
    'http://evil.example?@H/',
  ],
  ...[
    'http://evil.example\\.H',
    'http://evil.example%2f.H',
    'http://evil.example%5c.H',
    'http://evil.example%00.H',
    'http://evil.example%23.H',
  ],
  ...[
    'http://evil.example/H',
    'http://evil.example?H',
    'http://evil.example#H',
    'http://evil.example;H',
    'http://evil.example,H',
  ],
  ...[
    'http://H.evil.example',
    'http://Hevil.example',
    'http://evilH',
    'http://evil.H',
    'http://www.H',
    'http://xH',
    'http://Hx',
  ],
  ...[
    'http://H:8080/',
    'http://H:0/',
    'http://H:65536/',
    'http://H:80:80/',
    'http://H:-1/',
    'http://H:a/',
    'https://H/',
    'http://H./',
  ],
  ...[
    'http://H%2eevil.example',
    'http://H\u3002evil.example',
    'http://H\uff0eevil.example',
    'http://H\uff0fevil.example',
    'http://H\u2044evil.example',
  ],
  ...[
    'http://\u0441oach-ui.example',
    'http://c\u043each-ui.example',
    'http://coach\u2010ui.example',
    'http://xn--oach-ui-8cf.example',
  ],
  ...[
    'http://coach-ui.ex\u0430mple',
    'http://coach-ui.examp1e',
    'http://coach_ui.example',
    'http://coach-ui.example.',
    'http://c\u00f6ach-ui.example',
  ],
  ...[
    'http://evil.example\tH',
    'http://evil.example\nH',
    'http://evil.example\r\nLocation: http://evil.example',
    'http://H\r\n.evil.example',
  ],
  ...[
    'http://H\u0000.evil.example',
    'http://H .evil.example',
    'http://evil.example\u00a0H',
    'http://H\ufeff.evil.example',
    'http://\u202eelpmaxe.live',
  ],
  ...[
    'http://127.0.0.1:1/',
    'http://localhost/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
  ],
  ...[
    'http://169.254.169.254/latest/meta-data/',
    'http://0/',
    'http://017700000001/',
    'http://[H]/',
    'http://H]/',
    'http://[H/',
  ],
  ...[
    'hTTp:\\\\evil.example',
    'http:\t//evil.example',
    'ht\ntp://evil.example',
    'http\u003a//evil.example\u0000',
    'x:http://H/',
    'http://http://H/',
  ],
].map((address) => address.replaceAll('H', HOST));

/** Where several readers of addresses think that an address leads: browsers, and servers that read by the letter. */
function readingsOf(address: string): string[] {
  const readings: string[] = [];
  if (URL.canParse(address, 'http://relative.invalid'))
    readings.push(new URL(address, 'http://relative.invalid').origin);
  const written = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?/.exec(address);
  const authority = written?.[2]?.split('@').at(-1);
  if (authority !== undefined) readings.push(`${written?.[1] ?? 'http'}://${authority}`.toLowerCase());
  return readings;
}

/** One place that takes an address to lead to, and what came of it: where the browser would go, or null: nowhere. */
interface Door {
  name: string;
  open(address: string): Promise<string | null>;
}

/**
 * Addresses at every door that leads a browser on. One is accepted if the answer is a success and the address is, for any
 * reader, of an origin that is neither registered nor the product's own; or where a header leads there whatever was said.
 */
export async function attackRedirects(stack: Stack, options: AttackOptions): Promise<Outcome> {
  const doors = await doorsOf(stack);
  const all = doors.flatMap((door) => ADDRESSES.map((address) => ({ door, address })));
  const chosen = shuffled(all, randomOf(options.seed)).slice(0, shareOf(all.length, options));
  const fine = new Set([new URL(COACH_UI).origin, new URL(stack.api).origin]);
  const opened: string[] = [];
  for (const door of doors) {
    const led = await door.open(`${COACH_UI}/fine`);
    if (door.name.startsWith('POST') && led === null) throw new Error(`${door.name} leads nowhere at all`);
  }
  for (const { door, address } of chosen) {
    const led = await door.open(address);
    if (led === null) continue;
    const astray = readingsOf(led).filter((origin) => !fine.has(origin));
    if (astray.length > 0)
      opened.push(`${door.name}: ${JSON.stringify(address)} leads to ${astray.join(' or ')}`);
  }
  options.progress(`redirects: ${chosen.length} of ${ADDRESSES.length} addresses at ${doors.length} doors`);
  return {
    figures: { addresses: ADDRESSES.length, tried: chosen.length, accepted: opened.length },
    opened,
  };
}

async function doorsOf(stack: Stack): Promise<Door[]> {
  const { coach, ids, console: signedIn } = await openBusiness(stack);
  const { api } = stack;
  // What is free is given at once: its page leads back without Stripe in between.
  const product = await coach.call('POST', '/v1/products', { name: 'Free' });
  const { body: free } = await coach.call('POST', `/v1/products/${product.body.id}/prices`, {
    model: 'free',
  });
  // Who is connected already is led nowhere.
  const unconnected = await CoachUi.open(stack);
  const posted = (path: string, field: string, body: object, method = 'POST', by = coach): Door => ({
    name: `${method} ${path} ${field}`,
    async open(address) {
      const answer = await by.call(method, path, { ...body, [field]: address });
      return answer.status < 300 ? address : null;
    },
  });
  let buyers = 0;
  const locationOf = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${api}${path}`, { redirect: 'manual', ...init });
    await answer.arrayBuffer();
    return answer.headers.get('location');
  };
  const absent = async (path: string, init: RequestInit = {}) => {
    const location = await locationOf(path, init);
    return location === null ? null : new URL(location, api).href;
  };
  return [
    posted('/v1/connection', 'returnUrl', {}, 'POST', unconnected),
    posted(`/v1/members/${ids['mbr_']}/portal`, 'returnUrl', {}),
    ...['successUrl', 'cancelUrl'].map((field) =>
      posted('/v1/checkouts', field, { priceId: ids['amt_'], member: `redirected` }),
    ),
    ...['defaultSuccessUrl', 'defaultCancelUrl', 'connectionReturnUrl'].map((field) =>
      posted('/v1/settings', field, { origins: [COACH_UI] }, 'PUT'),
    ),
    ...['successUrl', 'cancelUrl'].map((field) => ({
      name: `/buy, posted, ${field}`,
      open: (address: string) =>
        locationOf(`/buy/${free.id}?${field}=${encodeURIComponent(address)}`, {
          method: 'POST',
          body: new URLSearchParams({ email: `buyer${buyers++}@members.example` }),
        }),
    })),
    ...['next', 'returnUrl', 'redirect_uri', 'url'].map((field) => ({
      name: `/console, signed in, ${field}`,
      open: (address: string) =>
        absent(`/console/sign-in/x?${field}=${encodeURIComponent(address)}`, {
          headers: { cookie: signedIn.cookie },
        }),
    })),
    {
      name: '/connect/callback, redirect_uri',
      open: (address) =>
        absent(`/connect/callback?error=access_denied&redirect_uri=${encodeURIComponent(address)}`),
    },
    { name: 'a path that is an address', open: (address) => absent(`/${encodeURI(address)}`) },
  ];
}
