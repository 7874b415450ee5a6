import {
  type AssetDetail,
  type Attribute,
  attributeWords,
  type Evidence,
  type Hardening,
  type Lifecycle,
  type ReportDocument,
  type RiskRow,
  type Severity,
  severities,
} from '@wardline/model';
import { bars, counted, day, lead, list, onNewPage, pairs, plain, section, soft, table } from './blocks.ts';

export interface DeviceFacts {
  at: number;
  detail: AssetDetail;
  /** Null where no policy is in force. */
  zones: readonly string[] | null;
  hardening: Hardening;
  findings: readonly {
    title: string;
    severity: Severity;
    summary: string;
    since: string;
    evidence: readonly Evidence[];
  }[];
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
  /** The name of a kind of device, for people. */
  kindLabel: (id: string) => string;
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
          `${asset.name} has ${counted(findings.length, 'open finding')} and bears ${counted(risks.length, 'open risk')}. ${weaknessWords(affected, weaknesses.length - affected)}`,
        ),
        findings.length === 0
          ? null
          : bars(
              'Open findings by severity',
              severities.map((severity) => ({
                label: severityWords[severity],
                count: findings.filter((one) => one.severity === severity).length,
              })),
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
            one.verdict === 'unknown' ? 'not known' : one.verdict,
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

const weaknessWords = (affected: number, open: number): string =>
  affected + open === 0
    ? 'No known weakness was matched to it.'
    : `Of known weaknesses, ${affected} affect it, and of ${open} more it is not known.`;

const severityWords: Readonly<Record<(typeof severities)[number], string>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  info: 'note',
};

const sensitivityWords: Readonly<Record<string, string>> = {
  phi: 'holds or passes it on',
  'possible-phi': 'possibly',
  'no-phi': 'none',
};

/** A value as people say it: kinds and the sensitivity of data are kept by their ids. */
function valueWords({ kindLabel }: DeviceFacts, attribute: string, value: string): string {
  if (attribute === 'class') return kindLabel(value);
  if (attribute === 'dataSensitivity') return sensitivityWords[value] ?? value;
  return value;
}

function identity(facts: DeviceFacts): ReportDocument['sections'][number] {
  const { detail, statement } = facts;
  const { asset, observed, approved } = detail;
  const rows = Object.entries(observed).map(([name, conclusion]) => {
    const word = approved.find(({ attribute }) => attribute === name);
    return [
      attributeWords[name as Attribute] ?? name,
      word === undefined ? 'not yet' : valueWords(facts, name, word.value),
      conclusion.value === null ? 'unknown' : valueWords(facts, name, conclusion.value),
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
        one.ownerName ?? 'nobody yet',
        day(one.acceptedUntil ?? one.deadline) || 'no day set',
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

/** Attributes, and the names that a system goes by in clinical protocols. */
const claimWords: Readonly<Record<string, string>> = {
  ...attributeWords,
  aeTitle: 'DICOM AE title',
  implementationClassUid: 'DICOM implementation class UID',
  implementationVersion: 'DICOM implementation version',
  hl7Application: 'HL7 application',
  hl7Facility: 'HL7 facility',
};

/** `ward.pcap, packets 4, 7`: a capture once, with its packets. */
function packetWords(evidence: readonly Evidence[]): string {
  const captures = Map.groupBy(evidence, ({ capture }) => capture);
  return (
    [...captures]
      .map(
        ([capture, of]) =>
          `${capture}, packet${of.length === 1 ? '' : 's'} ${of.map(({ packet }) => packet).join(', ')}`,
      )
      .join('; ') || 'no packet of its own'
  );
}

/** Where each thing was seen: captures and packets. */
const appendix = (facts: DeviceFacts): ReportDocument['sections'][number] =>
  onNewPage(
    section(
      'Appendix: evidence',
      soft('Captures and packets by which it was concluded; each can be opened again in the capture itself.'),
      list(facts.findings.map(({ title, evidence }) => `${title}: ${packetWords(evidence)}`)),
      table(
        ['Claim', 'Value', 'From', 'Evidence'],
        facts.detail.claims.map((one) => [
          claimWords[one.attribute] ?? one.attribute,
          valueWords(facts, one.attribute, one.value),
          one.source,
          packetWords(one.evidence),
        ]),
        { none: 'No claim of an identity was seen.' },
      ),
    ),
  );
