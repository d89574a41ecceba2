import { Link } from 'react-router';
import type { Membership } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { useSignedIn } from '../../session/session';
import { useTexts } from '../../texts/texts';
import { Empty, Facts, OutLink, Section, Tag, type Tone } from '../../ui';
import { shownStatus } from './actions';
import { ComparedWithStripe } from './ComparedWithStripe';
import { MembershipActions } from './MembershipActions';
import { PriceName } from './PriceName';
import { ProductName } from './ProductName';
import { reasonInWords } from './words';
import { runAddress } from './temporal';

const TONES: Record<ReturnType<typeof shownStatus>, Tone> = {
  paused: 'warn',
  trialing: 'busy',
  active: 'good',
  canceling: 'warn',
  past_due: 'bad',
  suspended: 'bad',
  owned: 'good',
  ended: 'quiet',
};

/** What a member bought, and what can be done about each. */
export function MembershipsSection({ memberships }: { memberships: Membership[] }) {
  const { memberships: words } = useTexts().members;
  return (
    <Section title={words.title}>
      {memberships.length === 0 ? (
        <Empty text={words.empty} />
      ) : (
        <>
          {memberships.map((membership) => (
            <MembershipCard key={membership.id} membership={membership} />
          ))}
          <p className="soft small" role="note">
            {words.refund}
          </p>
        </>
      )}
    </Section>
  );
}

/** One membership, with what can be done about it. @param withStory leads to all that happened to it */
export function MembershipCard({
  membership,
  withStory = true,
}: {
  membership: Membership;
  withStory?: boolean;
}) {
  const texts = useTexts();
  const words = texts.members.memberships;
  const format = useFormat();
  const paths = usePaths();
  const { temporalRunsUrl } = useSignedIn();
  const shown = shownStatus(membership);
  const { quantity, paidThrough, cancelAt, pauseUntil, installments, endedAt } = membership;
  const { items, openInvoice, dispute } = membership;
  // Among others it is below their heading; by itself it is below the page's.
  const Heading = withStory ? 'h3' : 'h2';
  const showsItems = endedAt === null && (items.length > 1 || items.some((item) => item.priceId === null));
  return (
    <article className="card">
      <div className="card-head">
        <Heading>
          <ProductName id={membership.productId} />
        </Heading>
        <Tag tone={TONES[shown]}>{words.status[shown]}</Tag>
      </div>
      {membership.duplicate && <p role="note">{words.duplicate}</p>}
      <Facts
        facts={[
          [words.price, <PriceName id={membership.priceId} />],
          quantity > 1 && [words.quantity, format.number(quantity)],
          showsItems && [words.items, <ItemList items={items} />],
          [words.bought, format.dateTime(membership.startedAt)],
          paidThrough !== null && [words.paidThrough, format.dateTime(paidThrough)],
          installments !== null && [
            words.installments,
            words.paidOf(format.number(installments.paid), format.number(installments.due)),
          ],
          pauseUntil !== null && endedAt === null && [words.pausedUntil, format.dateTime(pauseUntil)],
          cancelAt !== null && endedAt === null && [words.endsOn, format.dateTime(cancelAt)],
          endedAt !== null && [words.ended, format.dateTime(endedAt)],
          openInvoice !== null && [words.openInvoice, <OpenInvoice invoice={openInvoice} />],
          dispute !== null && [words.disputed, format.date(dispute.openedAt)],
          dispute !== null &&
            dispute.evidenceDueAt !== null && [words.evidenceUntil, format.dateTime(dispute.evidenceDueAt)],
          [
            words.reason,
            reasonInWords(
              { reason: membership.reason, next: membership.next, fallback: membership.reasonInWords },
              texts,
            ),
          ],
        ]}
      />
      <ComparedWithStripe comparison={membership.comparison} />
      <MembershipActions membership={membership} />
      {withStory && (
        <p className="small">
          <Link to={paths.membership(membership.memberId, membership.id)}>{words.story}</Link>
        </p>
      )}
      {temporalRunsUrl !== null && membership.kind === 'subscription' && (
        <p className="small">
          <OutLink href={runAddress(temporalRunsUrl, `membership/${membership.id}`)}>{words.run}</OutLink>
        </p>
      )}
    </article>
  );
}

/** What the subscription is for at Stripe; what is not sold here is named as such. */
function ItemList({ items }: Pick<Membership, 'items'>) {
  const words = useTexts().members.memberships;
  const format = useFormat();
  return (
    <ul className="plain-list">
      {items.map(({ itemId, productId, priceId, stripePriceId, quantity }) => (
        <li key={itemId}>
          {productId === null ? (
            words.foreignItem(stripePriceId)
          ) : (
            <>
              <ProductName id={productId} />{' '}
              {priceId === null ? words.itemAtStripePrice(stripePriceId) : <PriceName id={priceId} />}
            </>
          )}
          {quantity > 1 && ` × ${format.number(quantity)}`}
        </li>
      ))}
    </ul>
  );
}

function OpenInvoice({ invoice }: { invoice: NonNullable<Membership['openInvoice']> }) {
  const words = useTexts().members.memberships;
  const format = useFormat();
  const amount = format.money(invoice.amountRemaining, invoice.currency);
  return (
    <>
      {invoice.dueAt === null ? amount : words.openInvoiceDue(amount, format.date(invoice.dueAt))}
      {invoice.url !== null && (
        <>
          {' '}
          <OutLink href={invoice.url}>{words.payPage}</OutLink>
        </>
      )}
    </>
  );
}
