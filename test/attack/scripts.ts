import { Browser, CoachUi, decide } from '../support/coach-ui';
import { openSeller } from '../support/seller';
import { type AttackOptions, type Outcome, shareOf } from './attack';
import type { Stack } from './stack';

/** What somebody writes where a name belongs. Each has the mark, in a place where it would be read as more than text. */
const MARK = 'x4773';
export const PAYLOADS: readonly string[] = [
  `<${MARK}>`,
  `</title><${MARK}>`,
  `</style><${MARK}>`,
  `</script><${MARK}>`,
  `"><${MARK}>`,
  `'><${MARK}>`,
  `--><${MARK}>`,
  `]]><${MARK}>`,
  `" ${MARK}=1 "`,
  `' ${MARK}=1 '`,
  `<${MARK}/src=x`,
  `&lt;${MARK}&gt;<${MARK}>`,
  `{{${MARK}}}<${MARK}>`,
  `<\u00a0${MARK}><${MARK}>`,
];

/** Where a page has the mark as markup: as an element, or as an attribute's name. */
export function marksIn(page: string): string[] {
  return [
    ...(new RegExp(`<[/!]?${MARK}`, 'i').exec(page) ?? []),
    // Within a tag, behind what ends the value before it.
    ...(new RegExp(`<[a-z][^<>]*["']\\s+${MARK}=1`, 'i').exec(page) ?? []),
  ];
}

/** What a page's own policy has to say, so that a script that got in is not run. https://developer.mozilla.org/docs/Web/HTTP/CSP */
function weaknessOf(policy: string | null): string | null {
  if (policy === null) return 'no Content-Security-Policy';
  const directives = new Map(
    policy.split(';').map((one) => {
      const [name = '', ...values] = one.trim().split(/\s+/);
      return [name, values] as const;
    }),
  );
  const scripts = directives.get('script-src') ?? directives.get('default-src');
  if (scripts === undefined) return 'scripts from everywhere';
  const loose = scripts.find((one) => /^('unsafe-|\*$|https?:$|data:|blob:)/.test(one));
  if (loose !== undefined) return `scripts by ${loose}`;
  if (directives.get('frame-ancestors')?.join() !== "'none'") return 'it may be framed';
  return directives.has('form-action') ? null : 'forms to everywhere';
}

/** Names with markup in them on every page of ours that shows one. Executed is one that is in a page as more than text. */
export async function attackScripts(stack: Stack, options: AttackOptions): Promise<Outcome> {
  const opened: string[] = [];
  let tried = 0;
  let shown = 0;
  const seller = await openSeller(stack);
  const payloads = PAYLOADS.slice(0, shareOf(PAYLOADS.length, options));
  for (const payload of payloads) {
    for (const { name, page } of await pagesWith(stack, seller, payload)) {
      tried += 1;
      const text = await page.text();
      shown += Number(text.includes(MARK));
      if (!/text\/html/.test(page.headers.get('content-type') ?? '')) continue;
      const wrong = [...marksIn(text), weaknessOf(page.headers.get('content-security-policy'))];
      for (const one of wrong.filter((found) => found !== null))
        opened.push(`${name}, ${JSON.stringify(payload)}: ${one}`);
    }
  }
  if (shown < 3 * payloads.length) throw new Error(`Of ${tried} pages only ${shown} show what was written`);
  options.progress(`scripts: ${payloads.length} texts, ${tried} pages`);
  return { figures: { tried, executed: opened.length }, opened };
}

async function pagesWith(stack: Stack, seller: Awaited<ReturnType<typeof openSeller>>, payload: string) {
  const browser = new Browser();
  const { coach, coachId } = seller;
  await stack.db.coach.update({ where: { id: coachId }, data: { name: payload } });
  const { body: product } = await coach.call('POST', '/v1/products', { name: payload, description: payload });
  const { body: price } = await coach.call('POST', `/v1/products/${product.id}/prices`, {
    model: 'free',
    nickname: payload,
  });
  const written = encodeURIComponent(payload);
  const got = async (name: string, path: string | URL) => ({
    name,
    page: await browser.get(new URL(path, stack.api)),
  });
  const link = await fetch(`${stack.api}/v1/coaches/${coachId}/console-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.config.platformKey}` },
  });
  const { url: signIn } = (await link.json()) as { url: string };
  const posted = await browser.post(`${stack.api}/buy/${price.id}`, { email: payload });
  return [
    await got('the purchase page', `/buy/${price.id}`),
    { name: 'the purchase page, with a wrong address', page: posted },
    await got(
      'the purchase page, with parameters',
      `/buy/${price.id}?member=${written}&successUrl=${written}`,
    ),
    await got('the page of what does not exist', `/buy/${written}`),
    await got('the page of a sign-in', signIn),
    await got('the page of a sign-in that is over', `/console/sign-in/${written}`),
    await got('the page of a start that does not exist', `/connect/start/${written}`),
    await got(
      'the callback',
      `/connect/callback?error=${written}&error_description=${written}&state=${written}`,
    ),
    await got('a checkout that does not exist', `/checkouts/${written}/return`),
    await got('the console', `/console/${written}?next=${written}`),
    { name: 'the question at connecting', page: await approval(stack, payload) },
  ];
}

/** The page that asks whether this coach is meant, for a coach of that name. */
async function approval(stack: Stack, name: string): Promise<Response> {
  const coach = await CoachUi.open(stack);
  await stack.db.coach.update({ where: { id: coach.coachId }, data: { name } });
  const browser = new Browser();
  const callback = await decide(browser, await coach.startConnecting(browser), { action: 'approve' });
  const answer = await browser.get(callback);
  const location = answer.headers.get('location');
  return location === null ? answer : browser.get(new URL(location, answer.url));
}
