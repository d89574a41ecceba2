/** Stripe's two worlds. A mode is part of every key: nothing in one ever touches the other. */
export type Mode = 'test' | 'live';

/** The mode of a Stripe object or event, by its `livemode`. */
export function modeOf(livemode: boolean): Mode {
  return livemode ? 'live' : 'test';
}
