import { Switch } from '@mantine/core';
import { useLocation, useNavigate } from 'react-router';
import type { Mode } from '../api/client';
import { useSession } from '../session/session';
import { useTexts } from '../texts/texts';
import { isMode, pathsOf, useMode } from './mode';

/** Where the same thing is found in the other mode: a list is there as well, one product or member is not. */
function sameIn(other: Mode, pathname: string): string {
  const [, mode, section, part] = pathname.split('/');
  const paths = pathsOf(other);
  if (!isMode(mode) || section === undefined) return paths.home;
  if (section === 'members') return paths.members;
  if (section === 'settings') return part === 'payments' ? paths.payments : paths.products;
  return paths.home;
}

/** Stripe's own switch: on in test mode. The mode is in the address, so two tabs may show both. */
export function ModeSwitch() {
  const texts = useTexts();
  const mode = useMode();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const { data: session } = useSession();
  const other: Mode = mode === 'test' ? 'live' : 'test';
  const change = () => {
    const to = sameIn(other, pathname);
    const isOpen = session?.modes.includes(other) ?? false;
    void navigate(isOpen ? to : `/sign-in?${new URLSearchParams({ next: to, mode: other, from: mode })}`);
  };
  return (
    <Switch
      label={texts.mode.label}
      checked={mode === 'test'}
      onChange={change}
      color="#c2410c"
      labelPosition="left"
      className="mode-switch"
    />
  );
}
