import { Undo2 } from 'lucide-react';
import { Link } from 'react-router';
import { useList } from '../../api/resource';
import type { Withdrawal } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { Empty, Facts, Loaded, More, Page, Section, Tag, type Tone } from '../../ui';
import { AcceptWithdrawal } from './AcceptWithdrawal';
import { RefuseWithdrawal } from './RefuseWithdrawal';
import { WITHDRAWALS } from './texts';

const TONES: Record<Withdrawal['status'], Tone> = {
  unproven: 'warn',
  to_decide: 'warn',
  accepted: 'busy',
  done: 'good',
  refused: 'quiet',
  failed: 'bad',
};

/** Withdrawals from contracts, the newest first, and what a coach decides about them. */
export function WithdrawalsPage() {
  const words = usePageTexts(WITHDRAWALS);
  const list = useList('/v1/withdrawals', {});
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={{ ...list, data: list.items }}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={words.emptyTitle} icon={Undo2} text={words.empty} />
          ) : (
            all.map((withdrawal) => <OneWithdrawal key={withdrawal.id} withdrawal={withdrawal} />)
          )
        }
      </Loaded>
      <More query={list} />
    </Page>
  );
}

function OneWithdrawal({ withdrawal }: { withdrawal: Withdrawal }) {
  const words = usePageTexts(WITHDRAWALS);
  const format = useFormat();
  const paths = usePaths();
  const { status, memberId, membershipId, refundAmount, currency } = withdrawal;
  const isOpen = status === 'unproven' || status === 'to_decide';
  const title = withdrawal.name ?? words.unnamed;
  return (
    <Section
      title={title}
      actions={
        (isOpen || status === 'failed') && (
          <>
            <AcceptWithdrawal withdrawal={withdrawal} />
            {isOpen && <RefuseWithdrawal id={withdrawal.id} />}
          </>
        )
      }
    >
      <p>
        <Tag tone={TONES[status]}>{words.statuses[status]}</Tag>{' '}
        <span className="soft">{words.explain[status]}</span>
      </p>
      <Facts
        facts={[
          withdrawal.contract !== null && [words.contract, withdrawal.contract],
          withdrawal.email !== null && [words.email, withdrawal.email],
          [words.stated, format.dateTime(withdrawal.statedAt)],
          isOpen && [words.decideBy, format.dateTime(withdrawal.decideBy)],
          status !== 'done' &&
            status !== 'refused' && [words.refundDue, format.dateTime(withdrawal.refundDueAt)],
          refundAmount !== null &&
            currency !== null && [
              words.refund,
              refundAmount === 0 ? words.nothing : format.money(refundAmount, currency),
            ],
          withdrawal.refusedBecause !== null && [words.because, withdrawal.refusedBecause],
          memberId !== null &&
            membershipId !== null && [
              words.member,
              <Link key="purchase" to={paths.membership(memberId, membershipId)}>
                {membershipId}
              </Link>,
            ],
        ]}
      />
      {isOpen && membershipId !== null && !withdrawal.inTime && <p className="soft">{words.late}</p>}
      {withdrawal.rightLost && <p className="soft">{words.rightLost}</p>}
    </Section>
  );
}
