import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';
import { COLOURS, propertiesOf, type Scheme, type Token } from '@look/tokens';

const { light, dark } = COLOURS;

/** From the lightest to the darkest; the last but one is what buttons have. */
const BRAND: MantineColorsTuple = [
  '#f2f4fe',
  light.chosen,
  '#ced6ff',
  '#b3bfff',
  dark.go,
  '#7285f5',
  '#5d70ea',
  '#4b5fe0',
  light.go,
  '#2f3fb0',
];

/** From the ink to the ground, where Mantine looks for them in the dark. https://mantine.dev/styles/css-variables-list/ */
const DARK: MantineColorsTuple = [
  dark.ink,
  '#d5dae4',
  dark.soft,
  '#98a2b5',
  '#4a5365',
  dark.line,
  '#232935',
  dark.card,
  dark.ground,
  '#0c0e13',
];

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 8,
  colors: { indigo: BRAND, dark: DARK },
  black: light.ink,
  defaultRadius: 'md',
  fontFamily: '"Figtree Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.75rem' }, h2: { fontSize: '1.2rem' }, h3: { fontSize: '1rem' } },
  },
  // A hint below its field, so that fields of one row stand in line.
  components: {
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] } },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** What Mantine's colours are in our words: a tag or a message in one of them is set in a pair that can be read. */
const TONES: Record<string, [ink: Token, ground: Token]> = {
  indigo: ['onChosen', 'chosen'],
  green: ['good', 'goodGround'],
  blue: ['busy', 'busyGround'],
  orange: ['warn', 'warnGround'],
  red: ['bad', 'badGround'],
  gray: ['quiet', 'quietGround'],
};

function variablesOf(scheme: Scheme): Record<string, string> {
  const colours = COLOURS[scheme];
  const tones = Object.entries(TONES).flatMap(([colour, [ink, ground]]) => [
    [`--mantine-color-${colour}-light`, colours[ground]],
    [`--mantine-color-${colour}-light-hover`, colours[ground]],
    [`--mantine-color-${colour}-light-color`, colours[ink]],
    [`--mantine-color-${colour}-outline`, colours[ink]],
  ]);
  return {
    ...propertiesOf(scheme),
    ...Object.fromEntries(tones),
    '--mantine-color-dimmed': colours.soft,
    '--mantine-color-error': colours.bad,
    '--mantine-color-anchor': scheme === 'light' ? '#3347b8' : '#a9b7ff',
    '--mantine-color-placeholder': scheme === 'light' ? '#6b7280' : '#98a2b5',
  };
}

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: variablesOf('light'),
  dark: variablesOf('dark'),
});
