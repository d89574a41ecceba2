import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Overview } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { textOf, useTexts } from '../../texts/texts';
import { Section } from '../../ui';
import { nameOf } from '../members/names';

type Who = Overview['attention']['payments']['data'][number]['member'];

/** Failed payments and whatever else a person has to look at; each leads to the member. */
export function Attention({ overview }: { overview: Overview }) {
  const { home, members, price } = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const { prices, payments, duplicates, disputes, checkouts, pending, failed, trials } = overview.attention;
  const { notSoldHere, paidTooLate } = overview.attention;
  const named = (id: string) => overview.products.find(({ productId }) => productId === id)?.name;
  return (
    <Section title={home.attention}>
      {payments.total === 0 && <p className="soft">{home.noAttention}</p>}
      <List title={home.offSale} total={prices.total} shown={prices.data.length}>
        {prices.data.map(({ priceId, productId, code, message }) => (
          <li key={priceId}>
            <Link to={paths.price(productId, priceId)}>{named(productId) ?? home.offSale}</Link>
            <span>{textOf(price.provisioning.atStripe, code, message)}</span>
          </li>
        ))}
      </List>
      <List total={payments.total} shown={payments.data.length}>
        {payments.data.map(({ membershipId, member, productId, reason, reasonInWords, next }) => (
          <Row key={membershipId} member={member} product={named(productId)}>
            {textOf(members.reasons, reason, reasonInWords)}{' '}
            {next?.at != null &&
              members.access.on(format.date(next.at), textOf(members.nexts, next.what, next.inWords))}
          </Row>
        ))}
      </List>
      <List title={home.disputes} total={disputes.total} shown={disputes.data.length}>
        {disputes.data.map(({ membershipId, member, productId, amount, currency }) => (
          <Row key={membershipId} member={member} product={named(productId)}>
            {home.disputed(format.money(amount, currency))}
          </Row>
        ))}
      </List>
      <List title={home.paidTooLate} total={paidTooLate.total} shown={paidTooLate.data.length}>
        {paidTooLate.data.map(({ membershipId, member, productId }) => (
          <Row key={membershipId} member={member} product={named(productId)}>
            {home.paidTooLateHint}
          </Row>
        ))}
      </List>
      <List title={home.notSoldHere} total={notSoldHere.total} shown={notSoldHere.data.length}>
        {notSoldHere.data.map(({ membershipId, member, productId, next }) => (
          <Row key={membershipId} member={member} product={named(productId)}>
            {next !== null && textOf(members.nexts, next.what, next.inWords)}
          </Row>
        ))}
      </List>
      <List title={home.duplicates} total={duplicates.total} shown={duplicates.data.length}>
        {duplicates.data.map(({ membershipId, member, productId }) => (
          <Row key={membershipId} member={member} product={named(productId)}>
            {members.memberships.duplicate}
          </Row>
        ))}
      </List>
      <List title={home.checkouts} total={checkouts.total} shown={checkouts.data.length}>
        {checkouts.data.map(({ checkoutId, member, productId, status, failure }) => (
          <Row key={checkoutId} member={member} product={named(productId)}>
            {textOf(members.timeline.kinds, `checkout_${status}`, failure?.message ?? status)}
          </Row>
        ))}
      </List>
      <List title={home.pending} total={pending.total} shown={pending.data.length}>
        {pending.data.map(({ checkoutId, member, productId }) => (
          <Row key={checkoutId} member={member} product={named(productId)}>
            {home.pendingNote}
          </Row>
        ))}
      </List>
      <List title={home.failed} total={failed.total} shown={failed.data.length}>
        {failed.data.map(({ checkoutId, member, productId, failure }) => (
          <Row key={checkoutId} member={member} product={named(productId)}>
            {home.failedNote} {failure !== null && <span lang="en">{failure.message}</span>}
          </Row>
        ))}
      </List>
      <List title={home.trials} total={trials.total} shown={trials.data.length}>
        {trials.data.map(({ membershipId, member, productId }) => (
          <Row key={membershipId} member={member} product={named(productId)}>
            {home.trialsNote}
          </Row>
        ))}
      </List>
    </Section>
  );
}

interface ListProps {
  title?: string;
  total: number;
  shown: number;
  children: ReactNode;
}

function List({ title, total, shown, children }: ListProps) {
  const { home } = useTexts();
  const format = useFormat();
  if (total === 0) return null;
  return (
    <div>
      {title !== undefined && <h3>{title}</h3>}
      <ul className="rows">{children}</ul>
      {total > shown && <p className="soft small">{home.andMore(format.number(total - shown))}</p>}
    </div>
  );
}

interface RowProps {
  member: Who | null;
  product: string | undefined;
  children: ReactNode;
}

function Row({ member, product, children }: RowProps) {
  const texts = useTexts();
  const paths = usePaths();
  return (
    <li>
      <div className="grow">
        {member === null ? (
          <span className="row-title">{texts.members.unknown}</span>
        ) : (
          <Link to={paths.member(member.id)} className="row-title">
            {nameOf(member, texts)}
          </Link>
        )}
        {product !== undefined && <p className="small">{product}</p>}
        <p className="soft small">{children}</p>
      </div>
    </li>
  );
}
