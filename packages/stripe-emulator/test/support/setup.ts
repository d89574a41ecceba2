import type { EmulatorOptions } from '../../src/index';
import { late, type Lifetime } from './late';
import { Receiver } from './receiver';
import { Rig } from './rig';

/** A running emulator. */
export function rigFor(lifetime: Lifetime, options: EmulatorOptions = {}): Rig {
  return late(
    lifetime,
    () => Rig.start(options),
    (rig) => rig.close(),
  );
}

/** Somebody who hears of everything on connected accounts in test mode. */
export function receiverFor(lifetime: Lifetime, rig: Rig): Receiver {
  return late(
    lifetime,
    async () => {
      const hook = await Receiver.start();
      await rig.test.webhookEndpoints.create({ url: hook.url, enabled_events: ['*'], connect: true });
      return hook;
    },
    (hook) => hook.close(),
  );
}

export interface ConnectedAccount {
  id: string;
  /** For requests as this account. */
  options: { stripeAccount: string };
}

/** A connected account in test mode. */
export function accountFor(lifetime: Lifetime, rig: Rig): ConnectedAccount {
  return late(lifetime, async () => {
    const id = await rig.connect();
    return { id, options: { stripeAccount: id } };
  });
}
