import { CommandError } from './exit.ts';

/** A page, or the address at which somebody else's site would begin. */
export interface Page {
  url: URL;
  html: string;
}

const MOST_REDIRECTS = 10;

/** A browser as far as the forms of the local Stripe, and of Session, need one: cookies, redirects, hidden fields. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  /** @param sites the origins that it goes to; anywhere else it stops */
  constructor(private readonly sites: readonly string[]) {}

  open(url: string | URL): Promise<Page> {
    return this.load(new URL(url), { method: 'GET' });
  }

  /** Fills in the first form of a page, and sends it. */
  submit({ url, html }: Page, fields: Record<string, string>): Promise<Page> {
    const form = /<form\b[^>]*method="post"[\s\S]*?<\/form>/i.exec(html)?.[0];
    if (form === undefined) throw new CommandError(`There is no form on ${url.origin}${url.pathname}.`);
    const hidden = [...form.matchAll(/<input\b[^>]*type="hidden"[^>]*>/gi)].map(([tag]) => [
      attribute(tag, 'name') ?? '',
      attribute(tag, 'value') ?? '',
    ]);
    const action = attribute(/<form\b[^>]*>/i.exec(form)?.[0] ?? '', 'action') ?? url.href;
    const body = new URLSearchParams({
      ...(Object.fromEntries(hidden) as Record<string, string>),
      ...fields,
    });
    return this.load(new URL(action, url), { method: 'POST', body });
  }

  private async load(start: URL, first: { method: string; body?: URLSearchParams }): Promise<Page> {
    let url = start;
    let request = first;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      if (!this.sites.includes(url.origin)) return { url, html: '' };
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) };
      const response = await fetch(url, { ...request, headers, redirect: 'manual' });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        this.cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = response.headers.get('location');
      if (location === null) {
        const html = await response.text();
        if (!response.ok)
          throw new CommandError(`${url.origin}${url.pathname} answered ${response.status}: ${words(html)}`);
        return { url, html };
      }
      url = new URL(location, url);
      request = { method: 'GET' };
    }
    throw new CommandError(`${start.origin}${start.pathname} redirects in circles.`);
  }
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value
    ?.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&amp;', '&');
}

const words = (html: string) =>
  html
    .replaceAll(/<(style|head|script)\b[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
