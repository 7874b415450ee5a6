/** Foreign formats as typed values, and back. */
export { writeCsv } from './csv-write.ts';
export { guessMapping } from './register/headings.ts';
export { type ParsedRegister, parseRegister } from './register/read.ts';
export { writeRegister } from './register/write.ts';
export { type OpenedSource, openSensorLog } from './sensor-logs/open.ts';
export {
  readSensorLog,
  type SensorLogFormat,
  type SensorLogOptions,
  type SensorLogSummary,
  sniffSensorLog,
} from './sensor-logs/read.ts';
export { decodeText } from './text-encoding.ts';
