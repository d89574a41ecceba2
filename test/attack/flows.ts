import fc from 'fast-check';
import { atStripe, Browser, COACH_UI, CoachUi, decide, formOf } from '../support/coach-ui';
import { type AttackOptions, type Outcome, shareOf } from './attack';
import type { Stack } from './stack';

const EVIL = 'https://evil.example';
const SEQUENCES = 200;
const LONGEST = 14;

/** Somebody with a coach, a browser, a Stripe account of their own, and what has come to their eyes. */
interface Person {
  coach: CoachUi;
  browser: Browser;
  account: string;
  site: string;
  /** Addresses that anybody may be lured to, or has been at. */
  addresses: URL[];
  /** Tokens that came to their site. */
  tokens: string[];
  /** Who is signed in to the console in their browser, as far as they have clicked. */
  signedInAs: string | null;
}

interface World {
  stack: Stack;
  victim: Person;
  attacker: Person;
}

export interface FlowOptions extends AttackOptions {
  /** False where the product has a hole on that way. */
  expectOwnWay?: boolean;
}

type Step = [keyof typeof STEPS, number];

/** What the two do, in any order. The attacker does whatever they can; the victim says yes to their own coach alone. */
const STEPS = {
  'the attacker asks for a link': async ({ attacker }) => {
    attacker.addresses.push(new URL(await attacker.coach.connectLink(`${attacker.site}/back`)));
  },
  'the victim asks for a link': async ({ victim }) => {
    victim.addresses.push(new URL(await victim.coach.connectLink(`${victim.site}/back`)));
  },
  'the victim goes on': ({ victim }, pick) => goOn(victim, latest(victim.addresses, pick), isOwn(victim)),
  'the attacker goes on': ({ attacker }, pick) =>
    goOn(attacker, latest(attacker.addresses, pick), () => true),
  'the victim is lured': ({ victim, attacker }, pick) =>
    goOn(victim, latest(attacker.addresses, pick), isOwn(victim)),
  'the attacker follows an address of the victim’s that leaked': ({ victim, attacker }, pick) =>
    goOn(attacker, latest(victim.addresses, pick), () => true),
  'the attacker confirms': ({ attacker }, pick) => confirm(attacker, latest(attacker.tokens, pick)),
  'the victim confirms': ({ victim }, pick) => confirm(victim, latest(victim.tokens, pick)),
  'the victim’s coach is handed the attacker’s token': ({ victim, attacker }, pick) =>
    confirm(victim, latest(attacker.tokens, pick)),
  'the attacker gets a sign-in link': async ({ stack, attacker }) => {
    attacker.addresses.push(await signInLink(stack, attacker));
  },
  'the victim gets a sign-in link': async ({ stack, victim }) => {
    victim.addresses.push(await signInLink(stack, victim));
  },
  'the attacker’s page makes the victim’s browser send a form': async ({ victim, attacker }, pick) => {
    const address = latest(attacker.addresses, pick);
    if (address === undefined || !isOurs(address, victim)) return;
    const fields = { decision: 'connect', token: 'A'.repeat(43) };
    await victim.browser.post(address, fields, { origin: EVIL, 'sec-fetch-site': 'cross-site' });
  },
} satisfies Record<string, (world: World, pick: number) => Promise<void>>;

const latest = <T>(things: readonly T[], pick: number): T | undefined =>
  things.at(-1 - (pick % (things.length || 1)));

/** The victim reads a page, and says yes only where it names their own coach. */
const isOwn = (victim: Person) => (page: string) => page.includes(victim.coach.coachId);

const isOurs = (address: URL, { coach }: Person) => address.origin === new URL(coach.rig.api).origin;

/** One step on the way: opens an address, answers what is asked there, and notes where it leads. */
async function goOn(
  person: Person,
  address: URL | undefined,
  saysYes: (page: string) => boolean,
): Promise<void> {
  if (address === undefined) return;
  const { browser } = person;
  if (address.pathname.startsWith('/oauth/')) {
    note(person, await decide(browser, address, { action: 'approve', account: person.account }));
    return;
  }
  if (!isOurs(address, person)) return;
  if (address.pathname.startsWith('/connect/start/')) {
    const page = await atStripe(browser, address.href).catch(() => null);
    if (page !== null) note(person, page);
    return;
  }
  const page = await browser.get(address);
  if (page.status !== 200) return note(person, locationOf(page));
  const text = await page.text();
  if (!text.includes('name="token"')) return;
  const isSignIn = address.pathname.startsWith('/console/sign-in/');
  const yes = saysYes(text);
  if (!yes && isSignIn) return;
  const { action, token } = formOf(text);
  const answer = await browser.post(
    new URL(action, page.url),
    { token, decision: yes ? 'connect' : 'stop' },
    { 'sec-fetch-site': 'same-origin' },
  );
  if (isSignIn) person.signedInAs = await whoIsSignedIn(person);
  else note(person, locationOf(answer));
}

function locationOf(answer: Response): URL | null {
  const location = answer.headers.get('location');
  return location === null ? null : new URL(location, answer.url);
}

/** An address of a site of theirs has been read by its owner; of any other, it is where the browser goes next. */
function note(person: Person, address: URL | null): void {
  if (address === null) return;
  const token = address.searchParams.get('connection_token');
  if (token === null) person.addresses.push(address);
  else TOKENS.get(address.origin)?.tokens.push(token);
}
/** Whose site is at an origin; each sequence fills it anew. */
const TOKENS = new Map<string, Person>();

