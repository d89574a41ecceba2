import { useState } from 'react';
import { Link } from 'react-router';
import { useList } from '../../api/resource';
import type { Coupon } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { Loaded, More } from '../../ui';
import { MemberName } from './MemberName';
import { ProductName } from './ProductNames';
import { COUPONS } from './texts';

/** Who has used a coupon; read when it is opened. */
export function Redemptions({ coupon }: { coupon: Coupon }) {
  const words = usePageTexts(COUPONS);
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.who}</summary>
      {isOpen && <List couponId={coupon.id} />}
    </details>
  );
}

function List({ couponId }: { couponId: string }) {
  const words = usePageTexts(COUPONS);
  const format = useFormat();
  const paths = usePaths();
  const list = useList('/v1/coupons/{id}/redemptions', { params: { path: { id: couponId } } });
  const { redemptions: heads } = words;
  return (
    <>
      <Loaded query={{ ...list, data: list.items }} shape="rows">
        {(rows) =>
          rows.length === 0 ? (
            <p className="soft">{words.nobody}</p>
          ) : (
            <ul className="plain-list">
              {rows.map((row) => (
                <li key={row.checkoutId}>
                  {row.memberId !== null && (
                    <Link to={paths.member(row.memberId)}>
                      <MemberName id={row.memberId} />
                    </Link>
                  )}{' '}
                  · <ProductName id={row.productId} /> · {format.dateTime(row.redeemedAt)} ·{' '}
                  {row.code !== null && <span className="mono">{row.code} · </span>}
                  {heads.amount}: {format.money(row.amount, row.currency)}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <More query={list} />
    </>
  );
}
