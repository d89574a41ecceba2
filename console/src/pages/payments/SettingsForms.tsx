import { Button, Checkbox, Group, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useAction, useRead, useRemember } from '../../api/resource';
import type { Problem } from '../../api/problem';
import type { Settings } from '../../api/types';
import { useTexts } from '../../texts/texts';
import { Loaded } from '../../ui/Loaded';
import { useNotify } from '../../ui/notices';
import { ProblemAlert } from '../../ui/ProblemAlert';
import { Section } from '../../ui/Section';

/** Grace, policies, and where members may be sent back to. */
export function SettingsForms() {
  const settings = useRead('/v1/settings', {});
  return (
    <Loaded query={settings} lines={4}>
      {(present) => <SettingsForm present={present as Settings} />}
    </Loaded>
  );
}

interface Draft extends Omit<Settings, 'graceDays' | 'renewalLeewayHours' | 'timelineYears' | 'origins'> {
  graceDays: string;
  renewalLeewayHours: string;
  timelineYears: string;
  origins: string;
}

/** Yes or no. */
type Choice =
  | 'honourPaidPeriod'
  | 'keepAfterRefund'
  | 'keepDuringDispute'
  | 'automaticTax'
  | 'promotionCodes'
  | 'oneTrialPerMember';

const draftOf = (settings: Settings): Draft => ({
  ...settings,
  graceDays: String(settings.graceDays),
  renewalLeewayHours: String(settings.renewalLeewayHours),
  timelineYears: String(settings.timelineYears),
  origins: settings.origins.join('\n'),
});

const whole = (typed: string, most: number, least = 0): number | null => {
  const value = /^\d{1,4}$/.test(typed.trim()) ? Number(typed) : null;
  return value !== null && value >= least && value <= most ? value : null;
};

const orNull = (typed: string) => (typed.trim() === '' ? null : typed.trim());

function SettingsForm({ present }: { present: Settings }) {
  const { payments, common } = useTexts();
  const words = payments.settings;
  const notify = useNotify();
  const save = useAction('put', '/v1/settings');
  const remember = useRemember('/v1/settings', {});
  // What was typed stays until it is saved, whatever is read in the meantime.
  const [typed, setTyped] = useState<Partial<Draft>>({});
  const [checked, setChecked] = useState(false);
  const draft: Draft = { ...draftOf(present), ...typed };
  const set = <K extends keyof Draft>(field: K, value: Draft[K]) => setTyped({ ...typed, [field]: value });

  const graceDays = whole(draft.graceDays, 30);
  const renewalLeewayHours = whole(draft.renewalLeewayHours, 168);
  const timelineYears = whole(draft.timelineYears, 30, 1);
  const between = (isWrong: boolean, most: string, least = '0') =>
    checked && isWrong && common.between(least, most);
  const errorOf = (field: string) => fieldError(save.error, field);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (graceDays === null || renewalLeewayHours === null || timelineYears === null) return;
    const origins = draft.origins
      .split(/[\s,]+/)
      .filter((line) => line !== '')
      .map((line) => line.replace(/\/+$/, ''));
    save.mutate(
      {
        body: {
          ...draft,
          graceDays,
          renewalLeewayHours,
          timelineYears,
          origins,
          defaultSuccessUrl: orNull(draft.defaultSuccessUrl ?? ''),
          defaultCancelUrl: orNull(draft.defaultCancelUrl ?? ''),
        },
      },
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

  return (
    <form onSubmit={submit} noValidate className="stack">
      <Section title={words.access} lead={words.accessLead}>
        <div className="fields">
          <TextInput
            label={words.graceDays}
            description={words.graceDaysHint}
            inputMode="numeric"
            value={draft.graceDays}
            error={between(graceDays === null, '30') || errorOf('graceDays')}
            onChange={(event) => set('graceDays', event.currentTarget.value)}
          />
          <TextInput
            label={words.leeway}
            description={words.leewayHint}
            inputMode="numeric"
            value={draft.renewalLeewayHours}
            error={between(renewalLeewayHours === null, '168') || errorOf('renewalLeewayHours')}
            onChange={(event) => set('renewalLeewayHours', event.currentTarget.value)}
          />
        </div>
        {choice('honourPaidPeriod', words.honour, words.honourHint)}
        {choice('keepAfterRefund', words.keepAfterRefund, words.keepAfterRefundHint)}
        {choice('keepDuringDispute', words.keepDuringDispute, words.keepDuringDisputeHint)}
      </Section>
      <Section title={words.selling} lead={words.sellingLead}>
        {choice('automaticTax', words.automaticTax, words.automaticTaxHint)}
        {choice('promotionCodes', words.promotionCodes, words.promotionCodesHint)}
        {choice('oneTrialPerMember', words.oneTrial, words.oneTrialHint)}
      </Section>
      <Section title={words.keeping} lead={words.keepingLead}>
        <div className="fields">
          <TextInput
            label={words.timelineYears}
            description={words.timelineYearsHint}
            inputMode="numeric"
            value={draft.timelineYears}
            error={between(timelineYears === null, '30', '1') || errorOf('timelineYears')}
            onChange={(event) => set('timelineYears', event.currentTarget.value)}
          />
        </div>
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
          <TextInput
            type="url"
            label={words.success}
            description={words.successHint}
            value={draft.defaultSuccessUrl ?? ''}
            error={errorOf('defaultSuccessUrl')}
            onChange={(event) => set('defaultSuccessUrl', event.currentTarget.value)}
          />
          <TextInput
            type="url"
            label={words.cancel}
            description={words.cancelHint}
            value={draft.defaultCancelUrl ?? ''}
            error={errorOf('defaultCancelUrl')}
            onChange={(event) => set('defaultCancelUrl', event.currentTarget.value)}
          />
        </div>
      </Section>
      <ProblemAlert problem={save.error} />
      <Group>
        <Button type="submit" loading={save.isPending}>
          {words.save}
        </Button>
        <span role="status" className="soft small">
          {Object.keys(typed).length > 0 && !save.isPending ? words.unsaved : ''}
        </span>
      </Group>
    </form>
  );
}

/** What the API says about a field, to stand beside it. */
function fieldError(problem: Problem | null, field: string): string | undefined {
  const is = problem?.field === field || problem?.field?.startsWith(`${field}.`) === true;
  return is ? problem.message : undefined;
}
