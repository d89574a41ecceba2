import { Switch } from '@mantine/core';
import { useAction } from '../../api/resource';
import type { MailSettings } from '../../api/types';
import { usePageTexts } from '../../texts/texts';
import { ProblemAlert, Section, useNotify } from '../../ui';
import { EditMail } from './EditMail';
import { MAILS } from './texts';

type Kind = MailSettings['kinds'][number];

/** Every mail that there is: whether it is sent, and what it says. */
export function MailKinds({ settings }: { settings: MailSettings }) {
  const mails = usePageTexts(MAILS);
  const notify = useNotify();
  const save = useAction('patch', '/v1/mail-settings');
  const turn = ({ kind, isChosen }: Kind, on: boolean) => {
    const list = isChosen ? 'on' : 'off';
    const others = settings[list].filter((each) => each !== kind);
    const kinds = on === isChosen ? [...others, kind] : others;
    save.mutate(
      // Which list a kind belongs to is what `isChosen` says.
      { body: { [list]: kinds } as Partial<Pick<MailSettings, 'on' | 'off'>> },
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
          {kinds.map((one) => (
            <li key={one.kind}>
              <div className="grow">
                <p className="row-title">{mails.kinds[one.kind]}</p>
                {one.isChosen && <p className="soft small">{mails.chosen[one.kind]}</p>}
              </div>
              <EditMail kind={one.kind} settings={settings} />
              <Switch
                checked={one.isSent}
                disabled={!save.isAllowed || !one.canBeSwitchedOff || save.isPending}
                aria-label={mails.isSent(mails.kinds[one.kind])}
                onChange={(event) => turn(one, event.currentTarget.checked)}
              />
            </li>
          ))}
        </ul>
      </Section>
    );
  });
}
