import { createTheme, type CSSVariablesResolver, defaultVariantColorsResolver } from '@mantine/core';

/** Where the palette's darkest is too light for small text. */
const DARK: Record<string, string> = { orange: '#a33c00', green: '#176a30', red: '#b42318' };

/** Colours are chosen so that every text reaches a contrast of 4.5 to 1 (WCAG 2.2 AA). */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 8,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
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
  variantColorResolver(input) {
    const colors = defaultVariantColorsResolver(input);
    if (input.variant !== 'light') return colors;
    const color = input.color ?? 'indigo';
    return {
      ...colors,
      background: `var(--mantine-color-${color}-0)`,
      color: DARK[color] ?? `var(--mantine-color-${color}-9)`,
      border: '1px solid transparent',
    };
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#545b64',
    '--mantine-color-placeholder': '#6b7280',
    '--mantine-color-error': '#b42318',
    // Buttons with an outline stand on the page's own grey too.
    '--mantine-color-red-outline': '#b42318',
    '--mantine-color-anchor': '#3347b8',
  },
  dark: {},
});
