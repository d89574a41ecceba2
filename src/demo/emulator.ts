import type { Mode } from '@session/sdk';

/** What happens at Stripe without us, played through the emulator's control API. */
export class StripeSide {
  constructor(private readonly emulator: string) {}

  /** A trigger: something that an owner, a bank or Stripe does. */
  trigger(name: string, account: string, mode: Mode, more: object = {}): Promise<unknown> {
    return this.control(`/triggers/${name}`, { account, livemode: mode === 'live', ...more });
  }

  /** Turns the delivery of an account's webhooks off, or on again. */
  async deliverWebhooks(enabled: boolean, account: string, mode: Mode): Promise<void> {
    await this.control('/webhooks', { enabled, account, livemode: mode === 'live' });
  }

  private async control(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${this.emulator}/_emulator${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`The emulator refused ${path}: ${JSON.stringify(answer)}`);
    return answer;
  }
}
