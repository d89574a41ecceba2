import { Button, Group } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { Coupon } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { Facts, ProblemAlert, Section, Tag } from '../../ui';
import { ArchiveCoupon } from './ArchiveCoupon';
import { Codes } from './Codes';
import { ProductNames } from './ProductNames';
import { Redemptions } from './Redemptions';
import { COUPONS } from './texts';
import { TONES } from './tones';

/** One coupon: what it takes off, its codes, and who has used it. */
export function CouponCard({ coupon }: { coupon: Coupon }) {
  const words = usePageTexts(COUPONS);
  const format = useFormat();
  const retry = useAction('post', '/v1/coupons/{id}/retry');
  const { id, status, percentOff, amountOff, currency, duration, months, productIds } = coupon;
  const { timesRedeemed, maxRedemptions, expiresAt, failure } = coupon;
  const amount =
    percentOff === null
      ? format.money(amountOff ?? 0, currency ?? 'eur')
      : new Intl.NumberFormat(format.locale, { style: 'percent', maximumFractionDigits: 2 }).format(
          percentOff / 100,
        );
  const long = duration === 'repeating' ? words.durations.repeating(months ?? 1) : words.durations[duration];
  const isElsewhere = status !== 'archived' && !coupon.onConnectedAccount;
  return (
    <Section
      title={coupon.name}
      actions={
        status !== 'archived' && (
          <>
            {retry.isAllowed && (status === 'failed' || isElsewhere) && (
              <Button
                variant="default"
                loading={retry.isPending}
                onClick={() => retry.mutate({ params: { path: { id } }, body: {} })}
              >
                {words.retry}
              </Button>
            )}
            <ArchiveCoupon coupon={coupon} />
          </>
        )
      }
    >
      <Group gap="sm">
        <Tag tone={TONES[status]}>{words.statuses[status]}</Tag>
        <span>
          <strong>{words.off(amount)}</strong> {long}
        </span>
      </Group>
      {failure !== null && <p role="status">{format.sentence(failure.message)}</p>}
      {isElsewhere && failure === null && <p role="status">{words.elsewhere}</p>}
      <ProblemAlert problem={retry.error} />
      <Facts
        facts={[
          [words.used, words.usedTimes(timesRedeemed, maxRedemptions)],
          [words.until, expiresAt === null ? words.unlimited : format.dateTime(expiresAt)],
          [words.limitedTo, productIds.length === 0 ? words.everything : <ProductNames ids={productIds} />],
        ]}
      />
      <Codes coupon={coupon} />
      <Redemptions coupon={coupon} />
    </Section>
  );
}
