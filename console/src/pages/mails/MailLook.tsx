import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useAction } from '../../api/resource';
import type { MailSettings } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { IfAllowed, ProblemAlert, Section, useNotify } from '../../ui';
import { languageChoices, languageOf } from './languages';
import { MAILS } from './texts';

const orNull = (typed: string) => (typed.trim() === '' ? null : typed.trim().toLowerCase());

/** Language, colour, and where answers and the coach's own mails go. */
export function MailLook({ settings }: { settings: MailSettings }) {
  const mails = usePageTexts(MAILS);
  const notify = useNotify();
  const save = useAction('patch', '/v1/mail-settings');
  const [language, setLanguage] = useState(settings.language);
  const [replyTo, setReplyTo] = useState(settings.replyTo ?? '');
  const [colour, setColour] = useState(settings.colour ?? '');
  const [coachAddress, setCoachAddress] = useState(settings.coachAddress ?? '');
  const [sales, setSales] = useState(settings.sales);
  const faultOf = (field: string) => (save.error?.field === field ? save.error.message : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      language,
      sales,
      replyTo: orNull(replyTo),
      colour: orNull(colour),
      coachAddress: orNull(coachAddress),
    };
    save.mutate({ body }, { onSuccess: () => notify({ text: mails.saved }) });
  };
  return (
    <Section title={mails.lookTitle} lead={mails.lookLead}>
      <form onSubmit={submit} className="stack">
        <NativeSelect
          label={mails.language}
          data={languageChoices(mails.languages)}
          value={language}
          onChange={(event) => setLanguage(languageOf(event.currentTarget.value))}
        />
        <TextInput
          type="email"
          label={mails.replyTo}
          description={mails.replyToHint}
          value={replyTo}
          error={faultOf('replyTo')}
          onChange={(event) => setReplyTo(event.currentTarget.value)}
        />
        <TextInput
          label={mails.colour}
          description={mails.colourHint}
          value={colour}
          error={faultOf('colour')}
          onChange={(event) => setColour(event.currentTarget.value)}
        />
        <TextInput
          type="email"
          label={mails.coachAddress}
          description={mails.coachAddressHint}
          value={coachAddress}
          error={faultOf('coachAddress')}
          onChange={(event) => setCoachAddress(event.currentTarget.value)}
        />
        <NativeSelect
          label={mails.sales}
          data={[
            { value: 'each', label: mails.salesEach },
            { value: 'daily', label: mails.salesDaily },
          ]}
          value={sales}
          onChange={(event) => setSales(event.currentTarget.value === 'daily' ? 'daily' : 'each')}
        />
        <ProblemAlert problem={save.error} />
        <IfAllowed isAllowed={save.isAllowed}>
          <div>
            <Button type="submit" loading={save.isPending}>
              {mails.save}
            </Button>
          </div>
        </IfAllowed>
      </form>
    </Section>
  );
}
