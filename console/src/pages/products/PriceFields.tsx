import { Checkbox, NativeSelect, Radio, TextInput } from '@mantine/core';
import { INTERVALS, PRICING_MODELS, type PricingModel } from '@domain/pricing';
import { isBelowLeastCharge, leastCharge } from '@domain/least-charge';
import { stepOf } from '@domain/money';
import { useFormat } from '../../format/format';
import { parseMoney } from '../../format/money';
import { useTexts } from '../../texts/texts';
import { CURRENCIES } from './currencies';
import { type DraftField, hasField, MONEY, type PriceDraft } from './price-draft';

interface PriceFieldsProps {
  draft: PriceDraft;
  onChange: (draft: PriceDraft) => void;
  isWrong: (field: DraftField) => boolean;
  defaultCurrency: string | null;
}

type TextField = Exclude<DraftField, 'model' | 'interval' | 'currency' | 'promotionCodes'>;

/** Every pricing option that goes with the chosen way to pay. */
export function PriceFields({ draft, onChange, isWrong, defaultCurrency }: PriceFieldsProps) {
  const { price, common } = useTexts();
  const format = useFormat();
  const { model, currency } = draft;
  const has = (field: DraftField) => hasField(model, field);
  const set = (change: Partial<PriceDraft>) => onChange({ ...draft, ...change });
  const step = stepOf(currency);
  const least = leastCharge(currency);
  /** Stripe would not charge it: said with the figure. */
  const tooSmall = (field: DraftField) =>
    MONEY.some(
      (money) => money === field && isBelowLeastCharge(parseMoney(draft[money], currency) ?? 0, currency),
    );
  const error = (field: DraftField) => (isWrong(field) ? problem(field) : undefined);
  const problem = (field: DraftField) =>
    tooSmall(field)
      ? price.leastCharge(format.money(least ?? 0, currency))
      : (price.problems[field as keyof typeof price.problems] ?? common.required);

  const text = (
    field: TextField,
    label: string,
    {
      hint,
      optional = false,
      kind = 'whole',
    }: { hint?: string; optional?: boolean; kind?: 'whole' | 'money' | 'text' } = {},
  ) =>
    has(field) && (
      <TextInput
        key={field}
        label={optional ? `${label} (${common.optional})` : label}
        description={hint}
        inputMode={kind === 'money' ? 'decimal' : kind === 'whole' ? 'numeric' : 'text'}
        autoComplete="off"
        value={draft[field]}
        error={error(field)}
        required={!optional}
        withAsterisk={false}
        onChange={(event) => set({ [field]: event.currentTarget.value })}
        {...(kind === 'money' ? { rightSection: currency.toUpperCase(), rightSectionWidth: 52 } : {})}
        rightSectionProps={{ 'aria-hidden': true }}
      />
    );

  return (
    <>
      <Radio.Group
        label={price.how}
        value={model}
        onChange={(value) => set({ model: value as PricingModel })}
      >
        <div className="models">
          {PRICING_MODELS.map((value) => (
            <Radio
              key={value}
              value={value}
              label={price.models[value].name}
              description={price.models[value].hint}
              className="model"
            />
          ))}
        </div>
      </Radio.Group>
      <div className="fields">
        {text('unitAmount', model === 'installments' ? price.amountEach : price.amount, {
          hint: price.amountHint,
          kind: 'money',
        })}
        {text('minAmount', price.minAmount, { hint: price.amountHint, kind: 'money' })}
        {text('maxAmount', price.maxAmount, { optional: true, kind: 'money' })}
        {text('suggestedAmount', price.suggestedAmount, { optional: true, kind: 'money' })}
        {has('currency') && (
          <NativeSelect
            label={price.currency}
            value={currency}
            error={error('currency')}
            onChange={(event) => set({ currency: event.currentTarget.value })}
            data={CURRENCIES.map((code) => ({ value: code, label: format.currency(code) }))}
          />
        )}
      </div>
      {has('currency') && step > 1 && (
        <p className="soft small">{price.step(format.money(step, currency))}</p>
      )}
      {has('currency') && defaultCurrency !== null && defaultCurrency !== currency && (
        <p className="soft small" role="note">
          {price.currencyDiffers(defaultCurrency.toUpperCase())}
        </p>
      )}
      {has('interval') && (
        <fieldset className="plain-fieldset">
          <legend>{price.every}</legend>
          <div className="fields">
            {text('intervalCount', price.intervalCount)}
            <NativeSelect
              label={price.interval}
              value={draft.interval}
              error={error('interval')}
              onChange={(event) => set({ interval: event.currentTarget.value as PriceDraft['interval'] })}
              data={INTERVALS.map((value) => ({
                value,
                label:
                  draft.intervalCount.trim() === '1'
                    ? price.intervals[value].one
                    : price.intervals[value].many,
              }))}
            />
            {text('installments', price.installments)}
          </div>
        </fieldset>
      )}
      <fieldset className="plain-fieldset">
        <legend>{price.options}</legend>
        <div className="fields">
          {text('trialDays', price.trialDays, { hint: price.trialHint, optional: true })}
          {text('setupFee', price.setupFee, { hint: price.setupHint, optional: true, kind: 'money' })}
          {text('accessDays', price.accessDays, {
            hint: model === 'installments' ? price.accessHintInstallments : price.accessHint,
            optional: true,
          })}
          {text('seats', price.seats, { hint: price.seatsHint, optional: true })}
          {text('maxQuantity', price.maxQuantity, { hint: price.quantityHint })}
          {text('nickname', price.nickname, { hint: price.nicknameHint, optional: true, kind: 'text' })}
        </div>
        {has('promotionCodes') && (
          <Checkbox
            mt="md"
            label={price.promotionCodes}
            description={price.promotionHint}
            checked={draft.promotionCodes}
            onChange={(event) => set({ promotionCodes: event.currentTarget.checked })}
          />
        )}
      </fieldset>
    </>
  );
}
