import type { Membership } from '../../api/types';

/** Stripe pauses a trial that ended without a card: it begins when it is resumed. */
const PAUSED: readonly string[] = ['collection_paused', 'trial_ended_without_card'];

/** What a membership's tag says: nothing is charged while it is paused, whatever it gives meanwhile. */
export function shownStatus({
  status,
  reason,
}: Pick<Membership, 'status' | 'reason'>): Membership['status'] | 'paused' {
  return status !== 'ended' && PAUSED.includes(reason) ? 'paused' : status;
}

/** What goes with a membership as it is. What was bought once has nothing to cancel or pause. */
export function actionsFor({
  kind,
  status,
  reason,
  installments,
}: Pick<Membership, 'kind' | 'status' | 'reason' | 'installments'>) {
  // The account of a disconnected one is not ours to change any more.
  const lives = kind === 'subscription' && status !== 'ended' && reason !== 'disconnected';
  const paused = PAUSED.includes(reason);
  const changeable = lives && installments === null;
  return {
    cancel: lives,
    resume: changeable && (status === 'canceling' || paused),
    pause: changeable && !paused && (status === 'active' || status === 'trialing'),
    changePrice: changeable && !paused && (status === 'active' || status === 'trialing'),
  };
}
