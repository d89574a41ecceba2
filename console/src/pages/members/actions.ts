import type { Membership } from '../../api/types';

/** What goes with a membership as it is. What was bought once has nothing to cancel or pause. */
export function actionsFor({
  kind,
  status,
  reason,
  installments,
}: Pick<Membership, 'kind' | 'status' | 'reason' | 'installments'>) {
  // The account of a disconnected one is not ours to change any more.
  const lives = kind === 'subscription' && status !== 'ended' && reason !== 'disconnected';
  // Stripe pauses a trial that ended without a card: it begins when it is resumed.
  const paused = reason === 'collection_paused' || reason === 'trial_ended_without_card';
  const changeable = lives && installments === null;
  return {
    cancel: lives,
    resume: changeable && (status === 'canceling' || paused),
    pause: changeable && !paused && (status === 'active' || status === 'trialing'),
    changePrice: changeable && !paused && (status === 'active' || status === 'trialing'),
  };
}
