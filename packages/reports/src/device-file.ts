import type { AssetDetail, Hardening, Lifecycle, ReportDocument, RiskRow } from '@wardline/model';
import { counted, day, lead, list, onNewPage, pairs, plain, section, soft, table } from './blocks.ts';

export interface DeviceFacts {
  at: number;
  detail: AssetDetail;
  /** Null where no policy is in force. */
  zones: readonly string[] | null;
  hardening: Hardening;
  findings: readonly { title: string; severity: string; summary: string; since: string; evidence: string }[];
  weaknesses: readonly { id: string; title: string; verdict: string; reason: string; exploited: boolean }[];
  risks: readonly RiskRow[];
  measures: readonly { risk: string; text: string; verified: string | null; until: string | null }[];
  lifecycle: Lifecycle;
  peers: readonly {
    name: string;
    applications: readonly string[];
    protections: readonly string[];
    lastSeen: string;
  }[];
  /** The latest first. */
  history: readonly { at: string; title: string; detail: string | null }[];
  /** A form of its maker that is held; null where none is. */
  statement: string | null;
}

/** Everything that is known of one device's security, for whoever takes it over, insures it or investigates it. */
export function deviceFile(facts: DeviceFacts): ReportDocument {
  const { at, detail, findings, weaknesses, risks } = facts;
  const { asset } = detail;
  const affected = weaknesses.filter(({ verdict }) => verdict === 'affected').length;
  return {
    kind: 'device-file',
    title: `Device security file: ${asset.name}`,
    subject: `Asset ${asset.id}`,
    at,
    sections: [
      section(
        'Summary',
        lead(
          `${asset.name} has ${counted(findings.length, 'open finding')} and bears ${counted(risks.length, 'open risk')}. Of known weaknesses, ${affected} affect it, and of ${weaknesses.length - affected} more it is not known.`,
        ),
      ),
      identity(facts),
      posture(facts),
      section(
        'Known weaknesses',
        table(
          ['Weakness', 'Verdict', 'Used by attackers', 'Why'],
          weaknesses.map((one) => [
            `${one.id} ${one.title}`,
            one.verdict,
            one.exploited ? 'yes' : 'not known',
            one.reason,
          ]),
          { none: 'No advisory that was read speaks of it. That is no proof that it has none.' },
        ),
      ),
      riskSection(facts),
      network(facts),
      lifecycle(facts),
      onNewPage(
        section(
          'History',
          table(
            ['When', 'What'],
            facts.history.map((one) => [
              one.at.slice(0, 16).replace('T', ' '),
              one.detail === null ? one.title : `${one.title}: ${one.detail}`,
            ]),
            { none: 'Nothing is recorded.' },
          ),
        ),
      ),
      appendix(facts),
    ],
  };
}

const attributeWords: Readonly<Record<string, string>> = {
  vendor: 'Maker',
  family: 'Family',
  model: 'Model',
  serial: 'Serial number',
  software: 'Software',
  os: 'System',
  class: 'Kind',
  criticality: 'Criticality',
  dataSensitivity: 'Patient data',
  location: 'Place',
};

function identity({ detail, statement }: DeviceFacts): ReportDocument['sections'][number] {
  const { asset, observed, approved } = detail;
  const rows = Object.entries(observed).map(([name, conclusion]) => {
    const word = approved.find(({ attribute }) => attribute === name);
    const seen = conclusion.value ?? 'unknown';
    return [
      attributeWords[name] ?? name,
      word === undefined ? '' : word.value,
      seen,
      conclusion.value === null ? '' : `${Math.round(conclusion.confidence * 100)} %`,
      conclusion.reason,
    ];
  });
  return section(
    'Identity',
    pairs([
      ['Addresses', [...asset.ips, ...asset.macs].join(', ') || 'none seen'],
      ['First and last seen', `${day(asset.firstSeen)} to ${day(asset.lastSeen)}`],
      ['Maker’s security statement (MDS2)', statement ?? 'none is held'],
    ]),
    table(['What', 'Approved by a person', 'Observed', '#Confidence', 'By'], rows, {
      none: 'Nothing is known.',
    }),
  );
}

function posture({ findings, hardening }: DeviceFacts): ReportDocument['sections'][number] {
  const { baseline, items } = hardening;
  return section(
    'Posture',
    table(
      ['Severity', 'Finding', 'What was seen', 'Since'],
      findings.map((one) => [one.severity, one.title, one.summary, day(one.since)]),
      { none: 'No finding is open.' },
    ),
    baseline === null
      ? plain('No baseline applies: its kind is not known, or has none.')
      : table(
          [`Baseline: ${baseline.label}`, 'Answer', 'Why'],
          items.map((one) => [one.title, one.answer, one.reason]),
          { none: 'The baseline asks nothing.' },
        ),
  );
}

const span = ({ from, to }: RiskRow['patient']): string => (from === to ? to : `${from} to ${to}`);

const riskSection = ({ risks, measures }: DeviceFacts): ReportDocument['sections'][number] =>
  section(
    'Risks and what is done',
    table(
      ['Risk', 'Patients', 'Privacy', 'Operations', 'State', 'Owner', 'Until'],
      risks.map((one) => [
        one.kind === 'weakness' ? one.source : one.title,
        span(one.patient),
        span(one.privacy),
        span(one.operations),
        one.state,
        one.ownerName ?? '',
        day(one.acceptedUntil ?? one.deadline),
      ]),
      { none: 'No risk is open.' },
    ),
    table(
      ['Measure', 'On', 'Verified', 'Holds until'],
      measures.map((one) => [one.text, one.risk, day(one.verified) || 'not verified', day(one.until)]),
      { none: 'No compensating measure is named.' },
    ),
  );

const network = ({ zones, peers }: DeviceFacts): ReportDocument['sections'][number] =>
  section(
    'On the network',
    plain(
      zones === null
        ? 'No policy of zones is in force.'
        : zones.length === 0
          ? 'It is in no zone of the policy in force.'
          : `Zones of the policy in force: ${zones.join(', ')}.`,
    ),
    table(
      ['Talks with', 'By', 'Protection', 'Last'],
      peers.map((one) => [
        one.name,
        one.applications.join(', '),
        one.protections.join(', '),
        day(one.lastSeen),
      ]),
      { none: 'No conversation of it was recorded.' },
    ),
  );

const lifecycle = ({ lifecycle: of }: DeviceFacts): ReportDocument['sections'][number] =>
  section(
    'Life',
    pairs([
      ['State', of.since === null ? of.state : `${of.state} since ${day(of.since)}`],
      ['UDI', of.udi === null ? 'not known' : `${of.udi.agency} ${of.udi.device}`],
    ]),
    table(
      ['Checklist', 'Answer', 'Why'],
      of.checks.map((one) => [one.title, one.answer, one.reason]),
      { none: 'Nothing is asked of it.' },
    ),
  );

/** Where each thing was seen: captures and packets. */
const appendix = ({ detail, findings }: DeviceFacts): ReportDocument['sections'][number] =>
  onNewPage(
    section(
      'Appendix: evidence',
      soft('Captures and packets by which it was concluded; each can be opened again in the capture itself.'),
      list(findings.map(({ title, evidence }) => `${title}: ${evidence}`)),
      table(
        ['Claim', 'Value', 'From', 'Evidence'],
        detail.claims.map((one) => [
          one.attribute,
          one.value,
          one.source,
          one.evidence.map(({ capture, packet }) => `${capture}, packet ${packet}`).join('; '),
        ]),
        { none: 'No claim of an identity was seen.' },
      ),
    ),
  );