async function confirm({ coach }: Person, token: string | undefined): Promise<void> {
  if (token !== undefined) await coach.confirm(token);
}

async function signInLink(stack: Stack, { coach }: Person): Promise<URL> {
  const response = await fetch(`${stack.api}/v1/coaches/${coach.coachId}/console-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.config.platformKey}` },
  });
  return new URL(((await response.json()) as { url: string }).url);
}

async function whoIsSignedIn({ coach, browser }: Person): Promise<string | null> {
  const answer = await browser.get(`${coach.rig.api}/console/api/session`);
  if (answer.status !== 200) return null;
  return ((await answer.json()) as { coach: { id: string } }).coach.id;
}

async function newPerson(stack: Stack, site: string): Promise<Person> {
  const coach = await CoachUi.open(stack);
  await coach.call('PUT', '/v1/settings', { origins: [site] });
  const account = await stack.stripeSide.newAccount({ verified: true });
  const person = {
    coach,
    browser: new Browser(),
    account,
    site,
    addresses: [],
    tokens: [],
    signedInAs: null,
  };
  TOKENS.set(site, person);
  return person;
}

/** What must not have happened to the victim; null: nothing has. */
async function hijackOf({ victim, attacker }: World): Promise<string | null> {
  const [ofAttacker, ofVictim] = [await attacker.coach.connection(), await victim.coach.connection()];
  if (ofAttacker.accountId === victim.account)
    return 'the victim’s account is connected to the attacker’s coach';
  if (ofVictim.accountId === attacker.account)
    return 'the attacker’s account is connected to the victim’s coach';
  const present = await whoIsSignedIn(victim);
  if (present !== victim.signedInAs)
    return `the victim’s browser is signed in as ${present ?? 'nobody'}, without a click`;
  if (present === attacker.coach.coachId) return 'the victim is signed in as the attacker’s coach';
  return null;
}

const newWorld = async (stack: Stack): Promise<World> => ({
  stack,
  victim: await newPerson(stack, COACH_UI),
  attacker: await newPerson(stack, EVIL),
});

/** Plays one sequence; null: nobody was hijacked. */
async function play(world: World, steps: readonly Step[]): Promise<string | null> {
  for (const [name, pick] of steps) {
    await STEPS[name](world, pick);
    const hijack = await hijackOf(world);
    if (hijack !== null) return `${hijack}, after ${name}`;
  }
  return null;
}

const sequence = fc.array(
  fc.tuple(fc.constantFrom(...(Object.keys(STEPS) as Step[0][])), fc.nat({ max: 3 })),
  { minLength: 4, maxLength: LONGEST },
);

/** The ways on which the victim is led to the end if nothing stops it: to connect, and to sign in. */
const LURED: readonly (readonly Step[])[] = [
  [
    ['the attacker asks for a link', 0],
    ['the victim is lured', 0],
    ['the victim goes on', 0],
    ['the victim goes on', 0],
    ['the victim goes on', 0],
    ['the attacker confirms', 0],
  ],
  [
    ['the victim gets a sign-in link', 0],
    ['the victim goes on', 0],
    ['the attacker gets a sign-in link', 0],
    ['the victim is lured', 0],
  ],
];

/** What the victim wants themselves. */
const OWN_WAY: readonly Step[] = [
  ['the victim asks for a link', 0],
  ['the victim goes on', 0],
  ['the victim goes on', 0],
  ['the victim goes on', 0],
  ['the victim goes on', 0],
  ['the victim confirms', 0],
  ['the victim gets a sign-in link', 0],
  ['the victim goes on', 0],
];

/** @throws Error where the victim does not get through by themselves: then nobody's failing to proves anything. */
async function expectOwnWay(stack: Stack): Promise<void> {
  const world = await newWorld(stack);
  const hijack = await play(world, OWN_WAY);
  const { victim } = world;
  const { accountId } = await victim.coach.connection();
  if (hijack === null && accountId === victim.account && victim.signedInAs === victim.coach.coachId) return;
  throw new Error(
    `The victim’s own way leads elsewhere: ${hijack ?? ''} ${accountId ?? 'not connected'}, ${victim.signedInAs ?? 'not signed in'}`,
  );
}

/**
 * Connecting and signing in as state machines: two coaches, two browsers, and any order of what each does. Hijacked is a
 * sequence after which the victim's account is the attacker's coach's, the attacker's the victim's, or a session of the
 * victim's browser is another than they have clicked for.
 */
export async function attackFlows(stack: Stack, options: FlowOptions): Promise<Outcome> {
  const sequences = [
    ...LURED,
    ...fc.sample(sequence, { seed: options.seed, numRuns: shareOf(SEQUENCES, options) }),
  ];
  if (options.expectOwnWay !== false) await expectOwnWay(stack);
  const opened: string[] = [];
  for (const [at, steps] of sequences.entries()) {
    const hijack = await play(await newWorld(stack), steps as Step[]);
    if (hijack !== null) opened.push(`${hijack}: ${JSON.stringify(steps)}`);
    if (at % 20 === 19) options.progress(`flows: ${at + 1} of ${sequences.length} sequences`);
  }
  return { figures: { sequences: sequences.length, hijacked: opened.length }, opened };
}
