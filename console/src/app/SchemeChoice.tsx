import { type MantineColorScheme, NativeSelect, useMantineColorScheme } from '@mantine/core';
import { useTexts } from '../texts/texts';

const SCHEMES: MantineColorScheme[] = ['auto', 'light', 'dark'];

/** Light, dark, or as the system is. */
export function SchemeChoice() {
  const { scheme } = useTexts();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <NativeSelect
      aria-label={scheme.label}
      value={colorScheme}
      onChange={(event) => setColorScheme(event.currentTarget.value as MantineColorScheme)}
      data={SCHEMES.map((value) => ({ value, label: scheme[value] }))}
    />
  );
}
