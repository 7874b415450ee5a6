import { eventNames } from '@wardline/model';
import { z } from 'zod';
import { MESSAGE_BYTES } from './limits.ts';

const messageSchema = z.union([
  /** Lists that have changed, for consoles at other servers. */
  z.object({ from: z.string(), changed: z.array(z.enum(eventNames)).max(eventNames.length) }),
  /** An actor who may not listen any more. */
  z.object({ from: z.string(), leave: z.string().max(200) }),
]);
/** What one server tells the others. It names and never contains: whoever can listen at the database learns nothing from it. */
export type Message = z.infer<typeof messageSchema>;

/** Null for what another version says in another form, and for what is none of ours. */
export function messageOf(payload: string): Message | null {
  if (payload.length > MESSAGE_BYTES) return null;
  try {
    return messageSchema.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}
