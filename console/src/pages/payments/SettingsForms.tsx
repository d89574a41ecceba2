import { Button, Checkbox, Group, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { PAUSE_DAYS } from '@domain/cancel-offer';
import { type FormEvent, useRef, useState } from 'react';
import { useAction, useList, useRead, useRemember } from '../../api/resource';
import type { Settings } from '../../api/types';
import { textOf, usePageTexts, useTexts } from '../../texts/texts';
import {
  IfAllowed,
  Loaded,
  markedField,
  ProblemAlert,
  Section,
  UnsavedChanges,
  useMarkedFocus,
  useNotify,
} from '../../ui';
import { PAYMENTS } from './texts';

/** Grace, policies, and where members may be sent back to. */
export function SettingsForms() {
  const settings = useRead('/v1/settings', {});
  return (
    <Loaded query={settings} lines={4}>
      {(present) => <SettingsForm present={present as Settings} />}
    </Loaded>
  );
}

interface Draft extends Omit<
  Settings,
  'graceDays' | 'renewalLeewayHours' | 'timelineYears' | 'cancelOfferDays' | 'origins'
> {
  graceDays: string;
  renewalLeewayHours: string;
  timelineYears: string;
  cancelOfferDays: string;
  origins: string;
}

/** Yes or no. */
type Choice =
  | 'honourPaidPeriod'
  | 'keepAfterRefund'
  | 'keepDuringDispute'
  | 'membersCancelNow'
  | 'membersChangePrice'
  | 'automaticTax'
  | 'businessBuyers'
  | 'purchaseInvoices'
  | 'promotionCodes'
  | 'oneTrialPerMember';

const draftOf = (settings: Settings): Draft => ({
  ...settings,
  graceDays: String(settings.graceDays),
  renewalLeewayHours: String(settings.renewalLeewayHours),
  timelineYears: String(settings.timelineYears),
  cancelOfferDays: String(settings.cancelOfferDays),
  origins: settings.origins.join('\n'),
});

/** Whole numbers, and what they may be. */
const LIMITS = {
  graceDays: { least: 0, most: 30 },
  renewalLeewayHours: { least: 0, most: 168 },
  timelineYears: { least: 1, most: 30 },
  cancelOfferDays: PAUSE_DAYS,
};
type Count = keyof typeof LIMITS;

const whole = (draft: Draft, field: Count): number | null => {
  const value = /^\d{1,4}$/.test(draft[field].trim()) ? Number(draft[field]) : null;
  const { least, most } = LIMITS[field];
  return value !== null && value >= least && value <= most ? value : null;
};

const orNull = (typed: string) => (typed.trim() === '' ? null : typed.trim());

function SettingsForm({ present }: { present: Settings }) {
  const { common } = useTexts();
  const { settings: words } = usePageTexts(PAYMENTS);
  const notify = useNotify();
  const save = useAction('patch', '/v1/settings');
  const remember = useRemember('/v1/settings', {});
  // What was typed stays until it is saved, whatever is read in the meantime.
  const [typed, setTyped] = useState<Partial<Draft>>({});
  const [checks, setChecks] = useState(0);
  const draft: Draft = { ...draftOf(present), ...typed };
  const set = <K extends keyof Draft>(field: K, value: Draft[K]) => setTyped({ ...typed, [field]: value });

  const graceDays = whole(draft, 'graceDays');
  const renewalLeewayHours = whole(draft, 'renewalLeewayHours');
  const timelineYears = whole(draft, 'timelineYears');
  const cancelOfferDays = whole(draft, 'cancelOfferDays');
  const coupons = useList('/v1/coupons', { params: { query: { status: 'active' } } });
  const refused = markedField(save.error, Object.keys(draft));
  const errorOf = (field: string) =>
    refused === field ? textOf(words.refused, field, save.error?.message ?? '') : undefined;
  const form = useRef<HTMLFormElement>(null);
  useMarkedFocus(form, checks, save.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecks(checks + 1);
    if (
      graceDays === null ||
      renewalLeewayHours === null ||
      timelineYears === null ||
      cancelOfferDays === null
    )
      return;
    const origins = draft.origins
      .split(/[\s,]+/)
      .filter((line) => line !== '')
      .map((line) => line.replace(/\/+$/, ''));
    const chosen: Settings = {
      ...draft,
      graceDays,
      renewalLeewayHours,
      timelineYears,
      cancelOfferDays,
      origins,
      defaultSuccessUrl: orNull(draft.defaultSuccessUrl ?? ''),
      defaultCancelUrl: orNull(draft.defaultCancelUrl ?? ''),
      logoUrl: orNull(draft.logoUrl ?? ''),
    };
    // What somebody else changes meanwhile stays as they have it.
    const changed = Object.fromEntries(
      Object.entries(chosen).filter(([field]) => field in typed),
    ) as Partial<Settings>;
    save.mutate(
      { body: changed },
      {
        onSuccess: (saved) => {
          remember(saved);
          setTyped({});
          notify({ text: words.saved });
        },
      },
    );
  };

  const choice = (field: Choice, label: string, hint: string) => (
    <Checkbox
      label={label}
      description={hint}
      checked={draft[field]}
      onChange={(event) => set(field, event.currentTarget.checked)}
    />
  );

  const oneOf = <F extends 'withdrawal' | 'withdrawalRefund' | 'purchaseConsent' | 'cancelOffer'>(
    field: F,
    label: string,
    options: Record<Settings[F], string>,
  ) => (
    <NativeSelect
      label={label}
      value={draft[field]}
      data={Object.entries<string>(options).map(([value, text]) => ({ value, label: text }))}
      onChange={(event) => set(field, event.currentTarget.value as Draft[F])}
    />
  );

  const count = (field: Count, label: string, hint: string) => {
    const { least, most } = LIMITS[field];
    const isWrong = checks > 0 && whole(draft, field) === null;
    return (
      <TextInput
        label={label}
        description={hint}
        inputMode="numeric"
        value={draft[field]}
        error={isWrong ? common.between(String(least), String(most)) : errorOf(field)}
        onChange={(event) => set(field, event.currentTarget.value)}
      />
    );
  };

  const address = (
    field: 'defaultSuccessUrl' | 'defaultCancelUrl' | 'logoUrl',
    label: string,
    hint: string,
  ) => (
    <TextInput
      type="url"
      label={label}
      description={hint}
      value={draft[field] ?? ''}
      error={errorOf(field)}
      onChange={(event) => set(field, event.currentTarget.value)}
    />
  );

  return (
    <form ref={form} onSubmit={submit} noValidate className="stack">
      <Section title={words.access} lead={words.accessLead}>
        <div className="fields">
          {count('graceDays', words.graceDays, words.graceDaysHint)}
          {count('renewalLeewayHours', words.leeway, words.leewayHint)}
        </div>
        {choice('honourPaidPeriod', words.honour, words.honourHint)}
        {choice('keepAfterRefund', words.keepAfterRefund, words.keepAfterRefundHint)}
        {choice('keepDuringDispute', words.keepDuringDispute, words.keepDuringDisputeHint)}
      </Section>
      <Section title={words.selling} lead={words.sellingLead}>
        <div className="fields">{address('logoUrl', words.logo, words.logoHint)}</div>
        {choice('automaticTax', words.automaticTax, words.automaticTaxHint)}
        {choice('businessBuyers', words.businessBuyers, words.businessBuyersHint)}
        {choice('purchaseInvoices', words.purchaseInvoices, words.purchaseInvoicesHint)}
        {choice('promotionCodes', words.promotionCodes, words.promotionCodesHint)}
        {choice('oneTrialPerMember', words.oneTrial, words.oneTrialHint)}
      </Section>
      <Section title={words.memberPage} lead={words.memberPageLead}>
        {choice('membersCancelNow', words.membersCancelNow, words.membersCancelNowHint)}
        {choice('membersChangePrice', words.membersChangePrice, words.membersChangePriceHint)}
        {oneOf('cancelOffer', words.cancelOffer, words.cancelOffers)}
        <p className="soft small">{words.cancelOfferHint}</p>
        {draft.cancelOffer === 'coupon' && (
          <NativeSelect
            label={words.cancelOfferCoupon}
            value={draft.cancelOfferCouponId ?? ''}
            error={errorOf('cancelOfferCouponId')}
            data={[
              { value: '', label: words.noCoupon },
              ...(coupons.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(event) => set('cancelOfferCouponId', orNull(event.currentTarget.value))}
          />
        )}
        {draft.cancelOffer === 'pause' && (
          <div className="fields">
            {count('cancelOfferDays', words.cancelOfferDays, words.cancelOfferDaysHint)}
          </div>
        )}
      </Section>
      <Section title={words.withdrawalTitle} lead={words.withdrawalLead}>
        {oneOf('withdrawal', words.withdrawalOffer, words.withdrawalOffers)}
        {oneOf('withdrawalRefund', words.withdrawalRefund, words.withdrawalRefunds)}
        {oneOf('purchaseConsent', words.purchaseConsent, words.purchaseConsents)}
      </Section>
      <Section title={words.keeping} lead={words.keepingLead}>
        <div className="fields">{count('timelineYears', words.timelineYears, words.timelineYearsHint)}</div>
      </Section>
      <Section title={words.site} lead={words.siteLead}>
        <Textarea
          label={words.origins}
          description={words.originsHint}
          autosize
          minRows={2}
          value={draft.origins}
          error={errorOf('origins')}
          onChange={(event) => set('origins', event.currentTarget.value)}
        />
        <div className="fields">
          {address('defaultSuccessUrl', words.success, words.successHint)}
          {address('defaultCancelUrl', words.cancel, words.cancelHint)}
        </div>
      </Section>
      <ProblemAlert problem={refused === null ? save.error : null} />
      <UnsavedChanges exist={Object.keys(typed).length > 0} />
      <Group>
        <IfAllowed isAllowed={save.isAllowed}>
          <Button type="submit" loading={save.isPending}>
            {words.save}
          </Button>
        </IfAllowed>
        <span role="status" className="soft small">
          {Object.keys(typed).length > 0 && !save.isPending ? words.unsaved : ''}
        </span>
      </Group>
    </form>
  );
}
