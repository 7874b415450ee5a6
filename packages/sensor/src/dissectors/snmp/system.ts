import type { Facts } from '@wardline/model';
import { objectId, tags } from '../../bytes/ber.ts';
import { factText, present } from '../../text/wire-text.ts';
import { MAX_TEXT } from './limits.ts';
import type { Binding, SnmpVersion } from './message.ts';

type System = Facts['snmp.system'];
type Field = Exclude<keyof System, 'version'>;

const ENTITY = '1.3.6.1.2.1.47.1.1.1.1';

/**
 * Objects that say what the agent is: the system group (RFC 3418) without sysContact, which is a person; the entity
 * table's first row (RFC 6933), which is the chassis wherever there is one, since the rows of modules and power
 * supplies say nothing of the device; the printer's serial number (RFC 3805).
 */
const objects: Readonly<Record<string, Field>> = {
  '1.3.6.1.2.1.1.1.0': 'sysDescr',
  '1.3.6.1.2.1.1.2.0': 'sysObjectId',
  '1.3.6.1.2.1.1.5.0': 'sysName',
  '1.3.6.1.2.1.1.6.0': 'sysLocation',
  [`${ENTITY}.10.1`]: 'entitySoftware',
  [`${ENTITY}.11.1`]: 'entitySerial',
  [`${ENTITY}.12.1`]: 'entityManufacturer',
  [`${ENTITY}.13.1`]: 'entityModel',
  '1.3.6.1.2.1.43.5.1.1.17.1': 'entitySerial',
};

/** Facts of an answer; null where it holds none of the objects. */
export function systemFacts(version: SnmpVersion, bindings: readonly Binding[]): System | null {
  const facts: Partial<Record<Field, string | undefined>> = {};
  for (const binding of bindings) {
    const field = Object.hasOwn(objects, binding.name) ? objects[binding.name] : undefined;
    if (field !== undefined) facts[field] = textOf(binding);
  }
  const said = present(facts as Omit<System, 'version'>);
  return Object.keys(said).length === 0 ? null : { version, ...said };
}

function textOf({ tag, value }: Binding): string | undefined {
  if (tag === tags.octetString) return factText(value, MAX_TEXT);
  return tag === tags.objectId ? (objectId(value) ?? undefined) : undefined;
}
