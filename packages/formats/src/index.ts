/** Foreign formats as typed values, and back. */
export { writeCsv } from './csv-write.ts';
export { guessMapping } from './register/headings.ts';
export { type ParsedRegister, parseRegister } from './register/read.ts';
export { writeRegister } from './register/write.ts';
export { decodeText } from './text-encoding.ts';
