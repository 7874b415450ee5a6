import type { AlertParty } from '@wardline/model';
import { type NumberedAlert, severityNumbers } from './numbered.ts';

/** The version of the Open Cybersecurity Schema Framework that is written. */
const OCSF_VERSION = '1.3.0';
const [CATEGORY, CLASS] = [2, 2004];
const [CREATE, UPDATE] = [1, 2];
const confidences = { high: 3, medium: 2, low: 1 } as const;
const millis = (micros: number): number => Math.floor(micros / 1000);

/** A state of an alert as an OCSF Detection Finding (2004). What is first told is created, what goes on is updated. */
export function ocsfFindingOf(
  { number, site, at, alert }: NumberedAlert,
  version: string,
): Record<string, unknown> {
  const activity = alert.count === 1 ? CREATE : UPDATE;
  return {
    category_uid: CATEGORY,
    class_uid: CLASS,
    activity_id: activity,
    type_uid: CLASS * 100 + activity,
    severity_id: severityNumbers[alert.severity].ocsf,
    confidence_id: confidences[alert.confidence],
    status_id: 1,
    time: millis(at),
    start_time: millis(alert.firstSeen),
    end_time: millis(alert.lastSeen),
    count: alert.count,
    message: alert.summary,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Wardline', vendor_name: 'Wardline', version },
      uid: `${alert.id}-${number}`,
      sequence: number,
    },
    finding_info: {
      uid: alert.id,
      title: alert.title,
      desc: alert.meaning,
      types: [alert.detection],
      first_seen_time: millis(alert.firstSeen),
      last_seen_time: millis(alert.lastSeen),
      ...(alert.technique === null ? {} : { attacks: [{ technique: { uid: alert.technique } }] }),
    },
    remediation: { desc: alert.advice },
    resources: alert.targets.map(resourceOf),
    evidences: [
      {
        ...(alert.actor === null ? {} : { src_endpoint: endpointOf(alert.actor) }),
        ...(alert.targets[0] === undefined
          ? {}
          : { dst_endpoint: { ...endpointOf(alert.targets[0]), ...portOf(alert) } }),
        data: { packets: alert.evidence },
      },
    ],
    unmapped: {
      site,
      harms: alert.harms,
      basis: alert.basis,
      targets: alert.targetCount,
      facts: alert.facts,
    },
  };
}

const resourceOf = (party: AlertParty) => ({
  uid: party.asset ?? party.key,
  name: party.name,
  type: party.classLabel ?? 'unknown',
  criticality: party.criticality,
});

const endpointOf = ({ asset, name, ip, mac }: AlertParty) => ({
  name,
  ...(asset === null ? {} : { uid: asset }),
  ...(ip === null ? {} : { ip }),
  ...(mac === null ? {} : { mac }),
});

const portOf = ({ service }: NumberedAlert['alert']) => ({
  ...(service?.port == null ? {} : { port: service.port }),
  ...(service?.application == null ? {} : { svc_name: service.application }),
});
