import { useEffect } from 'react';
import { useAction } from '../../api/resource';
import type { PriceChangePreview } from '../../api/types';
import { useFormat } from '../../format/format';
import { useTexts } from '../../texts/texts';
import { Facts, Loading, ProblemAlert } from '../../ui';

/** What was shown of a change. */
export interface Previewed {
  /** The moment that the amounts are counted from, so that what was shown is what is charged. */
  prorationDate: string | null;
}

interface ChangePreviewProps {
  membershipId: string;
  change: { priceId: string; quantity: number; prorate: boolean };
  /** Null: not yet, or Stripe refuses it. */
  onPreviewed: (previewed: Previewed | null) => void;
}

/** What Stripe would charge for a change. Asks again whenever the change is another one. */
export function ChangePreview({ membershipId, change, onPreviewed }: ChangePreviewProps) {
  const { change: words } = useTexts().members;
  const { priceId, quantity, prorate } = change;
  const { mutate, data, error, isPending } = useAction('post', '/v1/memberships/{id}/change-price/preview');
  useEffect(() => {
    let isWanted = true;
    onPreviewed(null);
    mutate(
      { params: { path: { id: membershipId } }, body: { priceId, quantity, prorate } },
      {
        onSuccess: (preview) => {
          if (isWanted) onPreviewed({ prorationDate: preview.prorationDate });
        },
      },
    );
    return () => {
      isWanted = false;
    };
  }, [mutate, onPreviewed, membershipId, priceId, quantity, prorate]);
  return (
    <section aria-label={words.preview} aria-live="polite" className="preview">
      {isPending && <Loading lines={2} />}
      {!isPending && data !== undefined && <Amounts preview={data} />}
      <ProblemAlert problem={error} takeFocus={false} />
    </section>
  );
}

function Amounts({ preview }: { preview: PriceChangePreview }) {
  const { change: words } = useTexts().members;
  const format = useFormat();
  const { now, next, currency } = preview;
  const money = (amount: number) => format.money(amount, currency);
  return (
    <Facts
      facts={[
        [words.dueNow, money(now.charged)],
        now.credited > 0 && [words.credit, money(now.credited)],
        next !== null && [words.nextPayment(format.date(next.at)), money(next.charged)],
      ]}
    />
  );
}
