import {
  IconAffiliate,
  IconAlertTriangle,
  IconArrowsLeftRight,
  IconClipboardCheck,
  IconDevices,
  IconFileImport,
  IconHistory,
  IconHome,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { AppLink } from './AppLink.tsx';

interface Entry {
  href: string;
  label: string;
  icon: TablerIcon;
}

/** The sections that exist; one that does not exist yet is not shown. */
const sections: { title: string; entries: Entry[] }[] = [
  { title: 'Today', entries: [{ href: '/', label: 'Overview', icon: IconHome }] },
  {
    title: 'Assets',
    entries: [
      { href: '/assets', label: 'Assets', icon: IconDevices },
      { href: '/register', label: 'Register', icon: IconClipboardCheck },
    ],
  },
  {
    title: 'Network',
    entries: [
      { href: '/map', label: 'Map', icon: IconAffiliate },
      { href: '/conversations', label: 'Conversations', icon: IconArrowsLeftRight },
    ],
  },
  { title: 'Risk', entries: [{ href: '/findings', label: 'Findings', icon: IconAlertTriangle }] },
  { title: 'Proof', entries: [{ href: '/ledger', label: 'Ledger', icon: IconHistory }] },
  {
    title: 'Settings',
    entries: [
      { href: '/imports', label: 'Captures', icon: IconFileImport },
      { href: '/people', label: 'People', icon: IconUsers },
    ],
  },
];

export function Navigation() {
  const path = useLocation({ select: (location) => location.pathname });
  return (
    <nav className="shell-nav" aria-label="Sections">
      {sections.map((section) => (
        <div key={section.title} className="shell-section">
          <span className="shell-section-title">{section.title}</span>
          {section.entries.map((entry) => (
            <NavigationLink key={entry.href} entry={entry} current={isCurrent(entry.href, path)} />
          ))}
        </div>
      ))}
    </nav>
  );
}

function NavigationLink({ entry, current }: { entry: Entry; current: boolean }) {
  const Icon = entry.icon;
  return (
    <AppLink href={entry.href} className="shell-link" aria-current={current ? 'page' : undefined}>
      <Icon size={18} stroke={1.75} aria-hidden />
      {entry.label}
    </AppLink>
  );
}

function isCurrent(href: string, path: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}
