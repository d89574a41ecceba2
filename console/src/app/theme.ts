import { createTheme, type CSSVariablesResolver, defaultVariantColorsResolver } from '@mantine/core';

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
  cursorType: 'pointer',
  respectReducedMotion: true,
  variantColorResolver(input) {
    const colors = defaultVariantColorsResolver(input);
    if (input.variant !== 'light') return colors;
    const color = input.color ?? 'indigo';
    return {
      ...colors,
      background: `var(--mantine-color-${color}-0)`,
      color: color === 'orange' ? '#a33c00' : `var(--mantine-color-${color}-9)`,
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
    '--mantine-color-anchor': '#3347b8',
  },
  dark: {},
});
