import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { everyPage, onePage, whatIsThere, wholeList } from '../../src/stripe/every-page';

/** Lists inside other objects, by the names that Stripe gives them. https://docs.stripe.com/api/pagination */
const NESTED = [
  ...['lines', 'payments', 'items', 'line_items', 'refunds', 'sources', 'tax_ids', 'subscriptions'],
  ...['phases', 'usage', 'fees', 'reversals', 'external_accounts', 'total_taxes'],
];
const HELPERS = ['everyPage', 'onePage', 'wholeList'];
/** `stripe.x.list(…)` and its relatives, told from any other `list` by Stripe's client in front of it. */
const LIST = /^(list|listLineItems|listPaymentMethods|listBalanceTransactions|listComputedUpfrontLineItems)$/;

const source = (text: string) => ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true);

/** Where a source takes the first page of a list of Stripe's for all of it. */
function firstPages(file: ts.SourceFile): string[] {
  const found: string[] = [];
  const say = (node: ts.Node) => found.push(node.getText(file).replace(/\s+/g, ' ').slice(0, 80));
  const isNested = (node: ts.Node): boolean => {
    if (ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node)) return isNested(node.expression);
    if (ts.isPropertyAccessExpression(node)) return NESTED.includes(node.name.text);
    if (ts.isElementAccessExpression(node))
      return ts.isStringLiteral(node.argumentExpression) && NESTED.includes(node.argumentExpression.text);
    return ts.isIdentifier(node) && NESTED.includes(node.text);
  };
  const isList = (node: ts.Node): node is ts.CallExpression =>
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    LIST.test(node.expression.name.text) &&
    // stripe.charges.list, client.stripe.invoices.list, deps.stripe.of(mode).events.list
    ts.isPropertyAccessExpression(node.expression.expression) &&
    /stripe/i.test(node.expression.expression.getText(file));
  const isReadToItsEnd = (call: ts.CallExpression): boolean => {
    let { parent } = call as ts.Node;
    while (ts.isParenthesizedExpression(parent) || ts.isArrowFunction(parent)) parent = parent.parent;
    if (ts.isForOfStatement(parent)) return parent.awaitModifier !== undefined;
    if (ts.isCallExpression(parent)) return HELPERS.includes(parent.expression.getText(file));
    // const pages = stripe.x.list(…); for await (const each of pages) …
    if (!ts.isVariableDeclaration(parent)) return false;
    const loop = new RegExp(`for await \\(const \\w+ of ${parent.name.getText(file)}\\)`);
    return loop.test(file.getText());
  };
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'data' && isNested(node.expression))
      say(node);
    if (
      ts.isBindingElement(node) &&
      (node.propertyName ?? node.name).getText(file) === 'data' &&
      ts.isVariableDeclaration(node.parent.parent) &&
      node.parent.parent.initializer !== undefined &&
      isNested(node.parent.parent.initializer)
    )
      say(node.parent.parent);
    if (isList(node) && !isReadToItsEnd(node)) say(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test.each([
  'invoice.lines.data',
  'invoice?.lines?.data ?? []',
  "(session.line_items?.data ?? []).map((line) => line['price'])",
  'const { data } = subscription.items;',
  'const { data: all } = invoice.payments!;',
  'const page = await stripe.invoices.list({ limit: 100 });',
  'const { data } = await client.stripe.charges.list({ customer });',
  'await deps.stripe.of(mode).events.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })',
  'await stripe.invoices.listLineItems(id)',
])('A4: a first page that is taken for all is found: %s', (text) => {
  expect(firstPages(source(text))).not.toEqual([]);
});

test.each([
  'await everyPage(stripe.charges.list({ customer, limit: 100 }))',
  'await wholeList(invoice.lines, () => stripe.invoices.listLineItems(id, { limit: 100 }))',
  'for await (const each of stripe.accounts.list({ limit: 100 })) see(each);',
  'const pages = stripe.events.list({ limit: 100 });\nfor await (const each of pages) see(each);',
  'const [newest] = await onePage(stripe.events.list({ limit: 1 }));',
  'parsed.data',
  'const items = await db.list(where);',
])('and what reads to the end is not: %s', (text) => {
  expect(firstPages(source(text))).toEqual([]);
});

test('A4: every list of Stripe’s is read to its end, wherever the product reads one', () => {
  const root = join(__dirname, '../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes('generated') && file !== join('stripe', 'every-page.ts'),
  );
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    firstPages(source(readFileSync(join(root, file), 'utf8'))).map((use) => `${file}: ${use}`),
  );
  expect(found).toEqual([]);
});

/** A list of Stripe's as its client answers it: `calls` counts what was asked. */
function listOf(all: readonly number[], size: number) {
  let calls = 0;
  const firstPage = {
    object: 'list' as const,
    data: all.slice(0, size),
    has_more: all.length > size,
    url: '/',
  };
  const pages = () => {
    calls += 1;
    return Object.assign(Promise.resolve(firstPage), {
      async *[Symbol.asyncIterator]() {
        yield* all;
      },
    });
  };
  return { firstPage, pages, calls: () => calls };
}

test('A4: scenario 24: a list within an object is asked for only where it is not all there', async () => {
  const short = listOf([1, 2], 10);
  await expect(wholeList(short.firstPage, short.pages)).resolves.toEqual([1, 2]);
  expect(short.calls()).toBe(0);
  const long = listOf([1, 2, 3], 2);
  await expect(wholeList(long.firstPage, long.pages)).resolves.toEqual([1, 2, 3]);
  await expect(wholeList(undefined, long.pages)).resolves.toEqual([1, 2, 3]);
  await expect(everyPage(long.pages())).resolves.toEqual([1, 2, 3]);
  await expect(onePage(long.pages())).resolves.toEqual([1, 2]);
  expect(whatIsThere(long.firstPage)).toEqual([1, 2]);
  expect(whatIsThere(null)).toEqual([]);
});
