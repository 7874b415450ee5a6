import type { Facts, Sighting } from '@wardline/model';

/** Tells whether facts that name a machine are about the one that sent them. */
export interface NamedMachines {
  isAboutSubject(sighting: Sighting): boolean;
}

/**
 * True where somebody else named the subject by its hardware address: whoever speaks HL7 has an IP address, and of a
 * RADIUS station a switch speaks. It tells what the subject is, and not that it is there.
 */
export function isOnlyNamed({ kind, subject }: Pick<Sighting, 'kind' | 'subject'>): boolean {
  const named = kind === 'hl7.device' || kind === 'radius.station';
  return named && subject.mac !== null && subject.ip === null && subject.vlan === null;
}

/** Images and HL7 messages name machines; a sender that names several is none of them. */
export function machinesNamed(sightings: readonly Sighting[]): NamedMachines {
  const equipment = new Set<string>();
  const devices = new Set<string>();
  for (const sighting of sightings) {
    if (sighting.kind === 'dicom.equipment') {
      const f = sighting.facts as Facts['dicom.equipment'];
      if (f.sentByCreator) equipment.add(equipmentKey(f));
    }
    if (sighting.kind === 'hl7.device' && !isOnlyNamed(sighting))
      devices.add(deviceKey(sighting.facts as Facts['hl7.device']));
  }
  return {
    isAboutSubject: (sighting) => {
      if (sighting.kind === 'hl7.device') return isOnlyNamed(sighting) || devices.size === 1;
      if (sighting.kind !== 'dicom.equipment') return true;
      return equipment.size === 1 && (sighting.facts as Facts['dicom.equipment']).sentByCreator;
    },
  };
}

/** One machine may send objects with and without some of the fields; what is absent does not make it another. */
export function equipmentKey(f: Facts['dicom.equipment']): string {
  if (f.serial !== undefined && f.serial !== '') return `serial ${f.serial}`;
  return [f.manufacturer, f.model, f.stationName].map((part) => part ?? '').join('|');
}

export function deviceKey(f: Facts['hl7.device']): string {
  return f.serial ?? f.udi ?? f.universalId ?? f.identifier ?? [f.manufacturer, f.model].join('|');
}
