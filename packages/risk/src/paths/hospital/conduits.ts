import type { Conduit, Contact, Place, Remedy } from '../landscape.ts';
import {
  type HospitalAsset,
  type HospitalConversation,
  OUTSIDE_CLASS,
  placeName,
  placeOf,
  plural,
} from './words.ts';

export interface Network {
  places: Place[];
  placesOf: ReadonlyMap<string, readonly string[]>;
  conduits: Conduit[];
  contacts: Contact[];
  remedies: Remedy[];
}

/** Traffic from one place to another. */
interface Passage {
  from: string;
  to: string;
  /** Per service, one conversation of it. */
  services: Map<string, HospitalConversation>;
  conversations: number;
}

/** Effort of keeping devices of one segment apart: more than a rule between two. */
const APART = 3;

/** Places are VLANs; what passes between them is what was seen, and what nothing excludes. */
export function networkOf(
  assets: ReadonlyMap<string, HospitalAsset>,
  conversations: readonly HospitalConversation[],
): Network {
  const placesOf = new Map([...assets.values()].map((asset) => [asset.id, ownPlaces(asset)]));
  const names = new Map([...assets.values()].flatMap(placeNames));
  const within = conversations.filter(
    ({ client, server }) => inside(assets.get(client)) && inside(assets.get(server)),
  );
  const passages = passagesOf(within, placesOf);
  const counts = countsOf(placesOf, within);
  const tell = new Teller(assets, names);
  return {
    places: [...names].map(([id, name]) => ({ id, name })),
    placesOf,
    conduits: [
      ...[...names.keys()].map(tell.segment),
      ...passages.flatMap(tell.passage),
      ...tell.ways(passages),
    ],
    contacts: within.map(tell.contact),
    remedies: [...[...names].map(([id, name]) => apart(id, name, counts)), ...tell.walls(passages)],
  };
}

const inside = (asset: HospitalAsset | undefined): boolean =>
  asset !== undefined && asset.class !== OUTSIDE_CLASS;

const ownPlaces = (asset: HospitalAsset): readonly string[] =>
  asset.class === OUTSIDE_CLASS
    ? []
    : asset.vlans.length === 0
      ? [placeOf(null)]
      : [...new Set(asset.vlans.map(placeOf))];

const placeNames = (asset: HospitalAsset): [string, string][] =>
  asset.class === OUTSIDE_CLASS
    ? []
    : (asset.vlans.length === 0 ? [null] : asset.vlans).map((vlan) => [placeOf(vlan), placeName(vlan)]);

function passagesOf(
  conversations: readonly HospitalConversation[],
  placesOf: ReadonlyMap<string, readonly string[]>,
): Passage[] {
  const passages = new Map<string, Passage>();
  for (const conversation of conversations) {
    const [clients, servers] = [placesOf.get(conversation.client)!, placesOf.get(conversation.server)!];
    if (clients.some((place) => servers.includes(place))) continue;
    const [from, to] = [clients[0]!, servers[0]!];
    const known = passages.get(`${from}>${to}`) ?? { from, to, services: new Map(), conversations: 0 };
    if (!known.services.has(conversation.service)) known.services.set(conversation.service, conversation);
    known.conversations += 1;
    passages.set(`${from}>${to}`, known);
  }
  return [...passages.values()];
}

const wallId = (from: string, to: string): string => `conduit|${from}>${to}`;
const apartId = (place: string): string => `conduit|${place}`;

interface Counts {
  /** Per place. */
  devices: ReadonlyMap<string, number>;
  /** Per place, conversations that stay within it. */
  conversations: ReadonlyMap<string, number>;
}

function countsOf(
  placesOf: ReadonlyMap<string, readonly string[]>,
  conversations: readonly HospitalConversation[],
): Counts {
  const devices = new Map<string, number>();
  const kept = new Map<string, number>();
  const count = (counts: Map<string, number>, place: string) =>
    counts.set(place, (counts.get(place) ?? 0) + 1);
  for (const places of placesOf.values()) for (const place of places) count(devices, place);
  for (const { client, server } of conversations) {
    const there = placesOf.get(server)!;
    for (const place of placesOf.get(client)!) if (there.includes(place)) count(kept, place);
  }
  return { devices, conversations: kept };
}

