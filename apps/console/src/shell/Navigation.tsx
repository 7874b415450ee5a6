import {
  IconActivity,
  IconAffiliate,
  IconAlertTriangle,
  IconAntenna,
  IconArrowsLeftRight,
  IconBug,
  IconBuildingHospital,
  IconCalendarTime,
  IconCertificate,
  IconChecklist,
  IconClipboardCheck,
  IconClockHour4,
  IconCpu,
  IconDatabase,
  IconDevices,
  IconFileCertificate,
  IconFileImport,
  IconFileText,
  IconHistory,
  IconHome,
  IconKey,
  IconListCheck,
  IconListNumbers,
  IconLock,
  IconLockPassword,
  IconMessageReport,
  IconPackages,
  IconPencil,
  IconPower,
  IconRadar2,
  IconRecycle,
  IconRoute,
  IconSend,
  IconShieldBolt,
  IconShieldCheck,
  IconShoppingCart,
  IconSpeakerphone,
  IconSwords,
  IconTruckDelivery,
  IconUrgent,
  IconUserCheck,
  IconUsers,
  IconWall,
  IconWifi,
  type TablerIcon,
} from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { AppLink } from './AppLink.tsx';
import { useMay } from './permissions.ts';

interface Entry {
  href: string;
  label: string;
  icon: TablerIcon;
  /** Shown to those who may. */
  action: string;
}

/** The sections that exist; one that does not exist yet is not shown. */
const sections: { title: string; entries: Entry[] }[] = [
  { title: 'Today', entries: [{ href: '/', label: 'Overview', icon: IconHome, action: 'overview.read' }] },
  {
    title: 'Assets',
    entries: [
      { href: '/assets', label: 'Assets', icon: IconDevices, action: 'inventory.list' },
      { href: '/lifecycle', label: 'Lifecycle', icon: IconRecycle, action: 'lifecycle.list' },
      { href: '/recalls', label: 'Recalls', icon: IconSpeakerphone, action: 'recall.list' },
      { href: '/register', label: 'Register', icon: IconClipboardCheck, action: 'reconciliation.list' },
    ],
  },
  {
    title: 'Network',
    entries: [
      { href: '/map', label: 'Map', icon: IconAffiliate, action: 'network.map' },
      { href: '/conversations', label: 'Conversations', icon: IconArrowsLeftRight, action: 'network.list' },
      { href: '/wireless', label: 'Wireless', icon: IconAntenna, action: 'wireless.heard' },
      { href: '/segmentation', label: 'Segmentation', icon: IconWall, action: 'segmentation.list' },
      { href: '/enforcement', label: 'Enforcement', icon: IconShieldCheck, action: 'enforcement.list' },
    ],
  },
  {
    title: 'Risk',
    entries: [
      { href: '/risk-assessment', label: 'Risk assessment', icon: IconListNumbers, action: 'report.steps' },
      { href: '/risks', label: 'Risk register', icon: IconListCheck, action: 'risk.list' },
      { href: '/findings', label: 'Findings', icon: IconAlertTriangle, action: 'findings.list' },
      { href: '/vulnerabilities', label: 'Vulnerabilities', icon: IconBug, action: 'vulnerability.list' },
      { href: '/components', label: 'SBOM search', icon: IconPackages, action: 'component.search' },
      { href: '/plan', label: 'Patch plan', icon: IconCalendarTime, action: 'patch.plan' },
      { href: '/usage', label: 'Utilisation', icon: IconClockHour4, action: 'usage.list' },
      { href: '/threats', label: 'Threat models', icon: IconSwords, action: 'threat.list' },
      { href: '/attack-paths', label: 'Attack paths', icon: IconRoute, action: 'risk.paths' },
    ],
  },
  {
    title: 'Watch',
    entries: [
      { href: '/stories', label: 'Stories', icon: IconActivity, action: 'watch.list' },
      { href: '/incidents', label: 'Incidents', icon: IconUrgent, action: 'incident.list' },
      { href: '/rules', label: 'Rules of your own', icon: IconPencil, action: 'rule.list' },
      { href: '/watch', label: 'What is normal', icon: IconRadar2, action: 'watch.status' },
    ],
  },
  {
    title: 'Trust',
    entries: [
      { href: '/certificates', label: 'Certificates', icon: IconCertificate, action: 'trust.overview' },
      { href: '/enrolments', label: 'Enrolment', icon: IconUserCheck, action: 'enrolment.list' },
      { href: '/supplicants', label: 'Wi-Fi and 802.1X', icon: IconWifi, action: 'supplicant.readiness' },
      { href: '/boots', label: 'Attestation', icon: IconPower, action: 'boot.list' },
      { href: '/firmware', label: 'Firmware', icon: IconCpu, action: 'firmware.releases' },
      { href: '/secrets', label: 'Secrets', icon: IconLockPassword, action: 'secret.list' },
    ],
  },
  {
    title: 'Proof',
    entries: [
      { href: '/suppliers', label: 'Suppliers', icon: IconTruckDelivery, action: 'supplier.list' },
      { href: '/disclosures', label: 'Disclosure', icon: IconMessageReport, action: 'disclosure.list' },
      { href: '/products', label: 'Product files', icon: IconFileCertificate, action: 'product.list' },
      { href: '/purchases', label: 'Procurement', icon: IconShoppingCart, action: 'purchase.list' },
      { href: '/controls', label: 'Controls', icon: IconChecklist, action: 'compliance.controls' },
      { href: '/reports', label: 'Reports', icon: IconFileText, action: 'report.list' },
      { href: '/ledger', label: 'Ledger', icon: IconHistory, action: 'ledger.list' },
    ],
  },
  {
    title: 'Access',
    entries: [
      { href: '/access', label: 'Access requests', icon: IconKey, action: 'elevation.list' },
      { href: '/break-glass', label: 'Break-glass', icon: IconShieldBolt, action: 'emergency.status' },
    ],
  },
  {
    title: 'Settings',
    entries: [
      { href: '/sites', label: 'Sites', icon: IconBuildingHospital, action: 'site.list' },
      { href: '/receivers', label: 'Receivers of alerts', icon: IconSend, action: 'receiver.list' },
      { href: '/imports', label: 'Imports', icon: IconFileImport, action: 'import.list' },
      { href: '/people', label: 'People', icon: IconUsers, action: 'people.list' },
      { href: '/backups', label: 'Backups', icon: IconDatabase, action: 'backup.list' },
      { href: '/keys', label: 'Keys', icon: IconLock, action: 'key.list' },
    ],
  },
];

export function Navigation() {
  const path = useLocation({ select: (location) => location.pathname });
  const may = useMay();
  const shown = sections
    .map(({ title, entries }) => ({ title, entries: entries.filter(({ action }) => may(action)) }))
    .filter(({ entries }) => entries.length > 0);
  return (
    <nav className="shell-nav" aria-label="Sections">
      {shown.map((section) => (
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
