import { Alert } from '@mantine/core';
import { useList, useRead } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Loaded, Page, together } from '../../ui';
import { MailKinds } from './MailKinds';
import { MailLook } from './MailLook';
import { SentMails } from './SentMails';
import { MAILS } from './texts';

/** Which mails are sent, how they look, what they say, and what became of each. */
export function MailsPage() {
  const mails = usePageTexts(MAILS);
  const settings = useRead('/v1/mail-settings', {});
  const list = useList('/v1/mails', { params: { query: { limit: 10 } } });
  return (
    <Page title={mails.title} lead={mails.lead}>
      <Loaded query={together(settings, { ...list, data: list.items })}>
        {([choices, sent]) => (
          <>
            {!choices.sends && (
              <Alert color="orange" title={mails.offTitle}>
                {mails.off}
              </Alert>
            )}
            <MailLook settings={choices} />
            <MailKinds settings={choices} />
            <SentMails mails={sent} query={list} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
