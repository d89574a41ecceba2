import { Group } from '@mantine/core';
import { useList } from '../../api/resource';
import type { Coupon, PromotionCode } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { Loaded, More, Tag } from '../../ui';
import { AddCode } from './AddCode';
import { ArchiveCode } from './ArchiveCode';
import { CodeLink } from './CodeLink';
import { COUPONS } from './texts';
import { TONES } from './tones';

/** The words by which buyers use a coupon. */
export function Codes({ coupon }: { coupon: Coupon }) {
  const words = usePageTexts(COUPONS);
  const list = useList('/v1/promotion-codes', { params: { query: { couponId: coupon.id } } });
  const canAdd = coupon.status === 'active' || coupon.status === 'pending';
  return (
    <>
      <Group justify="space-between">
        <h3>{words.codes}</h3>
        {canAdd && <AddCode coupon={coupon} />}
      </Group>
      <Loaded query={{ ...list, data: list.items }} shape="rows">
        {(codes) =>
          codes.length === 0 ? (
            <p className="soft">{words.noCodes}</p>
          ) : (
            <ul className="plain-list">
              {codes.map((code) => (
                <Code key={code.id} code={code} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <More query={list} />
    </>
  );
}

function Code({ code }: { code: PromotionCode }) {
  const words = usePageTexts(COUPONS);
  const format = useFormat();
  const { conditions } = words;
  const { status, timesRedeemed, maxRedemptions, minimumAmount, minimumCurrency, expiresAt } = code;
  const asked = [
    code.firstPurchaseOnly && conditions.first,
    code.onePerMember && conditions.member,
    minimumAmount !== null && conditions.from(format.money(minimumAmount, minimumCurrency ?? 'eur')),
    expiresAt !== null && conditions.until(format.date(expiresAt)),
  ].filter((one) => one !== false);
  return (
    <li>
      <Group justify="space-between" gap="sm">
        <span>
          <strong className="mono">{code.code}</strong>{' '}
          <Tag tone={TONES[status]}>{words.statuses[status]}</Tag>{' '}
          <span className="soft small">
            {[`${words.used}: ${words.usedTimes(timesRedeemed, maxRedemptions)}`, ...asked].join(' · ')}
          </span>
        </span>
        {status === 'active' && (
          <Group gap="xs">
            <CodeLink code={code} />
            <ArchiveCode code={code} />
          </Group>
        )}
      </Group>
      {code.failure !== null && <p role="status">{format.sentence(code.failure.message)}</p>}
    </li>
  );
}
