import { CliError } from './command';

/** A client of the control API of a running emulator. */
export class Control {
  constructor(private readonly url: string) {}

  get<T>(path: string, query: Record<string, string | number | boolean | undefined> = {}): Promise<T> {
    const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, String(value)]],
    );
    return this.send('GET', given.length > 0 ? `${path}?${new URLSearchParams(given).toString()}` : path);
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.send('POST', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.send('DELETE', path);
  }

  private async send<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}/_emulator${path}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    }).catch(() => {
      throw new CliError(
        `There is no emulator at ${this.url}. Start one with \`stripe-emulator\`, or name its address with --url or STRIPE_EMULATOR_URL.`,
      );
    });
    const answer = (await response.json().catch(() => undefined)) as { error?: unknown } | undefined;
    if (answer === undefined) throw new CliError(`What answers at ${this.url} is not a Stripe emulator.`);
    if (!response.ok) throw new CliError(`The emulator refuses: ${String(answer.error ?? response.status)}.`);
    return answer as T;
  }
}
