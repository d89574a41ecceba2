import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Stripe's calls that change something, told from any other of the name by Stripe's client in front of them. */
const CHANGES =
  /^(create|update|cancel|expire|resume|release|del|pay|finalizeInvoice|voidInvoice|sendInvoice|confirm|capture|token|deauthorize)$/;
/** Calls without an idempotency key, each with the reason why repeating it does no harm. */
const WITHOUT_KEY: Record<string, string> = {
  'stripe/account.ts: stripe.oauth.token': 'a code is good once',
  'stripe/account.ts: stripe.oauth.deauthorize': 'what is cut stays cut',
  'stripe/customer.ts: stripe.customers.del': 'a DELETE: who is gone stays gone',
  'stripe/customer.ts: stripe.customers.update': 'the same address again',
  'stripe/webhook-endpoints.ts: stripe.webhookEndpoints.create': 'a person runs it, and reads what it says',
  'stripe/webhook-endpoints.ts: stripe.webhookEndpoints.update': 'the same again',
};

/** The changes in a source: whether each is sent by `createOnce` or `changeOnce`, whose keys move on. */
function changesIn(text: string): { call: string; movesOn: boolean }[] {
  const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);
  const found: { call: string; movesOn: boolean }[] = [];
  const isSentOnce = (node: ts.Node): boolean => {
    for (let at: ts.Node | undefined = node.parent; at !== undefined; at = at.parent)
      if (ts.isCallExpression(at) && /(^|\.)(createOnce|changeOnce|once)$/.test(at.expression.getText(file)))
        return true;
    return false;
  };
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      CHANGES.test(node.expression.name.text) &&
      /\b(stripe|subscriptions|sessions)\b/.test(node.expression.expression.getText(file))
    )
      found.push({
        call: node.expression.getText(file).replace(/^(client|at\.client|this)\./, ''),
        movesOn: isSentOnce(node),
      });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test.each([
  ['await stripe.refunds.create(params, { idempotencyKey: row.id });', false],
  [
    'await at.client.stripe.subscriptions.cancel(id, undefined, { idempotencyKey: `${row.id}:cancel` });',
    false,
  ],
  [
    'await changeOnce({ change: (key) => stripe.subscriptions.update(id, params, { idempotencyKey: key }) });',
    true,
  ],
  ['at.once(step, (key) => at.client.stripe.subscriptions.resume(at.id, {}, key), isDone)', true],
])('a change under a fixed key is found: %s', (text, movesOn) => {
  expect(changesIn(text)).toMatchObject([{ movesOn }]);
});

test('no failure that Stripe has stored blocks a change: every one moves on to another key', () => {
  const root = join(__dirname, '../../src');
  const changes = ['activities', 'api', 'store', 'stripe', 'worker']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      changesIn(readFileSync(join(root, file), 'utf8')).map((change) => ({ ...change, file })),
    );
  expect(changes.length).toBeGreaterThan(15);
  const fixed = changes.filter(({ movesOn }) => !movesOn).map(({ file, call }) => `${file}: ${call}`);
  expect(fixed.sort()).toEqual(Object.keys(WITHOUT_KEY).sort());
});
