import type { Device } from '../ward/device.ts';
import { type Patient, physicians } from '../ward/secrets.ts';

const TIME = '20261123081500';

interface Header {
  from: string;
  to: string;
  type: string;
  version: string;
  control: string;
}

function header({ from, to, type, version, control }: Header): string {
  return `MSH|^~\\&|${from}|SAMPLEHOSP|${to}|SAMPLEHOSP|${TIME}||${type}|${control}|P|${version}`;
}

function pid(p: Patient): string {
  return `PID|1||${p.id}^^^SAMPLEHOSP^MR||${p.family}^${p.given}||${p.born}|${p.sex}|||${p.street}^^Sampleton`;
}

/** The 64-bit form of a 48-bit hardware address (IEEE: FFFE in the middle), as PCD-01 carries it. */
export function eui64(mac: string): string {
  const hex = mac.replaceAll(':', '').toUpperCase();
  return `${hex.slice(0, 6)}FFFE${hex.slice(6)}`;
}

export function admission(p: Patient, control: string): string {
  const head = header({ from: 'EHR', to: 'ENGINE', type: 'ADT^A01^ADT_A01', version: '2.5.1', control });
  const visit = `PV1|1|I|ICU2^02^1||||0007^${physicians[0]}`;
  return [head, `EVN|A01|${TIME}`, pid(p), visit, ''].join('\n');
}

export function order(p: Patient, control: string): string {
  const head = header({ from: 'EHR', to: 'LIS', type: 'OML^O21^OML_O21', version: '2.5.1', control });
  const observation = 'OBR|1|ORD77|LAB77|58410-2^CBC panel^LN';
  return [head, pid(p), `ORC|NW|ORD77||||||||||0007^${physicians[1]}`, observation, ''].join('\n');
}

/** A result as the analyser sends it; OBX-18 names the instrument. */
export function labResult(analyser: Device, p: Patient, control: string): string {
  const head = header({ from: 'HA-1000', to: 'LIS', type: 'ORU^R01^ORU_R01', version: '2.5.1', control });
  const instrument = `${analyser.serial}^${analyser.vendor}`;
  const value = (n: number, code: string, result: string) =>
    `OBX|${n}|NM|${code}^LN||${result}|g/dL|||||F|||||||${instrument}`;
  const results = [value(1, '718-7^Hemoglobin', '13.2'), value(2, '4544-3^Hematocrit', '39.8')];
  return [head, pid(p), 'OBR|1|ORD77|LAB77|58410-2^CBC panel^LN', ...results, ''].join('\n');
}

/** What one bedside device tells: IHE PCD-01 (device enterprise communication) for one patient. */
export interface Bedside {
  device: Device;
  /** ISO/IEEE 11073-10101 code and name of the kind of device. */
  mds: string;
  /** Code, name, value, unit. */
  readings: [string, string, string, string][];
}

export const monitorReadings: Bedside['readings'] = [
  ['147842^MDC_ECG_HEART_RATE^MDC', '1.7.4.147842', '72', '264864^MDC_DIM_BEAT_PER_MIN^MDC'],
  ['150456^MDC_PULS_OXIM_SAT_O2^MDC', '1.3.1.150456', '97', '262688^MDC_DIM_PERCENT^MDC'],
];
export const pumpReadings: Bedside['readings'] = [
  ['157784^MDC_FLOW_FLUID_PUMP^MDC', '1.1.2.157784', '12.5', '265266^MDC_DIM_MILLI_L_PER_HR^MDC'],
  ['157872^MDC_VOL_FLUID_TBI_REMAIN^MDC', '1.1.2.157872', '180', '263762^MDC_DIM_MILLI_L^MDC'],
];
export const MONITOR_MDS = '69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC';
export const PUMP_MDS = '69985^MDC_DEV_PUMP_INFUS_MDS^MDC';

export function deviceObservation(from: string, b: Bedside, p: Patient, control: string): string {
  const type = 'ORU^R01^ORU_R01';
  const head = `${header({ from, to: 'ENGINE', type, version: '2.6', control })}|||NE|AL|||||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO`;
  const { device } = b;
  const instance = `${device.serial}^${device.vendor}^${eui64(device.mac)}^EUI-64`;
  const product = `${device.model}^${device.vendor}`;
  const channel = `OBX|1||${b.mds}|1.0.0.0|||||||X|||||||${instance}`;
  const values = b.readings.map(
    ([code, id, value, unit], n) =>
      `OBX|${n + 2}|NM|${code}|${id}|${value}|${unit}|||||R|||${TIME}||||${instance}`,
  );
  // PRT-10 names the instance, PRT-16 to 22 its product (HL7 v2.8 §7.4.4).
  const participation = `PRT|1|AD||EQUIP^Equipment^HL70912||||||${device.serial}^${device.vendor}^${eui64(device.mac)}^EUI-64`;
  const request = `OBR|1|${control}^${from}|${control}^${from}|${b.mds}|||${TIME}`;
  return [
    head,
    pid(p),
    `PV1||I|ICU2^${product.length % 9}^1`,
    request,
    channel,
    ...values,
    participation,
    '',
  ].join('\n');
}