function apart(id: string, name: string, counts: Counts): Remedy {
  const kept = counts.conversations.get(id) ?? 0;
  const devices = counts.devices.get(id) ?? 0;
  const but =
    kept === 0
      ? ''
      : `, but for the ${plural(kept, 'conversation')} that ${kept === 1 ? 'was' : 'were'} seen`;
  return {
    id: apartId(id),
    kind: 'conduit',
    text: `Keep the ${plural(devices, 'device')} of ${name} apart from each other${but}.`,
    assets: devices,
    effort: APART,
  };
}

class Teller {
  readonly #assets: ReadonlyMap<string, HospitalAsset>;
  readonly #names: ReadonlyMap<string, string>;

  constructor(assets: ReadonlyMap<string, HospitalAsset>, names: ReadonlyMap<string, string>) {
    this.#assets = assets;
    this.#names = names;
  }

  segment = (place: string): Conduit => ({
    from: place,
    to: place,
    service: null,
    ground: 'same-segment',
    because: `Nothing is known to stand between the devices of ${this.#names.get(place)}.`,
    remedy: apartId(place),
  });

  passage = ({ from, to, services }: Passage): Conduit[] =>
    [...services.values()].map((conversation) => ({
      from,
      to,
      service: conversation.service,
      ground: 'observed',
      because: `${this.#upper(from)} reaches ${this.#names.get(to)} at ${this.#serviceOf(conversation)}: ${this.#used(conversation)}.`,
      remedy: wallId(from, to),
    }));

  /** Where packets pass one way for one service, nothing shows that they do not for others, or the other way. */
  ways(passages: readonly Passage[]): Conduit[] {
    const pairs = new Map(
      passages.flatMap(
        ({ from, to }) =>
          [
            [`${from}>${to}`, [from, to]],
            [`${to}>${from}`, [to, from]],
          ] as [string, [string, string]][],
      ),
    );
    return [...pairs.values()].map(([from, to]) => ({
      from,
      to,
      service: null,
      ground: 'not-excluded',
      because: `${this.#upper(from)} and ${this.#names.get(to)} talk with each other, and nothing shows that more than what was seen is filtered.`,
      remedy: wallId(from, to),
    }));
  }

  walls(passages: readonly Passage[]): Remedy[] {
    const seen = new Map(passages.map((passage) => [wallId(passage.from, passage.to), passage]));
    const pairs = new Map(
      passages.flatMap(
        ({ from, to }) =>
          [
            [wallId(from, to), [from, to]],
            [wallId(to, from), [to, from]],
          ] as [string, [string, string]][],
      ),
    );
    return [...pairs].map(([id, [from, to]]) => {
      const passage = seen.get(id);
      const what =
        passage === undefined
          ? 'Let nothing but replies pass'
          : `Let only the ${plural(passage.conversations, 'conversation')} at ${plural(passage.services.size, 'service')} that ${passage.conversations === 1 ? 'was' : 'were'} seen pass`;
      return {
        id,
        kind: 'conduit',
        text: `${what} from ${this.#names.get(from)} to ${this.#names.get(to)}.`,
        assets: 0,
        effort: 1,
      };
    });
  }

  contact = (conversation: HospitalConversation): Contact => ({
    from: conversation.client,
    to: conversation.server,
    service: conversation.service,
    because: `${this.#assets.get(conversation.client)!.name} was seen to use ${this.#serviceOf(conversation)} of ${this.#assets.get(conversation.server)!.name}.`,
  });

  #used({ client, server }: HospitalConversation): string {
    return `${this.#assets.get(client)!.name} was seen to use it at ${this.#assets.get(server)!.name}`;
  }

  #serviceOf({ service, application }: HospitalConversation): string {
    return application === null ? service : `${service} (${application})`;
  }

  #upper(place: string): string {
    const name = this.#names.get(place)!;
    return name.charAt(0).toUpperCase() + name.slice(1);
  }
}
