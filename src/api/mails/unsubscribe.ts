import { Router } from 'express';
import { html, sendPage } from '../../html';
import { unsubscriptionOf } from '../../mail/unsubscribe';
import { suppressAddress } from '../../store/mail-suppressions';
import type { ApiDeps } from '../deps';
import { refuseOtherMethods } from '../http/methods';

/**
 * Where members say that they want no mails that the contract does not need. Following the link only asks: programs that look at
 * links on the way unsubscribe nobody. A mail program does it by one POST. https://www.rfc-editor.org/rfc/rfc8058
 */
export function unsubscribeRouter({ db, config }: ApiDeps): Router {
  const router = Router();
  const path = '/mails/unsubscribe/:token';
  router.get(path, (req, res) => {
    const isKnown = unsubscriptionOf(config.encryptionKey, req.params['token'] ?? '') !== null;
    sendPage(res, {
      title: isKnown ? 'No more mails?' : 'This link is not complete',
      status: isKnown ? 200 : 404,
      body: isKnown
        ? html`<h1>No more mails?</h1>
            <p>
              You still get what your purchases need: receipts of them, payments that failed, and their end.
            </p>
            <form method="post"><button>No more other mails</button></form>`
        : html`<h1>This link is not complete</h1>
            <p>Please open it from the mail again.</p>`,
    });
  });
  router.post(path, async (req, res) => {
    const who = unsubscriptionOf(config.encryptionKey, req.params['token'] ?? '');
    if (who === null) {
      sendPage(res, {
        title: 'This link is not complete',
        status: 404,
        body: html`<h1>This link is not complete</h1>`,
      });
      return;
    }
    const { coachId, mode, address } = who;
    const member = await db.member.findFirst({
      where: { coachId, mode, email: address },
      select: { id: true },
    });
    await suppressAddress(db, config.encryptionKey, {
      ...who,
      memberId: member?.id ?? null,
      reason: 'unsubscribed',
    });
    sendPage(res, {
      title: 'Done',
      body: html`<h1>Done</h1>
        <p>You get no more mails that your purchases do not need.</p>`,
    });
  });
  refuseOtherMethods(router, path, ['GET', 'POST']);
  return router;
}
