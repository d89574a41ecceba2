import { Link, useParams } from 'react-router';
import { useRead } from '../../api/resource';
import type { Refund, WholePayment } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { Facts, Loaded, Page, Section, Tag, type Tone } from '../../ui';
import { nameOf } from '../members/names';
import { PaymentTag } from './PaymentTag';
import { RefundPayment } from './RefundPayment';
import { SALES } from './texts';

/** Milliseconds until it is asked again while a refund is being made. */
const SOON = 2000;

const TONES: Record<Refund['status'], Tone> = {
  requested: 'busy',
  pending: 'busy',
  requires_action: 'warn',
  succeeded: 'good',
  failed: 'bad',
  canceled: 'quiet',
  refused: 'bad',
};

/** One payment, with its refunds and its dispute. */
export function SalePage() {
  const words = usePageTexts(SALES);
  const paths = usePaths();
  const { paymentId = '' } = useParams();
  const query = useRead(
    '/v1/payments/{id}',
    { params: { path: { id: paymentId } } },
    { pollWhile: ({ refunds }) => refunds.some(({ status }) => status === 'requested') && SOON },
  );
  const format = useFormat();
  const { data } = query;
  return (
    <Page
      title={words.one}
      {...(data === undefined ? {} : { about: format.money(data.amount, data.currency) })}
      parent={{ to: paths.sales, label: words.title }}
      actions={data !== undefined && data.amountLeft > 0 && <RefundPayment payment={data} />}
    >
      <Loaded query={query}>{(payment) => <SaleParts payment={payment} />}</Loaded>
    </Page>
  );
}

function SaleParts({ payment }: { payment: WholePayment }) {
  const words = usePageTexts(SALES);
  const texts = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const { amount, amountRefunded, amountLeft, currency, member, product, fee, method, brand } = payment;
  const money = (value: number) => format.money(value, currency);
  return (
    <>
      <Section title={product.name}>
        <p>
          <PaymentTag payment={payment} />
        </p>
        <Facts
          facts={[
            [words.amount, money(amount)],
            payment.beside.length > 0 && [
              words.beside,
              payment.beside
                .map(({ product: { name }, amount: its }) => `${name} (${money(its)})`)
                .join(', '),
            ],
            payment.paidAt === null
              ? [words.askedAt, format.dateTime(payment.at)]
              : [words.paidAt, format.dateTime(payment.paidAt)],
            payment.failure !== null && [words.why, payment.failure],
            amountRefunded > 0 && [words.refundedSoFar, money(amountRefunded)],
            amountRefunded > 0 && [words.left, money(amountLeft)],
            payment.paidAt !== null && [
              words.fee,
              fee === null ? words.feeUnknown : format.money(fee.amount, fee.currency),
            ],
            payment.paidAt !== null && [
              words.method,
              method === null
                ? words.methodUnknown
                : `${words.methods[method] ?? method}${brand === null ? '' : ` · ${brand}`}`,
            ],
            [
              words.member,
              <Link key="member" to={paths.member(member.id)}>
                {nameOf(member, texts)}
              </Link>,
            ],
            payment.membershipId !== null && [
              words.purchase,
              <Link key="purchase" to={paths.membership(member.id, payment.membershipId)}>
                {words.showPurchase}
              </Link>,
            ],
            payment.stripe.invoiceId !== null && [words.invoice, <Id key="i">{payment.stripe.invoiceId}</Id>],
            payment.stripe.paymentIntentId !== null && [
              words.intent,
              <Id key="p">{payment.stripe.paymentIntentId}</Id>,
            ],
            payment.stripe.chargeId !== null && [words.charge, <Id key="c">{payment.stripe.chargeId}</Id>],
          ]}
        />
      </Section>
      {payment.billing !== null && <BillingSection billing={payment.billing} />}
      {payment.dispute !== null && <DisputeSection dispute={payment.dispute} />}
      {payment.paidAt !== null && <RefundsSection payment={payment} />}
    </>
  );
}

const Id = ({ children }: { children: string }) => <span className="mono wrap">{children}</span>;

/** What the buyer gave for the invoice. */
function BillingSection({ billing }: { billing: NonNullable<WholePayment['billing']> }) {
  const { billing: words } = usePageTexts(SALES);
  const format = useFormat();
  const { company, name, taxIds, address } = billing;
  const town = [address?.postalCode, address?.city].filter((part) => part != null).join(' ');
  const lines = [address?.line1, address?.line2, town, address?.state].filter(
    (part) => part != null && part !== '',
  );
  const country = address?.country == null ? [] : [format.country(address.country)];
  return (
    <Section title={words.title} lead={words.lead}>
      <Facts
        facts={[
          company !== null && [words.company, company],
          name !== null && [words.name, name],
          ...taxIds.map(({ type, value }) => [words.taxId(type), value] as [string, string]),
          address !== null && [words.address, [...lines, ...country].join(', ')],
        ]}
      />
    </Section>
  );
}

function DisputeSection({ dispute }: { dispute: NonNullable<WholePayment['dispute']> }) {
  const { dispute: words } = usePageTexts(SALES);
  const format = useFormat();
  const { outcome, openedAt, evidenceDueAt } = dispute;
  return (
    <Section title={words.title} lead={words[outcome]}>
      <Facts
        facts={[
          openedAt !== null && [words.opened, format.dateTime(openedAt)],
          outcome === 'open' && [
            words.due,
            evidenceDueAt === null ? words.noEvidence : format.dateTime(evidenceDueAt),
          ],
        ]}
      />
    </Section>
  );
}

function RefundsSection({ payment: { refunds } }: { payment: WholePayment }) {
  const { refunds: words } = usePageTexts(SALES);
  const format = useFormat();
  return (
    <Section title={words.title}>
      {refunds.length === 0 ? (
        <p className="soft">{words.none}</p>
      ) : (
        <ul className="rows">
          {refunds.map((refund) => (
            <li key={refund.id}>
              <div className="grow">
                <p>{format.money(refund.amount, refund.currency)}</p>
                <p className="soft small">
                  {[
                    refund.reason === null ? null : (words.reasons[refund.reason] ?? refund.reason),
                    refund.keepAccess === null ? null : refund.keepAccess ? words.kept : words.ended,
                    refund.askedHere ? null : words.elsewhere,
                  ]
                    .filter((part) => part !== null)
                    .join(' · ')}
                </p>
                {refund.failure !== null && <p className="small">{refund.failure.message}</p>}
              </div>
              <Tag tone={TONES[refund.status]}>{words.statuses[refund.status]}</Tag>
              <span className="soft small">{format.dateTime(refund.createdAt)}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
