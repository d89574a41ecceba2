/** A form of a page, as a browser would send it. */
export interface Form {
  action: string;
  method: string;
  fields: Record<string, string>;
  button: string;
}

export interface Shown {
  status: number;
  url: string;
  headers: Headers;
  text: string;
  forms: Form[];
}

const decode = (text: string) =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
const attribute = (tag: string, name: string) =>
  decode(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

function formsOf(text: string): Form[] {
  return [...text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, tag = '', inner = '']) => ({
    action: attribute(tag, 'action'),
    method: attribute(tag, 'method') || 'get',
    fields: Object.fromEntries(
      [...inner.matchAll(/<input\b[^>]*>/g)]
        .map(([input]) => input)
        .filter((input) => !/type="radio"/.test(input) || /\bchecked\b/.test(input))
        .map((input) => [attribute(input, 'name'), attribute(input, 'value')]),
    ),
    button: (/<button\b[^>]*>([\s\S]*?)<\/button>/.exec(inner)?.[1] ?? '').trim(),
  }));
}

/** A person with a browser without JavaScript: keeps cookies, follows redirects on our own pages, fills in forms. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  /** The Set-Cookie headers of the last request, as they were sent. */
  setCookies: string[] = [];

  constructor(
    private readonly origin: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** One request, whose redirect is not followed. */
  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(new URL(path, this.origin), {
      redirect: 'manual',
      ...init,
      headers: {
        ...this.headers,
        Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
    this.setCookies = response.headers.getSetCookie();
    for (const line of this.setCookies) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (/Expires=Thu, 01 Jan 1970/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Opens an address, and goes where it leads as long as that is here. */
  async open(path: string, init: RequestInit = {}): Promise<Shown> {
    let url = path;
    let response = await this.send(url, init);
    for (let i = 0; i < 5 && response.status === 303; i++) {
      const target = new URL(response.headers.get('Location') ?? '', new URL(url, this.origin));
      if (target.origin !== new URL(this.origin).origin)
        return { status: 303, url: target.href, headers: response.headers, text: '', forms: [] };
      url = target.pathname + target.search;
      response = await this.send(url);
    }
    const text = await response.text();
    return { status: response.status, url, headers: response.headers, text, forms: formsOf(text) };
  }

  /** Presses the button of a form. */
  async press(page: Shown, button: string, more: Record<string, string> = {}): Promise<Shown> {
    const form = page.forms.find((one) => one.button === button);
    if (form === undefined)
      throw new Error(`No button "${button}", only ${page.forms.map((one) => one.button).join(', ')}`);
    const body = new URLSearchParams({ ...form.fields, ...more });
    if (form.method === 'get') return this.open(`${form.action}?${body}`);
    return this.open(form.action, {
      method: 'POST',
      body,
      headers: { 'Sec-Fetch-Site': 'same-origin' },
    });
  }
}
