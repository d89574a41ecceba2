import type { Payment } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { Tag, type Tone } from '../../ui';
import { SALES } from './texts';

type State = keyof (typeof SALES)['en']['filters'];

const TONES: Record<State, Tone> = {
  succeeded: 'good',
  pending: 'busy',
  failed: 'bad',
  canceled: 'quiet',
  refunded: 'quiet',
  partially_refunded: 'quiet',
  disputed: 'warn',
};

/** How a payment stands, in a word or two: what went back, or may, before that it was paid. */
export function PaymentTag({ payment }: { payment: Pick<Payment, 'status' | 'refunded' | 'dispute'> }) {
  const words = usePageTexts(SALES);
  const { status, refunded, dispute } = payment;
  if (dispute?.outcome === 'lost') return <Tag tone="bad">{words.lost}</Tag>;
  const state: State =
    dispute?.outcome === 'open'
      ? 'disputed'
      : refunded === 'in_full'
        ? 'refunded'
        : refunded === 'in_part'
          ? 'partially_refunded'
          : status;
  return <Tag tone={TONES[state]}>{words.filters[state]}</Tag>;
}
