import type { DatagramDissector, FrameDissector, StreamDissector } from '../dissector.ts';
import { dicom } from './dicom/index.ts';
import { ftp } from './ftp/index.ts';
import { mqtt } from './mqtt/index.ts';
import { ssh } from './ssh/index.ts';

/** Every dissector, one folder each. The engine sorts them by cost. */
export const streamDissectors: readonly StreamDissector[] = [dicom, ftp, mqtt, ssh];
export const datagramDissectors: readonly DatagramDissector[] = [];
export const frameDissectors: readonly FrameDissector[] = [];
