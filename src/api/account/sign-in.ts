import { setTimeout } from 'node:timers/promises';
import type { Router } from 'express';
import type { Member } from '../../db/generated/client';
import { newId } from '../../domain/ids';
import { ProblemError } from '../../domain/problem';
import { createMemberTokens } from '../buy/member-token';
import { clientOf } from '../http/client-address';
import type { Limiter } from '../http/limits';
import { formToken, isOurForm } from '../http/own-form';
import { email as emailAddress } from '../http/schemas';
import { ensureMember } from '../members/records';
import type { QueueSignInLink } from './mails';
import { field, type PageParts, pageOf, type Pages, type Visit } from './page';
import { askWhoSignsIn, sendDeadLink, sendLinkSent, sendSignIn } from './sign-in-view';

/** Milliseconds that the answer takes at least, whether or not the address is known. */
const AS_LONG = 400;

/** What the form for the address holds for. */
const ASKING = ['sign-in'];

/** The ways in: a token that the coach's site has signed, or a link that is mailed. */
export function signInRoutes(
  router: Router,
  { page, press }: Pages,
  parts: PageParts & { limiter: Limiter; queue: QueueSignInLink | null },
) {
  const { deps, browser, sessions, limiter, queue } = parts;
  const { db, config } = deps;
  const memberOfToken = createMemberTokens(deps);

  const showSignIn = (
    { req, res, shell }: Visit,
    {
      email = '',
      wrong = false,
      notice = null,
    }: { email?: string; wrong?: boolean; notice?: string | null } = {},
  ): void => {
    const form = queue === null ? null : { email, wrong, token: formToken(browser.askIn(req, res), ASKING) };
    sendSignIn(res, shell, form, notice);
  };

  /**
   * Signs in whom the coach's server names, and takes the token out of the address bar. Where somebody else is signed in,
   * a page asks first: anybody may have sent the link.
   */
  async function enterByToken(visit: Visit, token: string): Promise<void> {
    const { req, res, shell } = visit;
    const of = pageOf(shell);
    let member: Member;
    try {
      const signed = await memberOfToken(of, token);
      member = (await ensureMember(db, of, signed, () => newId('member'))).member;
    } catch (error) {
      if (!(error instanceof ProblemError) || !error.code.startsWith('member_token')) throw error;
      deps.log.info({ code: error.code }, "a member's page refused");
      showSignIn(visit, { notice: shell.words.signIn.tokenInvalid });
      return;
    }
    const present = await sessions.find(of, browser.tokenOf(req, of));
    if (present !== null && present.member.id !== member.id) {
      res.redirect(303, `${shell.base}/sign-in/${await sessions.createLink(db, member)}`);
      return;
    }
    browser.signIn(res, of, await sessions.open(member, browser.tokenOf(req, of)));
    res.redirect(303, shell.base);
  }

  /** Mails a link to the member who has the address, if there is one. */
  async function mailLink({ shell }: Visit, address: string, send: QueueSignInLink): Promise<void> {
    const { coachId, mode } = pageOf(shell);
    const member = await db.member.findFirst({
      where: { coachId, mode, email: address, erasedAt: null },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    if (member === null) return;
    await db.$transaction(async (tx) => {
      const url = `${config.api.publicUrl}${shell.base}/sign-in/${await sessions.createLink(tx, member)}`;
      await send(tx, { member: { ...member, email: address }, url, language: shell.words.language });
    });
  }

  router.post(
    '/sign-in',
    page(async (visit) => {
      const { req, res, shell } = visit;
      const asked = browser.askedIn(req);
      if (queue === null || asked === null || !isOurForm(req, asked, ASKING)) {
        res.redirect(303, shell.base);
        return;
      }
      const typed = field(req, 'email').slice(0, 254);
      const parsed = emailAddress.safeParse(typed);
      if (!parsed.success) {
        showSignIn(visit, { email: typed, wrong: true });
        return;
      }
      const { coachId, mode } = pageOf(shell);
      // Before anybody is looked for: whom it counts is said to everybody alike.
      await limiter.take(res, 'sign_in_link', clientOf(req));
      await limiter.take(res, 'sign_in_link_to', `${coachId}/${mode}/${parsed.data}`);
      await limiter.take(res, 'sign_in_link_of_coach', `${coachId}/${mode}`);
      await Promise.all([mailLink(visit, parsed.data, queue), setTimeout(AS_LONG)]);
      sendLinkSent(res, shell, parsed.data);
    }),
  );

  const shownOn = (hash: string, member: Member, present: Member | null) => [
    'sign-in-by-link',
    hash,
    member.id,
    present?.id ?? '',
  ];
  /** The link of the address, whom it signs in and who is signed in; null: it has been answered. */
  async function linkOf({ req, res, shell }: Visit) {
    const of = pageOf(shell);
    await limiter.expectLeft(res, 'failed_sign_in', clientOf(req));
    const link = await sessions.findLink(of, String(req.params['token']));
    if (link === null) {
      await limiter.take(res, 'failed_sign_in', clientOf(req));
      sendDeadLink(res, shell);
      return null;
    }
    const present = (await sessions.find(of, browser.tokenOf(req, of)))?.member ?? null;
    return { member: link.member, present, shown: shownOn(link.hash, link.member, present) };
  }

  // Programs that look at links in mails use nothing up, and who is led here by somebody else reads as whom.
  router.get(
    '/sign-in/:token',
    page(async (visit) => {
      const link = await linkOf(visit);
      if (link === null) return;
      const { req, res, shell } = visit;
      askWhoSignsIn(res, shell, { ...link, token: formToken(browser.askIn(req, res), link.shown) });
    }),
  );
  router.post(
    '/sign-in/:token',
    page(async (visit) => {
      const { req, res, shell } = visit;
      const link = await linkOf(visit);
      if (link === null) return;
      const asked = browser.askedIn(req);
      if (asked === null || !isOurForm(req, asked, link.shown)) {
        res.redirect(303, req.originalUrl);
        return;
      }
      const of = pageOf(shell);
      const token = await sessions.openByLink(of, String(req.params['token']), browser.tokenOf(req, of));
      if (token === null) {
        sendDeadLink(res, shell);
        return;
      }
      browser.signIn(res, of, token);
      res.redirect(303, shell.base);
    }),
  );
  router.post(
    '/sign-out',
    press('sign-out', async ({ res, shell, session }) => {
      await sessions.close(session.token);
      browser.signOut(res, pageOf(shell));
      res.redirect(303, shell.base);
    }),
  );

  return { enterByToken, showSignIn };
}
