import { Button, SegmentedControl, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useAction } from '../../api/resource';
import type { MailPreview, MailSettings } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { Dialog, ProblemAlert, useActionDialog } from '../../ui';
import { languageChoices, languageOf } from './languages';
import { MAILS } from './texts';

type Kind = MailSettings['kinds'][number]['kind'];
type Language = MailSettings['language'];

interface EditMailProps {
  kind: Kind;
  settings: MailSettings;
}

/** What the coach has a mail say before and after, in each language, and what it then looks like. */
export function EditMail({ kind, settings }: EditMailProps) {
  const mails = usePageTexts(MAILS);
  const save = useAction('patch', '/v1/mail-settings');
  const look = useAction('post', '/v1/mail-previews');
  const { open, done, dialog } = useActionDialog(save, mails.saving);
  const [language, setLanguage] = useState<Language>(settings.language);
  const [before, setBefore] = useState('');
  const [after, setAfter] = useState('');
  const [preview, setPreview] = useState<MailPreview | null>(null);
  const show = (of: { language: Language; before: string; after: string }) =>
    look.mutate({ body: { kind, ...of } }, { onSuccess: setPreview });
  const choose = (next: Language) => {
    const saved = settings.texts.find((each) => each.kind === kind && each.language === next);
    const texts = { before: saved?.before ?? '', after: saved?.after ?? '' };
    setLanguage(next);
    setBefore(texts.before);
    setAfter(texts.after);
    show({ language: next, ...texts });
  };
  const begin = () => {
    choose(settings.language);
    open();
  };
  const confirm = () =>
    save.mutate(
      { body: { texts: [{ kind, language, before, after }] } },
      { onSuccess: () => done({ text: mails.saved }) },
    );
  if (!save.isAllowed) return null;
  return (
    <>
      <Button size="xs" variant="default" onClick={begin}>
        {mails.edit}
        <span className="sr-only">: {mails.kinds[kind]}</span>
      </Button>
      <Dialog {...dialog} title={mails.kinds[kind]} confirm={mails.save} onConfirm={confirm}>
        <SegmentedControl
          aria-label={mails.language}
          data={languageChoices(mails.languages)}
          value={language}
          onChange={(value) => choose(languageOf(value))}
        />
        <Textarea
          label={mails.before}
          description={mails.beforeHint}
          autosize
          minRows={2}
          value={before}
          onChange={(event) => setBefore(event.currentTarget.value)}
          onBlur={() => show({ language, before, after })}
          data-autofocus
        />
        <Textarea
          label={mails.after}
          autosize
          minRows={2}
          value={after}
          onChange={(event) => setAfter(event.currentTarget.value)}
          onBlur={() => show({ language, before, after })}
        />
        <ProblemAlert problem={look.error} />
        {preview !== null && (
          <>
            <p className="row-title">{preview.subject}</p>
            <iframe className="mail-preview" title={mails.preview} sandbox="" srcDoc={preview.html} />
          </>
        )}
      </Dialog>
    </>
  );
}
