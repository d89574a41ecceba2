import type { Grant } from '../../api/types';
import { useFormat } from '../../format/format';
import { useTexts } from '../../texts/texts';
import { Empty, Section, Tag } from '../../ui';
import { ExtendGift } from './ExtendGift';
import { ProductName } from './ProductName';
import { RevokeGift } from './RevokeGift';

/** What a member has without having paid. */
export function GiftsSection({ grants }: { grants: Grant[] }) {
  const { gifts } = useTexts().members;
  const given = grants.filter(({ cause }) => cause !== 'membership');
  return (
    <Section title={gifts.title}>
      {given.length === 0 ? (
        <Empty text={gifts.empty} />
      ) : (
        <ul className="rows">
          {given.map((grant) => (
            <Gift key={grant.id} grant={grant} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Gift({ grant }: { grant: Grant }) {
  const { gifts, access } = useTexts().members;
  const format = useFormat();
  const end = grant.until === null ? access.noEnd : access.until(format.dateTime(grant.until));
  return (
    <li>
      <div className="grow">
        <p className="row-title">
          <ProductName id={grant.productId} />
        </p>
        <p className="soft small">
          {end}
          {grant.note !== null && ` · ${grant.note}`}
        </p>
      </div>
      {grant.revoked && <Tag tone="quiet">{gifts.isRevoked}</Tag>}
      <span className="tags">
        <ExtendGift grant={grant} />
        <RevokeGift grant={grant} />
      </span>
    </li>
  );
}
