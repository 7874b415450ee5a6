import type { FactKind, Facts, FactValue, Sighting } from '@wardline/model';
import { factText } from '../../text/wire-text.ts';
import type { PacketTree } from './packet-tree.ts';

/** A value that somebody is said to have: the subject's address, then the value. */
export interface Stated {
  about: string;
  value: string;
}

/** One fact beside the fields of tshark that say the same. */
export interface FieldComparison {
  protocol: string;
  fact: string;
  fields: string;
  /** tshark's display filter of the packets that hold it. */
  filter: string;
  theirs: (packet: PacketTree) => Stated[];
  ours: (sighting: Sighting) => Stated[];
}

export interface Plan<K extends FactKind> {
  protocol: string;
  filter: string;
  kind: K;
  name: keyof Facts[K] & string;
  /** tshark's fields, as the table names them. */
  fields: string;
  /** The values of one packet; by default every value of the field. */
  theirs?: (packet: PacketTree) => string[];
  /** Whom the packet's values are about; by default its source. */
  about?: (packet: PacketTree) => string;
  /** Sightings that are compared; by default all of the kind. */
  only?: (facts: Facts[K]) => boolean;
  ours?: (value: FactValue) => string[];
  /** Whom a sighting is about; by default its subject's IP address. */
  subject?: (sighting: Sighting) => string;
}

const LONGEST = 1024;

/** Compares one fact of a kind with one field, by the packet's sender, in the form that facts have. */
export function compare<K extends FactKind>(plan: Plan<K>): FieldComparison {
  const {
    protocol,
    filter,
    kind,
    name,
    fields,
    only = () => true,
    about = ({ source }) => source,
    subject = subjectOf,
  } = plan;
  const theirs = plan.theirs ?? ((packet) => packet.values(fields));
  const ours = plan.ours ?? ((value) => (Array.isArray(value) ? value : [String(value)]));
  return {
    protocol,
    fact: `${kind} ${name}`,
    fields,
    filter,
    theirs: (packet) => stated(about(packet), theirs(packet).map(unescaped)),
    ours: (sighting) => {
      const facts = sighting.facts as Facts[K];
      const value = sighting.kind === kind && only(facts) ? facts[name] : undefined;
      return value === undefined ? [] : stated(subject(sighting), ours(value as FactValue));
    },
  };
}

export function subjectOf({ subject }: Sighting): string {
  return subject.ip ?? subject.mac ?? '';
}

export function stated(about: string, values: readonly string[]): Stated[] {
  return values
    .map((value) => factText(value, LONGEST) ?? '')
    .filter((value) => value !== '')
    .map((value) => ({ about, value }));
}

/** tshark writes control characters as backslash and letter. */
function unescaped(value: string): string {
  return value.replace(/\\[rnt]/g, ' ');
}
