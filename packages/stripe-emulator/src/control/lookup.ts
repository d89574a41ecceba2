import type { Emulator } from '../emulator';
import type { ObjectTypes } from '../objects/registry';
import type { Space } from '../space';

/** A control request that cannot be carried out. */
export class ControlError extends Error {
  constructor(
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** The account and mode that a request names; the platform where it names no account. */
export function spaceFrom(emulator: Emulator, input: Record<string, unknown>): Space {
  const account =
    typeof input.account === 'string' && input.account !== '' ? input.account : emulator.platformId;
  if (!emulator.account(account)) throw new ControlError(`there is no account ${account}`, 404);
  const space = emulator.space(account, input.livemode === true || input.livemode === 'true');
  space.runDue();
  return space;
}

/** An event, wherever it is. */
export function findEvent(emulator: Emulator, id: string): { space: Space; event: ObjectTypes['event'] } {
  for (const space of emulator.allSpaces()) {
    const event = space.find('event', id);
    if (event) return { space, event };
  }
  throw new ControlError(`there is no event ${id}`, 404);
}
