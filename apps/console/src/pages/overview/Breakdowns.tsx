import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { queries } from '../../api/queries.ts';
import type { Criticality, Overview, Severity } from '../../api/types.ts';
import { count } from '../../format/number.ts';
import {
  applicationWord,
  criticalityWords,
  NO_APPLICATION,
  protectionStrength,
  protectionWord,
  registerWords,
  severityWords,
} from '../../format/words.ts';
import { AppLink } from '../../shell/AppLink.tsx';

interface Bar {
  key: string;
  label: string;
  value: number;
  href: string;
  look?: 'unknown' | 'ink' | 'warn' | 'good';
}

/** The counts behind the words; each bar leads to its list. */
export function Breakdowns({ overview }: { overview: Overview }) {
  return (
    <div className="breakdowns">
      <Bars title="Devices by function" bars={byFunction(overview)} />
      <Bars title="Devices by clinical criticality" bars={byCriticality(overview)} />
      <Bars title="Conversations by protection" bars={byProtection(overview)} />
      <Bars title="Conversations by application" bars={byApplication(overview)} />
      <Bars title="Against the register" bars={byRegister(overview)} none={<NoRegister />} />
      <Bars title="Findings by severity" bars={bySeverity(overview)} none="No finding." />
      <Bars title="Devices by VLAN" bars={byVlan(overview)} />
    </div>
  );
}

function NoRegister() {
  return (
    <>
      No register yet. <AppLink href="/register/import">Import the hospital’s register</AppLink> to compare
      it.
    </>
  );
}

function byFunction({ assets }: Overview): Bar[] {
  return assets.byGroup.map((entry) => ({
    key: entry.group,
    label: entry.label,
    value: entry.count,
    href: `/assets?group=${encodeURIComponent(entry.group)}`,
    ...(entry.group === 'unknown' ? { look: 'unknown' as const } : {}),
  }));
}

function byCriticality({ assets }: Overview): Bar[] {
  const order: Criticality[] = ['life-critical', 'high', 'medium', 'low', 'unknown'];
  return order.map((value) => ({
    key: value,
    label: criticalityWords[value],
    value: assets.byCriticality[value] ?? 0,
    href: `/assets?criticality=${value}`,
    ...(value === 'unknown'
      ? { look: 'unknown' as const }
      : value === 'life-critical'
        ? { look: 'ink' as const }
        : {}),
  }));
}

const protectionLook = { protected: 'good', outdated: 'warn', clear: 'warn', unknown: 'unknown' } as const;

function byProtection({ conversations }: Overview): Bar[] {
  return Object.entries(conversations.byProtection)
    .sort((a, b) => b[1] - a[1])
    .map(([value, number]) => ({
      key: value,
      label: protectionWord(value),
      value: number,
      href: `/conversations?protection=${value}`,
      look: protectionLook[protectionStrength(value)],
    }));
}

function byApplication({ conversations }: Overview): Bar[] {
  return conversations.byApplication.slice(0, 10).map((entry) => ({
    key: entry.application,
    label: applicationWord(entry.application),
    value: entry.count,
    href: `/conversations?application=${entry.application === 'unknown' ? NO_APPLICATION : encodeURIComponent(entry.application)}`,
    ...(entry.application === 'unknown' ? { look: 'unknown' as const } : {}),
  }));
}

function byRegister({ register, within }: Overview): Bar[] {
  if (register.entries === 0) return [];
  // Where a registered device is that nobody saw is not known, so that a part of the hospital has none to tell of.
  const states = ['matched', 'shadow', ...(within ? [] : ['missing' as const]), 'conflicting'] as const;
  return states.map((state) => ({
    key: state,
    label: registerWords[state] ?? state,
    value: register[state],
    href: `/register?state=${state}`,
    ...(state === 'matched' ? {} : { look: 'warn' as const }),
  }));
}

function bySeverity({ findings }: Overview): Bar[] {
  const order: Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
  return order
    .map((value) => ({
      key: value,
      label: severityWords[value],
      value: findings[value] ?? 0,
      href: `/findings?severity=${value}`,
    }))
    .filter((bar) => bar.value > 0);
}

function byVlan({ assets }: Overview): Bar[] {
  return assets.byVlan.slice(0, 12).map((entry) => ({
    key: String(entry.vlan),
    label:
      entry.vlan === null ? 'Untagged only' : entry.vlan === 0 ? 'Priority tag only' : `VLAN ${entry.vlan}`,
    value: entry.count,
    href: entry.vlan === null ? '/assets?vlan=none' : `/assets?vlan=${entry.vlan}`,
  }));
}

function Bars({ title, bars, none = 'Nothing seen.' }: { title: string; bars: Bar[]; none?: ReactNode }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <section className="card">
      <h2>{title}</h2>
      {bars.length === 0 && <p className="dim">{none}</p>}
      <ul className="plain-list bars">
        {bars.map((bar) => (
          <li key={bar.key}>
            <AppLink href={bar.href} className="bar">
              <span className="bar-label">{bar.label}</span>
              <span className="bar-track" aria-hidden>
                <i data-look={bar.look} style={{ width: `${(bar.value / most) * 100}%` }} />
              </span>
              <span className="bar-number">{count(bar.value)}</span>
            </AppLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The taxonomy's words for class and group ids. */
export function useTaxonomyWord(): (id: string) => string {
  const { data } = useQuery(queries.taxonomy());
  return (id) =>
    data?.classes.find((entry) => entry.id === id)?.label ??
    data?.groups.find((entry) => entry.id === id)?.label ??
    id;
}
