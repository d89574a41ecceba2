import { NativeSelect } from '@mantine/core';
import { TicketPercent } from 'lucide-react';
import { useState } from 'react';
import { useList } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Empty, Loaded, More, Page } from '../../ui';
import { CouponCard } from './CouponCard';
import { CreateCoupon } from './CreateCoupon';
import { COUPONS } from './texts';

const SHOWN = ['active', 'pending', 'failed', 'archived'] as const;

/** What makes purchases cheaper, and who has used it. */
export function CouponsPage() {
  const words = usePageTexts(COUPONS);
  const [chosen, setChosen] = useState('');
  const status = SHOWN.find((one) => one === chosen);
  const list = useList('/v1/coupons', { params: { query: status === undefined ? {} : { status } } });
  return (
    <Page title={words.title} lead={words.lead} actions={<CreateCoupon />}>
      <NativeSelect
        label={words.show}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[
          { value: '', label: words.all },
          ...SHOWN.map((value) => ({ value, label: words.statuses[value] })),
        ]}
        maw={280}
      />
      <Loaded query={{ ...list, data: list.items }}>
        {(coupons) =>
          coupons.length === 0 ? (
            <Empty title={words.emptyTitle} icon={TicketPercent} text={words.empty} />
          ) : (
            coupons.map((coupon) => <CouponCard key={coupon.id} coupon={coupon} />)
          )
        }
      </Loaded>
      <More query={list} />
    </Page>
  );
}
