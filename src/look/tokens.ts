/**
 * The look in one place: the console, the purchase page, the return, the member's page and the mails take their colours
 * from here. Pairs that text is set in reach a contrast of 4.5 to 1 in both schemes (WCAG 2.2 AA, 1.4.3).
 */
export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];

const LIGHT = {
  /** Text, and text that matters less. */
  ink: '#1d2330',
  soft: '#545b64',
  /** What lies on the ground, and the ground. */
  card: '#ffffff',
  ground: '#f6f7f9',
  line: '#dfe3ea',
  hover: '#eceff4',
  /** What one presses, and what is written on it. */
  go: '#3b4fd8',
  onGo: '#ffffff',
  /** What is chosen, and what is written on it. */
  chosen: '#e4e8fb',
  onChosen: '#26348c',
  good: '#176a30',
  goodGround: '#e6f7ea',
  busy: '#1560a6',
  busyGround: '#e5f2fd',
  warn: '#8a3b00',
  warnGround: '#fff0e0',
  bad: '#b42318',
  badGround: '#fdeeec',
  quiet: '#3f4753',
  quietGround: '#eceff4',
  /** What passes by over the page. */
  over: '#1f2937',
};

export type Token = keyof typeof LIGHT;

const DARK: Record<Token, string> = {
  ink: '#eef1f6',
  soft: '#a5aec0',
  card: '#1c212b',
  ground: '#12151b',
  line: '#343b49',
  hover: '#272e3a',
  go: '#8ea0ff',
  onGo: '#10131f',
  chosen: '#2a3263',
  onChosen: '#ced6ff',
  good: '#84dfa0',
  goodGround: '#15341f',
  busy: '#9fd0ff',
  busyGround: '#12304b',
  warn: '#ffbf80',
  warnGround: '#41290f',
  bad: '#ff9f95',
  badGround: '#451d1a',
  quiet: '#cdd4e0',
  quietGround: '#2c3340',
  over: '#3a4252',
};

export const COLOURS: Record<Scheme, Record<Token, string>> = { light: LIGHT, dark: DARK };

/** Names as CSS writes them: `onGo` is `--on-go`. */
const nameOf = (token: string) => `--${token.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The custom properties of a scheme, by name. */
export function propertiesOf(scheme: Scheme): Record<string, string> {
  return Object.fromEntries(Object.entries(COLOURS[scheme]).map(([token, value]) => [nameOf(token), value]));
}

const declared = (scheme: Scheme) =>
  Object.entries(propertiesOf(scheme))
    .map(([name, value]) => `${name}:${value}`)
    .join(';');

/** The custom properties as a style sheet that goes by the reader's own scheme. */
export const STYLE_OF_SCHEMES = `:root{color-scheme:light dark;${declared('light')}}
@media(prefers-color-scheme:dark){:root{${declared('dark')}}}`;
