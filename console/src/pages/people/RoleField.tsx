import { NativeSelect } from '@mantine/core';
import { usePageTexts } from '../../texts/texts';
import { type Role, roleOf, ROLES } from './roles';
import { PEOPLE } from './texts';

interface RoleFieldProps {
  value: Role;
  onChange: (role: Role) => void;
  error?: string | undefined;
}

/** Chooses a role, and says what it means. */
export function RoleField({ value, onChange, error }: RoleFieldProps) {
  const words = usePageTexts(PEOPLE);
  return (
    <NativeSelect
      label={words.role}
      description={words.roleHints[value]}
      value={value}
      error={error}
      onChange={(event) => onChange(roleOf(event.currentTarget.value))}
      data={ROLES.map((role) => ({ value: role, label: words.roles[role] }))}
    />
  );
}
