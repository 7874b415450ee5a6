import type {
  AssetExposure,
  HarmSeverity,
  HazardKind,
  HazardousSituation,
  Threat,
  ThreatStanding,
} from '@wardline/model';

/** Something that was seen at an asset and shows that a threat is possible. */
export interface ThreatGround {
  kind: 'finding' | 'weakness';
  /** The finding's rule, or the weakness. */
  source: string;
  title: string;
  /** The risk of the register that it belongs to; null where it was not scored yet. */
  risk: string | null;
  /** `unknown`: the asset may have the weakness. */
  presence: 'affected' | 'unknown';
  /** When it was first known. */
  since: number;
  /** A control on its risk is verified and holds. */
  isCompensated: boolean;
}

/** A control against a threat, or why the threat is none here; it counts only while somebody else's look at it holds. */
export interface ThreatAnswer {
  id: string;
  threat: string;
  text: string;
  verification: { evidence: string; at: number; until: number } | null;
}

/** What is open to others at a service. */
export interface OfferedService {
  transport: string;
  port: number | null;
  application: string | null;
}

/** An asset as threats are weighed at it. */
export interface ThreatSubject {
  deviceClass: string | null;
  dataSensitivity: Threat['data'][number];
  hazards: Readonly<Record<HazardKind, HazardousSituation>> | null;
  services: readonly OfferedService[];
  /** Kinds of facts that were seen of it, as `wifi.network`. */
  facts: ReadonlySet<string>;
  exposure: AssetExposure | null;
  grounds: readonly ThreatGround[];
  answers: readonly ThreatAnswer[];
}

/** What passes between two assets over one service. */
export interface ThreatFlow {
  application: string | null;
  /** Every protection that was seen on it. */
  protections: readonly string[];
  /** How the server is reached; null where that was not worked out. */
  exposure: AssetExposure | null;
  /** What was seen at the service that answers. */
  grounds: readonly ThreatGround[];
  /** About the server. */
  answers: readonly ThreatAnswer[];
  /** What its messages do at the device that acts on them. */
  hazards: ThreatSubject['hazards'];
}

/** A threat with where it stands. */
export interface WeighedThreat {
  threat: Threat;
  standing: ThreatStanding;
  /** Nothing shows that the device has what the threat needs, and nothing shows that it has not. */
  isOnlyPossible: boolean;
  /** Why, in sentences. */
  because: string[];
  /** Severity of the harm to a patient; null where it harms none, or where it is unknown what the device is. */
  severity: HarmSeverity | null;
  /** What then is the case at the device, and what that does to a patient. */
  harm: string | null;
  grounds: ThreatGround[];
  answers: ThreatAnswer[];
}

/** Threats that a device cannot meet, with what shows it. */
export interface RuledOut {
  threat: Threat;
  because: string;
}
