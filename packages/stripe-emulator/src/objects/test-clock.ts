import { newId } from '../ids';

/** Stripe forgets a clock a month after it was made. */
const KEPT_SECONDS = 30 * 86_400;

/** https://docs.stripe.com/api/test_clocks/object */
export function newTestClock(input: {
  frozenTime: number;
  /** Seconds by which the account's clock runs ahead of this one. */
  ahead: number;
  name: string | null;
  livemode: boolean;
  created: number;
}) {
  return {
    id: newId('clock'),
    object: 'test_helpers.test_clock' as const,
    created: input.created,
    deletes_after: input.created + KEPT_SECONDS,
    frozen_time: input.frozenTime,
    livemode: input.livemode,
    name: input.name,
    status: 'ready' as 'advancing' | 'ready',
    status_details: {} as { advancing?: { target_frozen_time: number } },
    _emu: { ahead: input.ahead },
  };
}

export type TestClock = ReturnType<typeof newTestClock>;
