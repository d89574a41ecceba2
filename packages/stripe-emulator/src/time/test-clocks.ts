import { invalidRequest } from '../http/errors';
import { newTestClock, type TestClock } from '../objects/test-clock';
import type { Space } from '../space';

/**
 * Stripe's test clocks, over the account's own clock: all customers of an account live in the same time. A clock that begins
 * in the future takes the account there; one that begins in the past counts from the account's present.
 */
export function createTestClock(space: Space, frozenTime: number, name: string | null): TestClock {
  if (space.livemode) throw invalidRequest('Test clocks can only be created in test mode.');
  const now = space.now();
  const clock = newTestClock({
    frozenTime,
    ahead: Math.max(0, now - frozenTime),
    name,
    livemode: space.livemode,
    created: now,
  });
  space.put('test_helpers.test_clock', clock);
  space.emit('test_helpers.test_clock.created', clock);
  if (frozenTime > now) space.emulator.db.whenCommitted(() => void move(space, frozenTime));
  return clock;
}

/** Starts to move a clock forward; it is `ready` again when everything on the way has happened. */
export function advanceTestClock(space: Space, id: string, frozenTime: number): TestClock {
  const clock = settledTestClock(space, id);
  if (clock.status === 'advancing') {
    throw invalidRequest('The test clock is already advancing.', undefined, 'test_clock_advancing');
  }
  if (frozenTime <= clock.frozen_time) {
    throw invalidRequest(
      `A test clock only goes forward: ${frozenTime} is not after ${clock.frozen_time}.`,
      'frozen_time',
    );
  }
  const advancing = space.update('test_helpers.test_clock', id, (draft) => {
    draft.status = 'advancing';
    draft.status_details = { advancing: { target_frozen_time: frozenTime } };
  });
  space.emit('test_helpers.test_clock.advancing', advancing);
  space.emulator.db.whenCommitted(() => {
    void move(space, frozenTime + clock._emu.ahead).then(() => {
      if (space.find('test_helpers.test_clock', id)) settledTestClock(space, id);
    });
  });
  return advancing;
}

/** A clock, which has arrived if the account's time has (also when a restart came between). */
export function settledTestClock(space: Space, id: string): TestClock {
  const clock = space.get('test_helpers.test_clock', id, 'test_clock');
  const target = clock.status_details.advancing?.target_frozen_time;
  if (target === undefined || space.now() < target + clock._emu.ahead) return clock;
  return space.emulator.db.transaction(() => {
    const ready = space.update('test_helpers.test_clock', id, (draft) => {
      draft.status = 'ready';
      draft.frozen_time = target;
      draft.status_details = {};
    });
    space.emit('test_helpers.test_clock.ready', ready);
    return ready;
  });
}

async function move(space: Space, target: number): Promise<void> {
  // The answer to the request comes first.
  await new Promise((resolve) => setImmediate(resolve));
  await space.advanceTo(target);
}
