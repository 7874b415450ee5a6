import type { AlertParty } from '@wardline/model';
import { type NumberedAlert, severityNumbers } from './numbered.ts';

/** A state of an alert as one line of the Common Event Format, version 0; without a line's end. */
export function cefLineOf(numbered: NumberedAlert, version: string): string {
  const { alert } = numbered;
  const head = ['CEF:0', 'Wardline', 'Wardline', version, alert.detection, alert.title].map(inHead);
  const severity = severityNumbers[alert.severity].cef;
  const extension = Object.entries(fieldsOf(numbered))
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${inExtension(String(value))}`);
  return [...head, severity, extension.join(' ')].join('|');
}

function fieldsOf({
  number,
  site,
  at,
  alert,
}: NumberedAlert): Record<string, string | number | null | undefined> {
  const millis = (micros: number) => Math.floor(micros / 1000);
  return {
    externalId: number,
    rt: millis(at),
    start: millis(alert.firstSeen),
    end: millis(alert.lastSeen),
    cnt: alert.count,
    msg: alert.summary,
    ...sideOf('s', alert.actor),
    ...sideOf('d', alert.targets[0] ?? null),
    dpt: alert.service?.port,
    proto: alert.service?.transport,
    app: alert.service?.application,
    ...labelled('cs1', 'alert', alert.id),
    ...labelled('cs2', 'meaning', alert.meaning),
    ...labelled('cs3', 'advice', alert.advice),
    ...labelled('cs4', 'harms', alert.harms.join(',')),
    ...labelled('cs5', 'technique', alert.technique),
    ...labelled('cs6', 'confidence', alert.confidence),
    ...labelled('cn1', 'targets', alert.targetCount),
    ...labelled('cn2', 'site', site),
  };
}

const sideOf = (side: 's' | 'd', party: AlertParty | null) => {
  if (party === null) return {};
  const isV4 = party.ip?.includes('.') === true;
  return {
    [side === 's' ? 'src' : 'dst']: isV4 ? party.ip : null,
    [side === 's' ? 'c6a2' : 'c6a3']: isV4 ? null : party.ip,
    ...(isV4 || party.ip === null
      ? {}
      : {
          [side === 's' ? 'c6a2Label' : 'c6a3Label']:
            side === 's' ? 'Source IPv6 Address' : 'Destination IPv6 Address',
        }),
    [`${side}mac`]: party.mac,
    [`${side}host`]: party.name,
  };
};

const labelled = (field: string, label: string, value: string | number | null) =>
  value === null || value === '' ? {} : { [`${field}Label`]: label, [field]: value };

/** Of the head: backslash and pipe are escaped, and no line ends in it. */
const inHead = (text: string): string => text.replaceAll(/[\\|]/g, '\\$&').replaceAll(/[\r\n]+/g, ' ');
/** Of the extension: backslash, equals sign and ends of lines are escaped. */
const inExtension = (text: string): string =>
  text.replaceAll(/[\\=]/g, '\\$&').replaceAll(/\r\n|\r|\n/g, '\\n');
