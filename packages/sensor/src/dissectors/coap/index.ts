import type { DatagramDissector, Reporter, Side, Surroundings } from '../../dissector.ts';
import { type CoapMessage, readCoap } from './message.ts';
import { resourceTypes } from './resources.ts';

const PORT = 5683;
const LINK_FORMAT = 40;
const METHODS = ['', 'GET', 'POST', 'PUT', 'DELETE', 'FETCH', 'PATCH', 'iPATCH'];
/** Answers that something was created, deleted or changed (RFC 7252 §5.9.1). */
const CHANGED: Readonly<Record<number, string>> = { 1: 'create', 2: 'delete', 4: 'change' };

/** CoAP in clear (RFC 7252): which methods are used, what is observed, and which kinds of resources a device offers. */
export const coap: DatagramDissector = {
  name: 'coap',
  cost: 60,
  // Version 1 in the two upper bits, a token of at most eight bytes.
  firstBytes: [0x40, 0x50, 0x60, 0x70].flatMap((first) =>
    Array.from({ length: 9 }, (_, token) => first + token),
  ),
  recognise(payload, _from, around) {
    const message = readCoap(payload);
    return message !== null && (atHome(around) || isTelling(message));
  },
  serverSide(payload) {
    const message = readCoap(payload);
    if (message === null || (message.codeClass === 0 && message.codeDetail === 0)) return null;
    return message.codeClass === 0 ? 'receiver' : 'sender';
  },
  onDatagram(payload, from, report) {
    const message = readCoap(payload);
    if (message === null) return;
    report.protection('clear');
    state(message, from, report);
  },
};

function atHome({ clientPort, serverPort }: Surroundings): boolean {
  return clientPort === PORT || serverPort === PORT;
}

/** Away from its port only what names a well-known path or lists resources: the header alone has too few fixed bits. */
function isTelling({ codeClass, path, contentFormat, payload }: CoapMessage): boolean {
  if (codeClass === 0) return path === '/.well-known/core' || path.startsWith('/oic/');
  return contentFormat === LINK_FORMAT && payload[0] === 0x3c;
}

function state(message: CoapMessage, from: Side, report: Reporter): void {
  const { codeClass, codeDetail, observe } = message;
  if (codeClass === 0) {
    const method = METHODS[codeDetail];
    if (method) report.sight('coap.use', from, { role: 'client', method, observe });
    return;
  }
  const answer = `${codeClass}.${String(codeDetail).padStart(2, '0')}`;
  report.sight('coap.use', from, { role: 'server', method: answer, observe });
  // Object security (RFC 8613) hides the inner code behind 2.04 too, and says so with an option of its own.
  const operation = codeClass === 2 ? CHANGED[codeDetail] : undefined;
  if (operation !== undefined && !message.protected) {
    report.sight('service.unauthenticated', from, { protocol: 'coap', operation });
  }
  const types = message.contentFormat === LINK_FORMAT ? resourceTypes(message.payload) : [];
  if (types.length > 0) report.sight('coap.resources', from, { types });
}
