import { Switch } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { MailSettings } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { ProblemAlert, Section, useNotify } from '../../ui';
import { EditMail } from './EditMail';
import { MAILS } from './texts';

/** Every mail that there is: whether it is sent, and what it says. */
export function MailKinds({ settings }: { settings: MailSettings }) {
  const mails = usePageTexts(MAILS);
  const notify = useNotify();
  const save = useAction('patch', '/v1/mail-settings');
  const turn = (kind: MailSettings['off'][number], on: boolean) => {
    const others = settings.off.filter((each) => each !== kind);
    save.mutate(
      { body: { off: on ? others : [...others, kind] } },
      { onSuccess: () => notify({ text: on ? mails.turnedOn : mails.turnedOff }) },
    );
  };
  return (['member', 'coach'] as const).map((to) => {
    const kinds = settings.kinds.filter((each) => each.to === to);
    if (kinds.length === 0) return null;
    return (
      <Section key={to} title={mails.to[to]} lead={mails.toLead[to]}>
        <ProblemAlert problem={save.error} />
        <ul className="rows">
          {kinds.map(({ kind, canBeSwitchedOff }) => (
            <li key={kind}>
              <div className="grow">
                <p className="row-title">{mails.kinds[kind]}</p>
              </div>
              <EditMail kind={kind} settings={settings} />
              <Switch
                checked={!settings.off.includes(kind)}
                disabled={!save.isAllowed || !canBeSwitchedOff || save.isPending}
                aria-label={mails.isSent(mails.kinds[kind])}
                onChange={(event) => turn(kind, event.currentTarget.checked)}
              />
            </li>
          ))}
        </ul>
      </Section>
    );
  });
}
