import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const checklistSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  items: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        question: z.string().max(300),
        /** Where to look, and how to try it. */
        look: z.string().max(300),
        /** What happens where the answer is no. */
        why: z.string().max(300),
      }),
    )
    .min(1)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'an id stands twice'),
});
export type Checklist = z.infer<typeof checklistSchema>;

/** Questions on NFC and RFID, which no capture answers. */
export function loadNfcChecklist(): Checklist {
  const file = fileURLToPath(new URL('../data/checklists/nfc.json', import.meta.url));
  return checklistSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}
