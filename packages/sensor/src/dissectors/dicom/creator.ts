import type { Facts } from '@wardline/model';
import { QUERY_RETRIEVE } from './elements.ts';
import { MAX_EQUIPMENT } from './limits.ts';

type Equipment = Omit<Facts['dicom.equipment'], 'sentByCreator'>;

/** What is visible of an object's way to where it was sent from. */
export interface Provenance {
  /** Sent by the side that asked for the association; null where the association wasn't seen. */
  byRequestor: boolean | null;
  /** The command names the AE whose C-MOVE caused it. */
  forMove: boolean;
  /** The object says that an archive keeps it or has changed it. */
  keptElsewhere: boolean;
}

/**
 * Tells whether the sender of objects is the equipment that they name. It is taken to be so when it asked for the
 * association and only stores; it is not when
 * - the object answers a C-MOVE or C-GET, so that an archive passes it on;
 * - the association also proposes query or retrieve, which a modality does in an association of its own, if at all;
 * - the object names an archive that keeps it, or attributes that somebody changed;
 * - the association has carried another equipment's object before, unless its station name is the sender's AE title.
 * An archive that forwards single objects without any of these marks cannot be told apart here; several stations
 * behind one address then contradict each other, which identification sees.
 */
export class CreatorRule {
  readonly #senderAe: string;
  readonly #onlyStores: boolean;
  readonly #seen = new Set<string>();

  constructor(senderAe: string, abstractSyntaxes: readonly string[]) {
    this.#senderAe = comparable(senderAe);
    this.#onlyStores = !abstractSyntaxes.some((name) => name.startsWith(QUERY_RETRIEVE));
  }

  judge(equipment: Equipment, way: Provenance): boolean {
    const first = this.#isFirst(equipment);
    const sentOnItsOwn = way.byRequestor === true && !way.forMove && !way.keptElsewhere;
    return sentOnItsOwn && this.#onlyStores && (first || this.#isSender(equipment.stationName));
  }

  #isFirst({ manufacturer, model, serial, stationName }: Equipment): boolean {
    const key = JSON.stringify([manufacturer, model, serial, stationName]);
    if (this.#seen.size < MAX_EQUIPMENT) this.#seen.add(key);
    return this.#seen.size === 1 && this.#seen.has(key);
  }

  #isSender(stationName: string | undefined): boolean {
    const station = comparable(stationName ?? '');
    return station.length >= 3 && station === this.#senderAe;
  }
}

function comparable(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
