import type { Examined, PolicyEffect, ReportDocument, VersionRow } from '@wardline/model';
import { day, lead, pairs, plain, section, table, warning } from './blocks.ts';
import { controlSection, evidenceAppendix, type Shown } from './evidence.ts';

export interface SegmentationFacts extends Shown {
  at: number;
  /** Null where no policy is in force. */
  inForce: {
    version: VersionRow;
    /** The policy's meaning for the assets as they are. */
    examined: Examined;
    /** What it does to everything that was recorded, worked out now. */
    effect: PolicyEffect;
    /** What compilers made of it and whether each was proved the same, over all packets. */
    proofs: readonly { target: string; proved: boolean; said: string }[];
  } | null;
  points: readonly {
    name: string;
    place: string;
    reported: string | null;
    kernel: string | null;
    version: string;
    drift: number;
  }[];
  lifeCritical: number;
}

/** Whether the network is cut as the policy says: what is declared, what is proved of it, what runs, and what traffic shows. */
export function segmentationProof(facts: SegmentationFacts): ReportDocument {
  const { at, inForce } = facts;
  return {
    kind: 'segmentation',
    title: 'Segmentation: what is declared, proved and seen',
    subject:
      inForce === null
        ? 'No policy is in force'
        : `Policy version ${inForce.version.number}, “${inForce.version.name}”`,
    at,
    sections: [
      summary(facts),
      ...(inForce === null ? [] : declared(inForce)),
      points(facts),
      controlSection('Controls that ask for it', facts),
      evidenceAppendix(facts),
    ],
  };
}

function summary({
  inForce,
  points: all,
  lifeCritical,
}: SegmentationFacts): ReportDocument['sections'][number] {
  if (inForce === null)
    return section(
      'Summary',
      warning('No policy of zones is in force. Nothing keeps devices apart that Wardline could prove.'),
    );
  const { version, examined, effect, proofs } = inForce;
  const proved = proofs.filter((one) => one.proved).length;
  const running = all.filter(({ kernel, drift }) => kernel === 'same' && drift === 0).length;
  const zoned = examined.zones.reduce((sum, zone) => sum + zone.lifeCritical, 0);
  return section(
    'Summary',
    lead(
      `${examined.zones.length} zones and ${examined.conduits.length} conduits are declared; ${zoned} of ${lifeCritical} life-critical devices are in a zone. For ${proved} of ${proofs.length} targets the compiled lists are proved to be the policy, over all packets. ${running} of ${all.length} enforcement points run it unchanged.`,
    ),
    pairs([
      ['Approved', `${day(version.decided)} by ${version.decidedByName ?? 'nobody'}`],
      ['Proposed', `${day(version.proposed)} by ${version.proposedByName}`],
      ['SHA-256 of its text', version.digest],
      [
        'Recorded conversations',
        `${effect.passes} pass, ${effect.watched} are watched, ${effect.cut} would be cut (${effect.cutLifeCritical} of life-critical devices)`,
      ],
      ['Devices in no zone', String(examined.unzoned)],
    ]),
  );
}

function declared({
  examined,
  proofs,
}: NonNullable<SegmentationFacts['inForce']>): ReportDocument['sections'] {
  return [
    section(
      'Zones',
      table(
        ['Zone', '#Devices', '#Life-critical', 'Addresses'],
        examined.zones.map((one) => [
          one.title === null ? one.name : `${one.name} (${one.title})`,
          String(one.assets),
          String(one.lifeCritical),
          one.addresses.join(', '),
        ]),
        { none: 'The policy declares no zone.' },
      ),
    ),
    section(
      'Conduits',
      table(
        ['Conduit', 'From', 'To', 'Services', 'Mode', 'Why'],
        examined.conduits.map((one) => [
          one.name,
          one.from.join(', '),
          one.to.join(', '),
          one.services.join(', '),
          one.mode,
          one.because ?? '',
        ]),
        { none: 'The policy declares no conduit.' },
      ),
    ),
    section(
      'What must always or never pass',
      table(
        ['Clause', 'Verdict', 'From', 'To', 'Services'],
        examined.musts.map((one) => [
          one.title,
          one.verdict,
          one.from.join(', '),
          one.to.join(', '),
          one.services.join(', '),
        ]),
        { none: 'The policy has no such clause.' },
      ),
      table(
        ['Exception', 'Until', 'Ended'],
        examined.exceptions.map((one) => [one.title, day(one.until), one.ended ? 'yes' : 'no']),
        { none: 'No exception is made.' },
      ),
    ),
    section(
      'Proof over all packets',
      plain(
        'Each compiled list is read back and compared with the policy as sets of packets: every combination of addresses, ports and protocols, not samples.',
      ),
      table(
        ['Target', 'Proved', 'What was found'],
        proofs.map((one) => [one.target, one.proved ? 'yes' : 'NO', one.said]),
        { none: 'No target was compiled.' },
      ),
    ),
  ];
}

const kernelWords: Readonly<Record<string, string>> = {
  same: 'runs it unchanged',
  changed: 'CHANGED BY SOMEBODY',
  missing: 'MISSING FROM THE KERNEL',
  none: 'runs none',
  foreign: 'runs another',
};

const points = ({ points: all }: SegmentationFacts): ReportDocument['sections'][number] =>
  section(
    'Enforcement points',
    table(
      ['Point', 'Place', 'State', 'Policy', '#Drift', 'Last report'],
      all.map((one) => [
        one.name,
        one.place,
        one.kernel === null ? 'never reported' : (kernelWords[one.kernel] ?? one.kernel),
        one.version,
        String(one.drift),
        one.reported === null ? 'never' : one.reported.slice(0, 16).replace('T', ' '),
      ]),
      {
        none: 'No enforcement point is known: what is declared is not enforced by anything that reports here.',
      },
    ),
  );
