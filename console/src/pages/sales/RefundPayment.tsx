import { Button, NativeSelect, Radio, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useAction, useRead } from '../../api/resource';
import type { RefundPreview, WholePayment } from '../../api/types';
import { useFormat } from '../../format/format';
import { parseMoney } from '../../format/money';
import { usePageTexts } from '../../texts/texts';
import { Dialog, Facts, Loading, ProblemAlert, useActionDialog } from '../../ui';
import { SALES } from './texts';

const REASONS = ['requested_by_customer', 'duplicate', 'fraudulent'] as const;
/** Milliseconds after the last key before it is asked what it would do. */
const TYPING = 300;

/** Gives a payment back, in full or in part, once it was shown what that does. */
export function RefundPayment({ payment }: { payment: WholePayment }) {
  const words = usePageTexts(SALES);
  const { refund: own } = words;
  const format = useFormat();
  const { id, currency, amountLeft } = payment;
  const refund = useAction('post', '/v1/payments/{id}/refunds');
  const { open, done, dialog } = useActionDialog(refund, own.pending);
  const { data: settings } = useRead('/v1/settings', {}, { enabled: dialog.opened });
  const [typed, setTyped] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [chosen, setChosen] = useState<'keep' | 'end' | null>(null);
  const text = typed ?? format.typedMoney(amountLeft, currency);
  const parsed = parseMoney(text, currency);
  const amount = parsed !== null && parsed > 0 && parsed <= amountLeft ? parsed : null;
  const access = chosen ?? (settings?.keepAfterRefund === true ? 'keep' : 'end');
  const keepAccess = access === 'keep';
  const known = REASONS.find((one) => one === reason);
  const confirm = () => {
    if (amount === null) return;
    refund.mutate(
      {
        params: { path: { id } },
        body: { amount, keepAccess, ...(known === undefined ? {} : { reason: known }) },
      },
      {
        onSuccess: (made) => {
          setTyped(null);
          if (made.status === 'refused') done({ text: own.refused(made.failure?.message ?? '') });
          else if (made.status === 'requested') done({ text: own.under_way });
          else done({ text: own.done(format.money(made.amount, made.currency)) });
        },
      },
    );
  };
  const left = format.money(amountLeft, currency);
  if (!refund.isAllowed) return null;
  return (
    <>
      <Button variant="default" onClick={open}>
        {own.button}
      </Button>
      <Dialog
        {...dialog}
        title={own.title}
        confirm={own.button}
        onConfirm={confirm}
        ready={amount !== null}
        danger
      >
        <TextInput
          label={`${own.amount} (${currency.toUpperCase()})`}
          description={`${own.amountHint(left)} ${own.feeHint}`}
          inputMode="decimal"
          value={text}
          error={amount === null ? own.invalid(left) : null}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        <NativeSelect
          label={own.reason}
          {...(known === 'fraudulent' ? { description: own.fraudHint } : {})}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data={[
            { value: '', label: own.noReason },
            ...REASONS.map((value) => ({ value, label: words.refunds.reasons[value] ?? value })),
          ]}
        />
        <Radio.Group
          label={own.access}
          value={access}
          onChange={(value) => setChosen(value === 'keep' ? 'keep' : 'end')}
        >
          <div className="tight">
            <Radio value="end" label={own.end} />
            <Radio value="keep" label={own.keep} />
          </div>
        </Radio.Group>
        {dialog.opened && amount !== null && <Preview id={id} amount={amount} keepAccess={keepAccess} />}
      </Dialog>
    </>
  );
}

/** What it would do, by what Stripe says now. Asks again whenever it is another refund. */
function Preview({ id, amount, keepAccess }: { id: string; amount: number; keepAccess: boolean }) {
  const { refund: words } = usePageTexts(SALES);
  const { mutate, data, error, isPending } = useAction('post', '/v1/payments/{id}/refund/preview');
  const [asked] = useDebouncedValue(amount, TYPING);
  useEffect(() => {
    mutate({ params: { path: { id } }, body: { amount: asked, keepAccess } });
  }, [mutate, id, asked, keepAccess]);
  return (
    <section aria-label={words.preview} aria-live="polite" className="preview">
      {isPending && <Loading lines={2} />}
      {!isPending && data !== undefined && <Effect preview={data} />}
      <ProblemAlert problem={error} takeFocus={false} />
    </section>
  );
}

function Effect({ preview }: { preview: RefundPreview }) {
  const { refund: words } = usePageTexts(SALES);
  const format = useFormat();
  return (
    <>
      <Facts facts={[[words.goesBack, format.money(preview.amount, preview.currency)]]} />
      <p>{words[preview.access]}</p>
      {preview.charging === 'ends' && <p>{words.chargingEnds}</p>}
      {preview.charging === 'goes_on' && <p>{words.chargingGoesOn}</p>}
      {preview.isDisputed && <p>{words.disputed}</p>}
    </>
  );
}
