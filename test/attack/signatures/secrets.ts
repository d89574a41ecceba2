import type { WebhookSecret } from '../../../src/config/stripe-modes';
import { delivery, type Delivery, type Material, newEvent, signed } from './delivery';

const signedBy = (secret: (material: Material) => string) => (material: Material) =>
  delivery(material, signed(material, { secret: secret(material) }));

/** An event of one kind of endpoint, signed by the secret of another. */
function crossed(of: Omit<WebhookSecret, 'secret'>, by: Omit<WebhookSecret, 'secret'>) {
  return (material: Material): Delivery => {
    const body = Buffer.from(JSON.stringify(newEvent(of, material.hex)));
    const signer = material.secrets.find(({ scope, mode }) => scope === by.scope && mode === by.mode);
    return delivery(material, signed(material, { secret: signer?.secret ?? material.hex(32), body }), body);
  };
}

const connectTest = { scope: 'connect', mode: 'test' } as const;
const connectLive = { scope: 'connect', mode: 'live' } as const;
const platformTest = { scope: 'platform', mode: 'test' } as const;
const platformLive = { scope: 'platform', mode: 'live' } as const;

/** Signed by something that is not the secret of an endpoint for this event. */
export const SECRETS: Record<string, (material: Material) => Delivery> = {
  'a secret that was made up': signedBy(({ hex }) => `whsec_${hex(32)}`),
  'an empty secret': signedBy(() => ''),
  'a secret of blanks': signedBy(({ number }) => ' '.repeat(1 + number(40))),
  'the prefix of secrets': signedBy(() => 'whsec_'),
  'the secret without its prefix': signedBy(({ secret }) => secret.slice('whsec_'.length)),
  'the secret as base64, decoded': signedBy(({ secret }) =>
    Buffer.from(secret.slice('whsec_'.length), 'base64').toString('latin1'),
  ),
  'the secret in capitals': signedBy(({ secret }) => secret.toUpperCase()),
  'the secret and a line break': signedBy(({ secret }) => `${secret}\n`),
  'the secret and a blank': signedBy(({ secret }) => `${secret} `),
  'a part of the secret': signedBy(({ secret, number }) => secret.slice(0, number(secret.length))),
  'the secret twice': signedBy(({ secret }) => `${secret}${secret}`),
  'the secret with one letter changed': signedBy(({ secret, number }) => {
    const at = number(secret.length);
    return `${secret.slice(0, at)}${secret[at] === 'x' ? 'y' : 'x'}${secret.slice(at + 1)}`;
  }),
  'all secrets in a row': signedBy(({ secrets }) => secrets.map(({ secret }) => secret).join(',')),
  'a word that means nothing': signedBy(
    ({ number }) => ['undefined', 'null', 'NaN', '[object Object]', 'secret', '0'][number(6)] ?? '',
  ),
  'the id of the event': signedBy(({ event }) => String(event['id'])),
  'the account of the event': signedBy(({ event }) => String(event['account'])),
  'a live event, by the test secret': crossed(connectLive, connectTest),
  'a live event of the platform, by its test secret': crossed(platformLive, platformTest),
  'a test event of the platform, by its live secret': crossed(platformTest, platformLive),
  'an event of the platform, by the connect secret': crossed(platformTest, connectTest),
  'a live event of the platform, by the connect secret': crossed(platformLive, connectLive),
  'an event of an account, by the platform’s secret': crossed(connectTest, platformTest),
  'a live event of an account, by the platform’s secret': crossed(connectLive, platformLive),
  'a live event of the platform, by the connect secret of tests': crossed(platformLive, connectTest),
};
