import {
  ChartColumn,
  CreditCard,
  House,
  Link2,
  type LucideIcon,
  Mail,
  MonitorSmartphone,
  Package,
  Receipt,
  ScrollText,
  TicketPercent,
  Undo2,
  UserCog,
  Users,
  Webhook,
} from 'lucide-react';
import { useSession } from '../session/session';
import { useTexts } from '../texts/texts';
import { useMode, usePaths } from './mode';

export interface Entry {
  to: string;
  label: string;
  icon: LucideIcon;
  /** Only this address, and none below it. */
  end?: boolean;
}

/** Where whoever is signed in can go, in the order of the navigation: for it and for the search. */
export function useNavigation(): { main: Entry[]; settings: Entry[] } {
  const { app } = useTexts();
  const paths = usePaths();
  const mode = useMode();
  const { data: session } = useSession();
  const isOwner = session?.roles[mode] === 'owner';
  const ofOwners: Entry[] = [
    { to: paths.people, label: app.people, icon: UserCog },
    { to: paths.audit, label: app.audit, icon: ScrollText },
  ];
  return {
    main: [
      { to: paths.home, label: app.home, icon: House, end: true },
      { to: paths.members, label: app.members, icon: Users },
      { to: paths.sales, label: app.sales, icon: Receipt },
      { to: paths.figures, label: app.figures, icon: ChartColumn },
      { to: paths.withdrawals, label: app.withdrawals, icon: Undo2 },
    ],
    settings: [
      { to: paths.payments, label: app.payments, icon: CreditCard },
      { to: paths.products, label: app.products, icon: Package },
      { to: paths.coupons, label: app.coupons, icon: TicketPercent },
      ...(isOwner ? [{ to: paths.links, label: app.links, icon: Link2 }] : []),
      { to: paths.webhooks, label: app.webhooks, icon: Webhook },
      { to: paths.mails, label: app.mails, icon: Mail },
      ...(isOwner ? ofOwners : []),
      { to: paths.browsers, label: app.browsers, icon: MonitorSmartphone },
    ],
  };
}
