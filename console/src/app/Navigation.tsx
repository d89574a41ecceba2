import { useClickOutside } from '@mantine/hooks';
import { Settings } from 'lucide-react';
import { useState } from 'react';
import { NavLink, useLocation } from 'react-router';
import { useTexts } from '../texts/texts';
import { type Entry, useNavigation } from './navigation';

/** As many as a phone's bar has room for beside the settings; the others are found above them there. */
const IN_BAR = 4;

/** Beside the page; on a phone a bar at its foot, whose settings open above it. */
export function Navigation() {
  const { app } = useTexts();
  const { pathname } = useLocation();
  // Where the settings were opened: whoever has gone elsewhere by them has closed them.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const close = () => setOpenAt(null);
  const nav = useClickOutside<HTMLElement>(close);
  const { main, settings } = useNavigation();
  const isOpen = openAt === pathname;
  const isHere = [...main.slice(IN_BAR), ...settings].some(({ to }) => pathname.startsWith(to));
  return (
    <nav
      className="frame-nav"
      aria-label={app.navigation}
      ref={nav}
      onKeyDown={({ key }) => {
        if (key === 'Escape') close();
      }}
    >
      <ul>
        {main.map((entry, at) => (
          <Item key={entry.to} entry={entry} className={at < IN_BAR ? '' : 'beside-only'} />
        ))}
        <li>
          <p className="group" id="nav-settings">
            {app.settings}
          </p>
          <button
            type="button"
            className="nav-more"
            aria-expanded={isOpen}
            aria-controls="nav-settings-list"
            data-here={isHere || undefined}
            onClick={() => setOpenAt(isOpen ? null : pathname)}
          >
            <Settings size={20} aria-hidden />
            {app.settings}
          </button>
          <ul
            id="nav-settings-list"
            aria-labelledby="nav-settings"
            data-open={isOpen || undefined}
            onClick={close}
          >
            {main.slice(IN_BAR).map((entry) => (
              <Item key={entry.to} entry={entry} className="bar-only" />
            ))}
            {settings.map((entry) => (
              <Item key={entry.to} entry={entry} />
            ))}
          </ul>
        </li>
      </ul>
    </nav>
  );
}

function Item({
  entry: { to, label, icon: Icon, end = false },
  className,
}: {
  entry: Entry;
  className?: string;
}) {
  return (
    <li className={className}>
      <NavLink to={to} end={end}>
        <Icon size={20} strokeWidth={1.75} aria-hidden />
        <span>{label}</span>
      </NavLink>
    </li>
  );
}
