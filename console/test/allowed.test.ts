import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGES = join(__dirname, '../src/pages');

/** What only asks what would be, or is the way back from Stripe of whoever has begun it. */
const NEEDS_NO_BUTTON = [
  '/v1/payments/{id}/refund/preview',
  '/v1/memberships/{id}/change-price/preview',
  '/v1/members/{id}/merge/preview',
  '/v1/mail-previews',
  '/v1/connection/confirm',
];
/** Done along with another, whose button is there or not. */
const ALONG_WITH_ANOTHER = [
  'members/GiveAccess.tsx: revoke',
  'members/RevokeGift.tsx: restore',
  'people/InvitePerson.tsx: inviteThere',
  'webhooks/ReceiverCard.tsx: enable',
];

const actions = readdirSync(PAGES, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap((file) => {
    const source = readFileSync(join(PAGES, file), 'utf8');
    return [...source.matchAll(/const (\{[^}]*\}|\w+) = useAction\(\s*'\w+',\s*'([^']+)'/g)].map(
      ([, name = '', path = '']) => ({ file, name, path, source }),
    );
  });

test('scenario 98: whatever a page can do is asked of the role first', () => {
  expect(actions.length).toBeGreaterThan(45);
  const unasked = actions.filter(
    ({ file, name, path, source }) =>
      !NEEDS_NO_BUTTON.includes(path) &&
      !ALONG_WITH_ANOTHER.includes(`${file}: ${name}`) &&
      !source.includes(`${name}.isAllowed`) &&
      // A button that asks by itself.
      !source.includes(`action={${name}}`),
  );
  expect(unasked.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});
