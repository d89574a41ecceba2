import Stripe from 'stripe';
import { Receiver } from '../../test/support/receiver';
import { Rig } from '../../test/support/rig';

/** What a story is told with: an emulator, official clients, and endpoints that hear every event. */
export class Stage {
  private constructor(
    readonly rig: Rig,
    readonly receiver: Receiver,
  ) {}

  /** @param recordTo folder for what passes through the emulator */
  static async set(recordTo: string): Promise<Stage> {
    const rig = await Rig.start({ recordTo });
    const receiver = await Receiver.start();
    for (const stripe of [rig.test, rig.live]) {
      await stripe.webhookEndpoints.create({
        url: receiver.url,
        enabled_events: ['*'],
        connect: true,
        api_version: Stripe.API_VERSION as Stripe.WebhookEndpointCreateParams.ApiVersion,
      });
      await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'] });
    }
    return new Stage(rig, receiver);
  }

  async strike(): Promise<void> {
    await this.rig.drain();
    await this.receiver.close();
    await this.rig.close();
  }
}

/** A sequence of requests that exercises one part of the emulator. It fails loudly where the emulator refuses. */
export interface Story {
  name: string;
  /** Operations without which it is not told, such as `post /v1/coupons`: the emulator does not have them yet. */
  needs?: string[];
  tell(stage: Stage): Promise<void>;
}
