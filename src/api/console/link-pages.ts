import type { Response } from 'express';
import type { Coach } from '../../db/generated/client';
import type { Language } from '../../domain/language';
import { html, type Html, sendPage } from '../../html';
import type { Session } from './sessions';

/** A link that somebody opened, and whom it signs in: a coach, or a person with all their coaches. */
export interface OpenedLink {
  hash: string;
  coaches: Pick<Coach, 'id' | 'name'>[];
  user: { id: string; email: string } | null;
}

/** What the question holds for: the link, whom it names, and who was signed in when it was asked. */
export const shownOn = ({ hash, coaches, user }: OpenedLink, present: Session | null): string[] => [
  'sign-in',
  hash,
  user?.id ?? '',
  ...coaches.flatMap(({ id, name }) => [id, name]),
  present?.id ?? '',
];

/** Letters that turn the writing direction stay inside the name. */
const nameOf = (name: string): Html => html`<strong><bdi>${name}</bdi></strong>`;

/** Who is signed in, as they know themselves. */
const whoIs = ({ user, coaches }: Session): string => user?.email ?? coaches[0]?.name ?? '';

/** Asks whether this browser is to be signed in, and as whom. */
export function askWhoSignsIn(
  res: Response,
  asked: { link: OpenedLink; present: Session | null; action: string; token: string; language: Language },
): void {
  const { link, present, action, token } = asked;
  const [coach] = link.coaches;
  const who = link.user?.email ?? coach?.name ?? '';
  // The platform's links are in its own language, and lead to a coach who has chosen none yet.
  const language = link.user === null ? 'en' : asked.language;
  const words = WORDS[language];
  const isSame =
    link.user === null
      ? present?.user === null && present.coaches[0]?.id === coach?.id
      : present?.user?.id === link.user.id;
  const isOther = present !== null && !isSame;
  sendPage(res, {
    title: words.title(who),
    language,
    body: html`<p class="soft">${link.user === null ? coach?.id : 'Session'}</p>
      <h1>${words.heading(nameOf(who))}</h1>
      ${isOther && html`<p role="note">${words.isOther(nameOf(whoIs(present)))}</p>`}
      ${link.user === null ? aboutCoach(who) : words.aboutPerson(namesOf(link.coaches))}
      <form method="post" action="${action}" class="guarded">
        <input type="hidden" name="token" value="${token}" />
        <button>${words.yes(nameOf(who))}</button>
      </form>
      <p class="soft">${words.once}</p>`,
  });
}

const namesOf = (coaches: OpenedLink['coaches']): Html =>
  html`${coaches.map(({ name }, index) => html`${index > 0 ? ', ' : ''}${nameOf(name)}`)}`;

const en = {
  title: (who: string) => `Sign in as ${who}?`,
  heading: (who: Html) => html`Sign in as ${who}?`,
  isOther: (who: Html) => html`You are signed in as ${who} now. That ends in this browser.`,
  yes: (who: Html) => html`Yes, sign in as ${who}`,
  once: 'The link works once.',
  aboutPerson: (coaches: Html) =>
    html`<p>Then this browser works in the console of ${coaches}.</p>
      <p role="note">
        <strong>Is this not your own address,</strong> or did you not ask for this link? Then close this page.
      </p>`,
};

const de: typeof en = {
  title: (who) => `Als ${who} anmelden?`,
  heading: (who) => html`Als ${who} anmelden?`,
  isOther: (who) => html`Sie sind jetzt als ${who} angemeldet. Das endet in diesem Browser.`,
  yes: (who) => html`Ja, als ${who} anmelden`,
  once: 'Der Link gilt einmal.',
  aboutPerson: (coaches) =>
    html`<p>Dann arbeitet dieser Browser in der Konsole von ${coaches}.</p>
      <p role="note">
        <strong>Ist das nicht Ihre eigene Adresse,</strong> oder haben Sie diesen Link nicht angefordert? Dann
        schließen Sie diese Seite.
      </p>`,
};

const WORDS: Record<Language, typeof en> = { en, de };

const aboutCoach = (name: string): Html =>
  html`<p>
      Then this browser works in the console of ${nameOf(name)}: whatever you set up there, a Stripe account
      too, is theirs.
    </p>
    <p role="note">
      <strong>Did somebody else send you this link?</strong> Then close this page, unless ${nameOf(name)} is
      your own business or you work for it.
    </p>`;

/** A link that is used up, over or unknown. */
export function sendDeadEnd(res: Response, present: Session | null): void {
  const title = 'This link does not work any more';
  sendPage(res, {
    title,
    status: 400,
    body: html`<h1>${title}</h1>
      <p>It can be used once, and only for a short time.</p>
      ${
        present === null
          ? html`<p>
              Ask for a new one where you got it, or sign in with an API key. After <code>npm start</code>,
              the keys are printed below the link, and starting again prints a new link.
            </p>`
          : html`<p>You are signed in already, as ${whoIs(present)}.</p>`
      }
      <a class="button" href="/console"
        >${present === null ? 'Sign in with an API key' : 'Open the console'}</a
      >`,
  });
}
