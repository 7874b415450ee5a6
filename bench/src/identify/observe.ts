import { createReadStream } from 'node:fs';
import { identify } from '@wardline/identify';
import type { Knowledge } from '@wardline/knowledge';
import {
  type Asset,
  addConversations,
  type Conversation,
  conversationKey,
  type Sighting,
} from '@wardline/model';
import { Redactor, sense } from '@wardline/sensor';

/** Sightings are redacted under a key; which one does not matter here. */
const KEY = new Uint8Array(32).fill(7);

/** The assets that identification makes of one capture, and the time of its newest packet. */
export async function observe(
  file: string,
  knowledge: Knowledge,
): Promise<{ assets: Asset[]; newest: number }> {
  const redactor = new Redactor(KEY, knowledge.defaultCredentials);
  const sightings: Sighting[] = [];
  const conversations = new Map<string, Conversation>();
  for await (const batch of sense(createReadStream(file), {
    file,
    sensor: 'bench',
    stream: file,
    redactor,
  })) {
    sightings.push(...batch.sightings);
    for (const later of batch.conversations) {
      const key = `${conversationKey(later)}@${later.slice}`;
      const earlier = conversations.get(key);
      conversations.set(key, earlier === undefined ? later : addConversations(earlier, later));
    }
  }
  const { assets } = identify(
    { sightings, conversations: [...conversations.values()], decisions: [] },
    knowledge,
  );
  return { assets, newest: Math.max(0, ...assets.map((asset) => asset.lastSeen)) };
}
