import type { Contact, Foothold, Remedy } from '../landscape.ts';
import { type HospitalAsset, type HospitalConversation, OUTSIDE_CLASS } from './words.ts';

const WORKED_AT: ReadonlySet<string> = new Set(['workstation', 'thin-client', 'imaging-workstation']);
const BROUGHT: ReadonlySet<string> = new Set(['mobile', 'media-device', 'iot-consumer', 'camera']);

export const INTERNET = 'internet';

export interface Footholds {
  footholds: Foothold[];
  /** What was reached from outside. */
  contacts: Contact[];
  remedies: Remedy[];
}

/**
 * Where an attacker is assumed to stand: at the internet, at what people work at, at what is brought along or hangs on a
 * wall, and at the far end of a connection that a device of care keeps with somebody outside.
 */
export function footholdsOf(
  assets: ReadonlyMap<string, HospitalAsset>,
  conversations: readonly HospitalConversation[],
): Footholds {
  const across = conversations.filter(({ client, server }) => assets.has(client) && assets.has(server));
  const outside = (id: string): boolean => assets.get(id)!.class === OUTSIDE_CLASS;
  const inward = across.filter(({ client, server }) => outside(client) && !outside(server));
  const outward = across.filter(({ client, server }) => !outside(client) && outside(server));
  const supplied = suppliers(assets, outward);
  return {
    footholds: [
      ...[...assets.values()].flatMap(usual),
      ...internet(inward),
      ...supplied.map(({ foothold }) => foothold),
    ],
    contacts: inward.map(({ client, server, service }) => ({
      from: INTERNET,
      to: server,
      service,
      because: `${assets.get(client)!.name}, outside the hospital, was served at ${service}.`,
    })),
    remedies: supplied.map(({ remedy }) => remedy),
  };
}

function usual({ id, name, class: kind }: HospitalAsset): Foothold[] {
  if (WORKED_AT.has(kind ?? ''))
    return [
      {
        kind: 'workstation',
        asset: id,
        because: `People work at ${name}: a mail or a page can take it over.`,
        remedies: [],
      },
    ];
  if (BROUGHT.has(kind ?? ''))
    return [
      {
        kind: 'guest',
        asset: id,
        because: `${name} is in hands, or on a wall, that the hospital does not watch.`,
        remedies: [],
      },
    ];
  return [];
}

const internet = (inward: readonly HospitalConversation[]): Foothold[] =>
  inward.length === 0
    ? []
    : [{ kind: 'internet', asset: INTERNET, because: 'Somebody on the internet knocks.', remedies: [] }];

function suppliers(
  assets: ReadonlyMap<string, HospitalAsset>,
  outward: readonly HospitalConversation[],
): { foothold: Foothold; remedy: Remedy }[] {
  const served = outward.filter(({ client }) => assets.get(client)!.clinical);
  return [...Map.groupBy(served, ({ client }) => client)].map(([client, group]) => {
    const { name } = assets.get(client)!;
    const peers = [...new Set(group.map(({ server }) => assets.get(server)!.name))];
    const whom = peers.length === 1 ? peers[0]! : `${peers[0]} and ${peers.length - 1} more`;
    const remedy: Remedy = {
      id: `access|${client}`,
      kind: 'access',
      text: `Lead what ${name} has with ${whom} through a gateway that is open only while support works.`,
      assets: 1,
      effort: 2,
    };
    const because = `${name} keeps a connection with ${whom}, outside the hospital: who holds that side may reach it.`;
    return { foothold: { kind: 'supplier', asset: client, because, remedies: [remedy.id] }, remedy };
  });
}
