import { Checkbox, NativeSelect, Radio, TextInput } from '@mantine/core';
import type { PricingModel } from '@domain/pricing';
import { stepOf } from '@domain/money';
import { beginningOfDay, dayOf } from '../../format/dates';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { DayField } from '../../ui';
import { BundleFields } from './BundleFields';
import { CurrencyFields } from './CurrencyFields';
import { CURRENCIES } from './currencies';
import { type DraftField, hasField, type PriceDraft } from './price-draft';
import { exampleOf } from './price-faults';
import { PRICE_FORM } from './price-form-texts';
import { RhythmFields } from './RhythmFields';

interface PriceFieldsProps {
  productId: string;
  draft: PriceDraft;
  onChange: (draft: PriceDraft) => void;
  /** What is wrong with a field, in words; undefined: nothing to say. */
  errorOf: (field: DraftField) => string | undefined;
  /** The same for an amount in another currency. */
  optionErrorOf: (index: number) => string | undefined;
  defaultCurrency: string | null;
  /** The ways to sell that there are to choose from. */
  models: readonly PricingModel[];
}

type TextField = Exclude<DraftField, 'model' | 'interval' | 'currency' | 'promotionCodes' | 'accessStartsAt'>;

/** Every pricing option that goes with the chosen way to pay. */
export function PriceFields(props: PriceFieldsProps) {
  const { productId, draft, onChange, errorOf: error, defaultCurrency, models } = props;
  const { price, common } = useTexts();
  const words = usePageTexts(PRICE_FORM);
  const format = useFormat();
  const { model, currency } = draft;
  const has = (field: DraftField) => hasField(model, field);
  const set = (change: Partial<PriceDraft>) => onChange({ ...draft, ...change });
  const step = stepOf(currency);
  const amountHint = words.amountHint(exampleOf(currency, format));

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
          {models.map((value) => (
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
          hint: amountHint,
          kind: 'money',
        })}
        {text('minAmount', price.minAmount, { hint: amountHint, kind: 'money' })}
        {text('maxAmount', price.maxAmount, { optional: true, kind: 'money' })}
        {text('suggestedAmount', price.suggestedAmount, { optional: true, kind: 'money' })}
        {has('currency') && (
          <NativeSelect
            label={price.currency}
            value={currency}
            error={error('currency')}
            onChange={({ currentTarget: { value } }) =>
              set({
                currency: value,
                currencyOptions: draft.currencyOptions.filter((option) => option.currency !== value),
              })
            }
            data={CURRENCIES.map((code) => ({ value: code, label: format.currency(code) }))}
          />
        )}
      </div>
      {has('currency') && step > 1 && (
        <p className="soft small">{words.step(format.money(step, currency))}</p>
      )}
      {has('currency') && defaultCurrency !== null && defaultCurrency !== currency && (
        <p className="soft small" role="note">
          {price.currencyDiffers(defaultCurrency.toUpperCase())}
        </p>
      )}
      <CurrencyFields
        draft={draft}
        onChange={(currencyOptions) => set({ currencyOptions })}
        errorOf={props.optionErrorOf}
      />
      {has('interval') && (
        <fieldset className="plain-fieldset">
          <legend>{words.rhythm.legend}</legend>
          <div className="fields">
            <RhythmFields draft={draft} onChange={set} errorOf={error} />
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
          {has('accessStartsAt') && (
            <DayField
              label={words.begins.label}
              hint={words.begins.hint}
              fromBeginning
              value={draft.accessStartsAt === '' ? '' : dayOf(draft.accessStartsAt)}
              error={error('accessStartsAt')}
              onChange={(day) => set({ accessStartsAt: day === '' ? '' : beginningOfDay(day) })}
            />
          )}
          {text('seats', price.seats, { hint: price.seatsHint, optional: true })}
          {text('maxQuantity', price.maxQuantity, { hint: words.quantityHint })}
          {model !== 'free' && (
            <NativeSelect
              label={words.tax.label}
              description={words.tax.hint}
              value={draft.taxBehavior}
              onChange={(event) =>
                set({ taxBehavior: event.currentTarget.value as PriceDraft['taxBehavior'] })
              }
              data={[
                { value: '', label: words.tax.account },
                { value: 'inclusive', label: words.tax.inclusive },
                { value: 'exclusive', label: words.tax.exclusive },
              ]}
            />
          )}
          {text('nickname', price.nickname, { hint: price.nicknameHint, optional: true, kind: 'text' })}
        </div>
        {model !== 'free' && (
          <BundleFields
            productId={productId}
            chosen={draft.alsoGives}
            onChange={(alsoGives) => set({ alsoGives })}
          />
        )}
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
