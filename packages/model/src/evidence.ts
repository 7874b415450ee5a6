import { z } from 'zod';

/** Where on the wire something was seen: the capture's name and the packet's number in it, counted from 1. */
export const evidenceSchema = z.object({
  capture: z.string().max(512),
  packet: z.int().min(1),
});
export type Evidence = z.infer<typeof evidenceSchema>;
