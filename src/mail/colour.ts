import { COLOURS } from '../look/tokens';

/** The colour of mails whose coach has chosen none. */
export const DEFAULT_COLOUR = '#3b4fd8';

/** How bright a colour is, from 0 to 1. https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Whether text of one colour can be read on another, both `#rrggbb`. https://www.w3.org/TR/WCAG22/#contrast-minimum */
function isReadableOn(background: string, ink: string): boolean {
  const [dark = 0, light = 0] = [luminance(background), luminance(ink)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05) >= 4.5;
}

/** The ink that can be read on a coach's colour: the light one where it can, else the dark one. */
export function inkOn(colour: string): string {
  const { light, dark } = COLOURS;
  return isReadableOn(colour, light.onGo) ? light.onGo : dark.onGo;
}
