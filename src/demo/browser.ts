/** A page as a browser shows it. */
export interface Page {
  url: string;
  status: number;
  html: string;
}

const MOST_REDIRECTS = 10;
const PAGE_TIMEOUT_MS = 30_000;

/**
 * A browser as far as forms need one: cookies, redirects, and forms that are sent with all their hidden fields. It goes
 * no further than the sites that it is told about: an address elsewhere is where it stops.
 */
export class Browser {
  /** By host name: like any browser's, cookies do not look at ports. */
  private readonly cookies = new Map<string, Map<string, string>>();

  constructor(private readonly sites: readonly string[]) {}

  /** Opens an address. */
  get(url: string): Promise<Page> {
    return this.load(new URL(url), { method: 'GET' });
  }

  /**
   * Fills in a form and clicks: the page's first one, or the first whose action ends so. Fields that are not given keep
   * what the page put there.
   */
  submit(page: Page, fields: Record<string, string>, actionEnd = ''): Promise<Page> {
    const form = formOf(page, actionEnd);
    const body = new URLSearchParams({ ...form.fields, ...fields });
    return this.load(new URL(form.action, page.url), { method: 'POST', body });
  }

  private async load(start: URL, first: { method: string; body?: URLSearchParams }): Promise<Page> {
    let url = start;
    let request = first;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      if (!this.sites.includes(url.origin)) return { url: url.href, status: 0, html: '' };
      const response = await fetch(url, {
        ...request,
        redirect: 'manual',
        headers: { cookie: this.cookieHeader(url), accept: 'text/html' },
        signal: AbortSignal.timeout(PAGE_TIMEOUT_MS),
      });
      this.keepCookies(url, response);
      const location = response.headers.get('location');
      if (location === null || response.status < 300 || response.status > 399)
        return { url: url.href, status: response.status, html: await response.text() };
      await response.body?.cancel();
      url = new URL(location, url);
      request = { method: 'GET' };
    }
    throw new Error(`${start.href} redirects in circles`);
  }

  private cookieHeader({ hostname }: URL): string {
    return [...(this.cookies.get(hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keepCookies({ hostname }: URL, response: Response): void {
    const kept = this.cookies.get(hostname) ?? new Map<string, string>();
    this.cookies.set(hostname, kept);
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const name = pair.slice(0, at).trim();
      const value = pair.slice(at + 1).trim();
      const gone = attributes.some((attribute) =>
        /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute),
      );
      if (gone || value === '') kept.delete(name);
      else kept.set(name, value);
    }
  }
}

interface Form {
  action: string;
  fields: Record<string, string>;
}

/** A form of the page, with what its fields hold: hidden ones, chosen options and filled texts. */
function formOf({ html, url }: Page, actionEnd: string): Form {
  const forms = [...html.matchAll(/<form\b[^>]*method="post"[\s\S]*?<\/form>/gi)].map(([form]) => form);
  const form = forms.find((candidate) => actionOf(candidate).endsWith(actionEnd));
  if (form === undefined) throw new Error(`There is no form ${actionEnd} on ${url}`);
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input\b[^>]*>/gi)) {
    const name = attribute(tag, 'name');
    const isChoice = /type="(radio|checkbox)"/i.test(tag);
    if (name !== undefined && (!isChoice || /\schecked\b/i.test(tag)))
      fields[name] = attribute(tag, 'value') ?? '';
  }
  for (const [select, name = ''] of form.matchAll(/<select\b[^>]*name="([^"]+)"[\s\S]*?<\/select>/gi)) {
    const options = [...select.matchAll(/<option\b[^>]*>/gi)].map(([tag]) => tag);
    const chosen = options.find((tag) => /\sselected\b/i.test(tag)) ?? options[0];
    fields[name] = (chosen === undefined ? undefined : attribute(chosen, 'value')) ?? '';
  }
  return { action: actionOf(form), fields };
}

function actionOf(form: string): string {
  return attribute(/<form\b[^>]*>/i.exec(form)?.[0] ?? '', 'action') ?? '';
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value?.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** The text of a page, for a look at what it says. */
export function textOf({ html }: Page): string {
  return html
    .replaceAll(/<(style|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll(/\s+/g, ' ')
    .trim();
}
