import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the coach pastes into their page, and the key that their server has. */
export interface OnSale {
  buttonCode: string;
  productId: string;
  key: string;
}

/** A coach's own site: a page with the purchase button under a strict policy, and a page for members only. */
export class CoachSite {
  private onSale: OnSale | null = null;

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    private readonly api: string,
  ) {}

  static async open(api: string): Promise<CoachSite> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const site = new CoachSite(server, api);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void site.answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  sell(onSale: OnSale): void {
    this.onSale = onSale;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const body = url.pathname === '/welcome' ? await this.welcome(url) : (this.onSale?.buttonCode ?? '');
    response
      .writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        // Nothing but what the button's documentation asks for.
        'content-security-policy': `default-src 'none'; script-src ${this.api}; connect-src ${this.api}`,
      })
      .end(`<!doctype html><html lang="en"><title>Yoga</title><h1>My courses</h1>${body}</html>`);
  }

  /** Asks the API with the key, on the server's side, as every page for members does. */
  private async welcome(url: URL): Promise<string> {
    const checkout = url.searchParams.get('checkout') ?? '';
    const { memberId } = (await this.ask(`/v1/checkouts/${checkout}`)) as { memberId: string };
    const { access } = await this.access(memberId);
    return access ? '<p>Welcome, here are your lessons</p>' : '<p>Not for you yet</p>';
  }

  async access(member: string): Promise<{ access: boolean; reason: string; memberId: string }> {
    const query = new URLSearchParams({ member, product: this.onSale?.productId ?? '' });
    return (await this.ask(`/v1/access?${query}`)) as { access: boolean; reason: string; memberId: string };
  }

  private async ask(path: string): Promise<unknown> {
    const response = await fetch(`${this.api}${path}`, {
      headers: { authorization: `Bearer ${this.onSale?.key ?? ''}` },
    });
    return response.json();
  }
}
