import { Alert } from '@mantine/core';
import { useRead } from '../../api/resource';
import { usePageTexts } from '../../texts/texts';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { MailKinds } from './MailKinds';
import { MailLook } from './MailLook';
import { SentMails } from './SentMails';
import { MAILS } from './texts';

/** Which mails are sent, how they look, what they say, and what became of each. */
export function MailsPage() {
  const mails = usePageTexts(MAILS);
  const settings = useRead('/v1/mail-settings', {});
  return (
    <Page title={mails.title} lead={mails.lead}>
      <Loaded query={settings}>
        {(choices) => (
          <>
            {!choices.sends && (
              <Alert color="orange" title={mails.offTitle}>
                {mails.off}
              </Alert>
            )}
            <MailLook settings={choices} />
            <MailKinds settings={choices} />
          </>
        )}
      </Loaded>
      <SentMails />
    </Page>
  );
}
