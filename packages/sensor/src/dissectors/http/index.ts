import type { StreamDissector } from '../../dissector.ts';
import { beginnings, recogniseHttp } from './recognise.ts';
import { HttpSession } from './session.ts';
import { httpSpeaker } from './speaker.ts';

/**
 * HTTP/1.0 and 1.1 in clear: software of both sides, names, logins, interfaces with patient data that answer without
 * any, and firmware. Paths, queries and bodies are looked at here and never reported.
 */
export const http: StreamDissector = {
  name: 'http',
  cost: 30,
  firstBytes: { client: beginnings, server: beginnings },
  recognise: recogniseHttp,
  open: (report) => new HttpSession(report),
  speaker: httpSpeaker,
};
