const PLACEHOLDERS = new Set(
  'none unknown n/a na null default system serial serialnumber undefined test tobefilledbyo.e.m. notspecified notavailable xxxx 1234 12345 123456 1234567 12345678 123456789 0123456789 987654321'.split(
    ' ',
  ),
);

/** True where a serial number can tell devices apart: no placeholder, not one character over and over. */
export function usableSerial(serial: string): boolean {
  const plain = serial.toLowerCase().replace(/[\s_-]/g, '');
  if (plain.length < 4 || PLACEHOLDERS.has(plain)) return false;
  return new Set(plain).size > 1;
}

/** Serial numbers are compared without case, blanks and leading zeros. */
export function plainSerial(serial: string): string {
  return serial
    .toLowerCase()
    .replace(/[\s_-]/g, '')
    .replace(/^0+(?=.)/, '');
}
