import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useTexts } from '../texts/texts';

interface CopyFieldProps {
  label: string;
  value: string;
  hint?: string;
  /** More than one line. */
  code?: boolean;
}

/** Something to take along: shown whole, selected with one click, copied with the button. */
export function CopyField({ label, value, hint, code = false }: CopyFieldProps) {
  const { common } = useTexts();
  const clipboard = useClipboard({ timeout: 3000 });
  const shared = {
    label,
    value,
    description: hint,
    readOnly: true,
    onFocus: (event: { currentTarget: { select(): void } }) => event.currentTarget.select(),
  };
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap" className="copy-field">
      {code ? (
        <Textarea {...shared} autosize minRows={2} classNames={{ input: 'mono' }} />
      ) : (
        <TextInput {...shared} />
      )}
      <Button variant="default" onClick={() => clipboard.copy(value)}>
        {clipboard.copied ? common.copied : common.copy}
        <span className="sr-only">{common.for(label)}</span>
      </Button>
      <span role="status" className="sr-only">
        {clipboard.copied ? common.copied : ''}
      </span>
    </Group>
  );
}
