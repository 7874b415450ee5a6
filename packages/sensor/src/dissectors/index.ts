import type { DatagramDissector, FrameDissector, StreamDissector } from '../dissector.ts';

/** Every dissector, one folder each. The engine sorts them by cost. */
export const streamDissectors: readonly StreamDissector[] = [];
export const datagramDissectors: readonly DatagramDissector[] = [];
export const frameDissectors: readonly FrameDissector[] = [];
